import { expect, test } from 'vitest';
import { drawdownOf, historyOf, type Step } from '../../../../src/reports/trades/trade-history.ts';

const step = (at: number, netUsd: number, terms: Partial<Step> = {}): Step => ({
  at,
  symbol: 'BTCUSDT',
  netUsd,
  costUsd: 0,
  position: 0,
  price: undefined,
  side: undefined,
  ...terms,
});

test('a history adds up net, and gross before costs; executions are dots of their side', () => {
  const columns = historyOf(
    [
      step(5000, -1, { costUsd: 0.25, position: 1, price: 100, side: 'buy' }),
      step(9000, 3, { costUsd: 0.25, position: 0, price: 104, side: 'sell' }),
    ],
    4000,
  );
  expect(columns).toEqual({
    atMs: [1000, 1500, 5000, 5500],
    netUsd: [-1, -1, 2, 2],
    grossUsd: [-0.75, -0.75, 2.5, 2.5],
    costUsd: [0.25, 0.25, 0.5, 0.5],
    position: [1, 1, 0, 0],
    price: [100, 100, 104, 104],
    bought: [100, 100, null, null],
    sold: [null, null, 104, 104],
  });
});

test('an execution that is dated before the start counts from it', () => {
  expect(historyOf([step(900, 2)], 1000)).toMatchObject({ atMs: [0, 500], netUsd: [2, 2] });
});

test('the drawdown is the largest fall from an earlier high, also from zero', () => {
  expect(drawdownOf([])).toBe(0);
  expect(drawdownOf([step(1, -2), step(2, 5), step(3, -4), step(4, 1), step(5, -1)])).toBe(4);
  expect(drawdownOf([step(1, -2), step(2, -1)])).toBe(3);
});
