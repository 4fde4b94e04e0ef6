import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { createVenue } from '../../src/simulator/embedded-venue.ts';
import { at } from '../../src/util/array.ts';
import { defined } from '../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../src/util/clock.ts';
import { seededRandom } from '../../src/util/random.ts';

const HALF_HOUR_MS = 1_800_000;
const ROUNDS = 7;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

const median = (values: readonly number[]): number =>
  at(
    values.toSorted((a, b) => a - b),
    values.length >> 1,
  );

/** Runs half hours of the btc market in virtual time, with a client that does nothing. */
async function speedOf(symbols: readonly string[]): Promise<{ realTimes: number; eventsPerSecond: number }> {
  const clock = new VirtualClock(1_700_000_000_000);
  const venue = createVenue({ clock, random: seededRandom('bench'), symbols, market: 'btc', accounts: 1 });
  const markets = symbols.map((symbol) => defined(venue.market(symbol), symbol));
  const sequence = (): number => markets.reduce((sum, market) => sum + market.sequence, 0);
  const rounds: { seconds: number; events: number }[] = [];
  venue.start();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = sequence();
    const startedAt = performance.now();
    await clock.run(sleep(clock, HALF_HOUR_MS));
    rounds.push({ seconds: (performance.now() - startedAt) / 1000, events: sequence() - before });
  }
  venue.stop();
  return {
    realTimes: median(rounds.map(({ seconds }) => HALF_HOUR_MS / 1000 / seconds)),
    eventsPerSecond: median(rounds.map(({ seconds, events }) => events / seconds)),
  };
}

it('the market model, times real time', { timeout: 300_000 }, async () => {
  for (const symbols of [SYMBOLS.slice(0, 1), SYMBOLS]) {
    const { realTimes, eventsPerSecond } = await speedOf(symbols);
    console.log(`${symbols.join(', ')}: x ${realTimes.toFixed(0)} real time, ${(eventsPerSecond / 1e6).toFixed(2)} M book changes/s`);
    expect(realTimes).toBeGreaterThan(0);
  }
});
