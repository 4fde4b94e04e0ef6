import { expect, test } from 'vitest';
import { SymbolTally } from '../../../../src/harness/soak/symbol-tally.ts';
import type { Explanation } from '../../../../src/execution/decide/decision.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { lots, tickLots } from '../../../../src/model/units.ts';
import { BTC } from '../../../support/builders/builders.ts';

const NOTHING = {
  plan: { places: [], amends: [], cancels: [] },
  denied: [],
  explanation: { riskRatio: undefined, quotes: [], omitted: {} } as unknown as Explanation,
};

test('a position that was held before the first price has earned nothing yet', () => {
  const tally = new SymbolTally(BTC, 5000, { ...FLAT, quantity: lots(7), cost: tickLots(7 * 650_000) });
  expect([tally.grossUsd, tally.netUsd]).toEqual([0, 0]);
});

test('what a position had gained before the run is no gain of the run', () => {
  const tally = new SymbolTally(BTC, 5000, { ...FLAT, quantity: lots(100), cost: tickLots(100 * 700_000) });
  const { plan, denied, explanation } = NOTHING;
  const turn = (mid: number) => ({ type: 'turn', symbol: 'BTCUSDT', bid: undefined, ask: undefined, mid, hold: undefined }) as const;
  tally.turn({ ...turn(650_000), plan, denied, explanation, orders: [] }, 0);
  expect(tally.grossUsd).toBe(0);
  tally.turn({ ...turn(651_000), plan, denied, explanation, orders: [] }, 1000);
  // 0.1 BTC and 100 USDT.
  expect([tally.grossUsd, tally.netUsd]).toEqual([10, 10]);
});
