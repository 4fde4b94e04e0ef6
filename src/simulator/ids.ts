import { at } from '../util/array.ts';
import { randomInt, type Random } from '../util/random.ts';

/** The last three hex digits of an id; the other digits change only every 4096 ids. */
const LOW_DIGITS: readonly string[] = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'));

/** Ids in the form of UUIDs, never repeated: a part drawn from the seed, and a counter. */
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

/** Ids in the form of 19-digit decimal numbers, ascending: a part drawn from the seed, and a counter. */
export function numberSequence(random: Random): () => string {
  const prefix = String(100_000_000 + randomInt(random, 800_000_000));
  let count = 0;
  return () => {
    count += 1;
    return prefix + String(count).padStart(10, '0');
  };
}
