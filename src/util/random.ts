import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** The only source of random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** An independent stream that depends only on this one's seed and `name`, so that a new consumer does not affect the others. */
  fork(name: string): Random;
}

/** The same seed always gives the same numbers. `seed`: any text. */
export function seededRandom(seed: string): Random {
  return new SeededRandom(seed);
}

/** A class, because the simulated market draws all the time: its methods are compiled into their callers. */
class SeededRandom implements Random {
  readonly #seed: string;
  readonly #generator: RandomGenerator;

  constructor(seed: string) {
    this.#seed = seed;
    this.#generator = xoroshiro128plus(hash32(seed));
  }

  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  fork(name: string): Random {
    return new SeededRandom(`${this.#seed}/${name}`);
  }
}

/** Unpredictable: for ids of live runs and retry jitter. */
export const systemRandom: Random = {
  uniform: () => Math.random(),
  fork: () => systemRandom,
};

/** Whole number in [0, bound). */
export function randomInt(random: Random, bound: number): number {
  return Math.floor(random.uniform() * bound);
}

/** Exponential with the given mean. */
export function randomExponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.uniform());
}

/** Standard normal (Box–Muller, one of the pair). */
export function randomNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
  return radius * Math.cos(2 * Math.PI * random.uniform());
}

/** `length` characters of 0-9a-z. */
export function randomId(random: Random, length: number): string {
  return Array.from({ length }, () => randomInt(random, 36).toString(36)).join('');
}

/** FNV-1a. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash | 0;
}
