import { expect, it } from 'vitest';
import { runAsShipped } from './as-shipped.ts';
import type { MarketRounds } from './market-rounds.ts';

it('the market model, times real time, with a client that does nothing', { timeout: 600_000 }, async () => {
  const results = (await runAsShipped('market-rounds.ts')) as MarketRounds[];
  for (const { symbols, timesRealTime, changesPerSecond } of results)
    console.log(`${symbols.join(', ')}: x ${timesRealTime.toFixed(0)} real time, ${(changesPerSecond / 1e6).toFixed(2)} M book changes/s`);
  expect(results).toHaveLength(2);
});
