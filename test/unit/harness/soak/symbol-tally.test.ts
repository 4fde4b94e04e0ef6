import { expect, test } from 'vitest';
import { SymbolTally } from '../../../../src/harness/soak/symbol-tally.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { lots, tickLots } from '../../../../src/model/units.ts';
import { BTC } from '../../../support/builders/builders.ts';

test('a position that was held before the first price has earned nothing yet', () => {
  const tally = new SymbolTally(BTC, 5000, { ...FLAT, quantity: lots(7), cost: tickLots(7 * 650_000) });
  expect([tally.grossUsd, tally.netUsd]).toEqual([0, 0]);
});
