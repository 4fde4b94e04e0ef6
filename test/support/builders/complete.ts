import type { Complete } from '../../../src/exchange/complete.ts';

/** What only the reader of pages makes of an exchange's answers. */
export function completeOf<T>(value: readonly T[], at = 0): Complete<T> {
  return { value, at } as unknown as Complete<T>;
}
