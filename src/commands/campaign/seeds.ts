import { InvalidArgumentError } from 'commander';
import { shown } from '../../config/layers.ts';

const MOST_SEEDS = 10_000;

const RANGE = /^(\d{1,9})\.\.(\d{1,9})$/;

/** Parser for commander: `40` are the seeds 1 to 40, `41..60` those; a list such as `7,8,abc` are just these. */
export function parseSeeds(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.length === 1 && /^\d+$/.test(text)) {
    const count = Number(text);
    if (count >= 1 && count <= MOST_SEEDS) return Array.from({ length: count }, (_, i) => String(i + 1));
    throw new InvalidArgumentError(`Expected a number of seeds from 1 to ${MOST_SEEDS}, or a list of seeds, was ${shown(text)}.`);
  }
  const [, from, to] = RANGE.exec(text) ?? [];
  if (from !== undefined) return seedsBetween(Number(from), Number(to), text);
  if (words.length === 1)
    throw new InvalidArgumentError(`Expected a number of seeds, a range like 41..60, or a list like 7,8,9, was ${shown(text)}.`);
  const seeds = words.filter((word) => word !== '');
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined) throw new InvalidArgumentError(`${shown(twice)} is given twice: a seed has one market.`);
  if (seeds.length > 0) return seeds;
  throw new InvalidArgumentError(`Expected a number of seeds, or a list like 7,8,9, was ${shown(text)}.`);
}

function seedsBetween(from: number, to: number, text: string): readonly string[] {
  if (to >= from && to - from < MOST_SEEDS) return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
  throw new InvalidArgumentError(`Expected a range of at most ${MOST_SEEDS} seeds like 41..60, was ${shown(text)}.`);
}

/** Seeds that differ from all of `used`. */
export function unseenSeeds(count: number, used: readonly string[]): readonly string[] {
  const seen = new Set(used);
  const seeds: string[] = [];
  for (let i = 1; seeds.length < count; i += 1) if (!seen.has(`confirm-${i}`)) seeds.push(`confirm-${i}`);
  return seeds;
}
