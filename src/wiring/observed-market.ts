import { LOOK_MS, MarketWatch, type MarketRecord } from '../harness/market-facts/market-watch.ts';
import { createVenue } from '../simulator/embedded-venue.ts';
import type { MarketModelName } from '../simulator/market-model/markets.ts';
import { defined } from '../util/assert.ts';
import { every, sleep, VirtualClock } from '../util/clock.ts';
import { seededRandom } from '../util/random.ts';
import { VIRTUAL_START } from './virtual-start.ts';
import type { ReplayMarket } from './replay-market.ts';

export interface ModelChoice {
  readonly market: MarketModelName;
  readonly symbol: string;
  readonly seed: string;
  readonly durationMs: number;
}

/** What is seen of one symbol of a market model without clients, in simulated time. */
export async function observedModel({ market, symbol, seed, durationMs }: ModelChoice): Promise<MarketRecord> {
  const clock = new VirtualClock(VIRTUAL_START);
  const venue = createVenue({ clock, random: seededRandom(seed), symbols: [symbol], market, accounts: 1 });
  return watched(clock, venue, symbol, durationMs);
}

/** The same of a recording. Throws when it cannot be read. */
export async function observedRecording(replay: ReplayMarket, symbol: string): Promise<MarketRecord> {
  const clock = new VirtualClock(replay.startAt);
  const { symbols, durationMs } = replay;
  const venue = createVenue({ clock, random: seededRandom(''), symbols, market: 'none', accounts: 1, source: replay.player(clock) });
  const record = await watched(clock, venue, symbol, durationMs);
  replay.stop.throwIfAborted();
  return record;
}

async function watched(
  clock: VirtualClock,
  venue: ReturnType<typeof createVenue>,
  symbol: string,
  durationMs: number,
): Promise<MarketRecord> {
  const watch = new MarketWatch(defined(venue.market(symbol), `market of ${symbol}`));
  venue.onEvent((event) => {
    if (event.type === 'trade' && event.symbol === symbol) watch.traded(event.trade);
  });
  venue.start();
  every(clock, LOOK_MS, watch.look);
  // The last look comes before the end.
  await clock.run(sleep(clock, durationMs + LOOK_MS / 2));
  venue.stop();
  return watch;
}
