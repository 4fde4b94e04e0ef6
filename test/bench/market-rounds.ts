import { performance } from 'node:perf_hooks';
import { createVenue } from '../../src/simulator/embedded-venue.ts';
import { at } from '../../src/util/array.ts';
import { defined } from '../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../src/util/clock.ts';
import { seededRandom } from '../../src/util/random.ts';

export interface MarketRounds {
  readonly symbols: readonly string[];
  readonly timesRealTime: number;
  readonly changesPerSecond: number;
}

const HALF_HOUR_MS = 1_800_000;
const ROUNDS = 7;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

const results: MarketRounds[] = [];
for (const symbols of [SYMBOLS.slice(0, 1), SYMBOLS]) results.push(await measure(symbols));
console.log(JSON.stringify(results));

/** Half hours of the btc market in virtual time, with a client that does nothing. */
async function measure(symbols: readonly string[]): Promise<MarketRounds> {
  const clock = new VirtualClock(1_700_000_000_000);
  const venue = createVenue({ clock, random: seededRandom('bench'), symbols, market: 'btc', accounts: 1 });
  const markets = symbols.map((symbol) => defined(venue.market(symbol), symbol));
  const changes = (): number => markets.reduce((sum, { sequence }) => sum + sequence, 0);
  const rounds: { seconds: number; changes: number }[] = [];
  venue.start();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = changes();
    const startedAt = performance.now();
    await clock.run(sleep(clock, HALF_HOUR_MS));
    rounds.push({ seconds: (performance.now() - startedAt) / 1000, changes: changes() - before });
  }
  venue.stop();
  return {
    symbols,
    timesRealTime: median(rounds.map(({ seconds }) => HALF_HOUR_MS / 1000 / seconds)),
    changesPerSecond: median(rounds.map((round) => round.changes / round.seconds)),
  };
}

function median(values: readonly number[]): number {
  return at(
    values.toSorted((a, b) => a - b),
    values.length >> 1,
  );
}
