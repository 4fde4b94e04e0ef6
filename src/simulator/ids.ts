import { at } from '../util/array.ts';
import { randomInt, type Random } from '../util/random.ts';

/** The last three digits of an id: the rest of it changes only after every 4096. */
const LOW_DIGITS: readonly string[] = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'));

/** Ids in the shape of UUIDs, never the same twice: a part from the seed and a counter. */
export function uuidSequence(random: Random): () => string {
  const hex = (length: number): string => Array.from({ length }, () => randomInt(random, 16).toString(16)).join('');
  const prefix = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-`;
  let count = 0;
  let block = prefix + '0'.repeat(9);
  return () => {
    count += 1;
    const low = count % LOW_DIGITS.length;
    if (low === 0) block = prefix + (count / LOW_DIGITS.length).toString(16).padStart(9, '0');
    return block + at(LOW_DIGITS, low);
  };
}

/** Ids in the shape of long decimal numbers of 19 digits, ascending: a part from the seed and a counter. */
export function numberSequence(random: Random): () => string {
  const prefix = String(100_000_000 + randomInt(random, 800_000_000));
  let count = 0;
  return () => {
    count += 1;
    return prefix + String(count).padStart(10, '0');
  };
}
