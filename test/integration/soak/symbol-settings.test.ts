import { expect, test } from 'vitest';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

test('each symbol is traded with its own settings, and the oracle holds it to them', async () => {
  const settings = settingsOf(undefined, {
    'quoting.levels': 2,
    'ETHUSDT:quoting.levels': 1,
    'ETHUSDT:quoting.baseSpreadBps': 12,
    'ETHUSDT:quoting.orderSizeUsd': 100,
    'ETHUSDT:risk.maxPositionUsd': 5000,
    'ETHUSDT:risk.maxOrderUsd': 150,
  });
  const quotes = new Map(SYMBOLS.map((symbol) => [symbol, { sides: 0, quotes: 0, spreads: new Set<number>(), largestUsd: 0 }]));
  const run = await virtualSoak({
    settings,
    seed: 'symbols',
    symbols: SYMBOLS,
    durationMs: 60_000,
    onEvent: (event, ledger) => {
      if (event.type !== 'turn' || event.explanation.halfSpreadBps === undefined) return;
      const seen = quotes.get(event.symbol);
      if (seen === undefined) return;
      seen.spreads.add(2 * event.explanation.halfSpreadBps);
      seen.quotes = Math.max(seen.quotes, event.explanation.quotes.length);
      const own = ledger.openOrders().filter(({ symbol }) => symbol === event.symbol);
      seen.largestUsd = Math.max(seen.largestUsd, ...own.map(({ price, quantity }) => Number(price) * Number(quantity)));
    },
  });
  const [btc, eth] = SYMBOLS.map((symbol) => quotes.get(symbol));
  expect([btc?.quotes, eth?.quotes]).toEqual([4, 2]);
  expect([Math.min(...(btc?.spreads ?? [])), Math.min(...(eth?.spreads ?? []))]).toEqual([8, 12]);
  expect(btc?.largestUsd).toBeGreaterThan(180);
  expect(eth?.largestUsd).toBeLessThanOrEqual(101);
  expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
});

test('the oracle sees a symbol that breaks its own limit and not that of all', async () => {
  const settings = settingsOf(undefined, { 'quoting.levels': 2 });
  const promised = settingsOf(undefined, { 'quoting.levels': 2, 'ETHUSDT:quoting.levels': 1, 'ETHUSDT:quoting.maxInFlight': 1 });
  const { invariants } = await virtualSoak({ settings, promised, seed: 'symbols', symbols: SYMBOLS, durationMs: 10_000 });
  const broken = invariants.filter(({ holds }) => !holds);
  expect(broken.map(({ found }) => found).join()).toMatch(/orders of ETHUSDT at once/);
  expect(broken.map(({ found }) => found).join()).not.toContain('BTCUSDT at once');
});
