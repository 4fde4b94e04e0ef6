import { randomInt, type Random } from '../util/random.ts';

/** Ids in the shape of UUIDs, never the same twice: a part from the seed and a counter. */
export function uuidSequence(random: Random): () => string {
  const hex = (length: number): string => Array.from({ length }, () => randomInt(random, 16).toString(16)).join('');
  const prefix = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-`;
  let count = 0;
  return () => {
    count += 1;
    return prefix + count.toString(16).padStart(12, '0');
  };
}
