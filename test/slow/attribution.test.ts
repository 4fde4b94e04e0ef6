import { expect, test } from 'vitest';
import { sumsOf } from '../support/bots/attribution.ts';

test.each(Array.from({ length: 20 }, (_, i) => `sums ${i}`))('parts of the PnL sum to the net of the ledger: seed %s', async (seed) => {
  const wrong = (await sumsOf(seed)).filter(({ sum, whole }) => Math.abs(sum - whole) > 1e-9);
  expect(wrong).toEqual([]);
});
