import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lots } from '../../../../src/model/units.ts';
import { EmbeddedVenue } from '../../../../src/simulator/embedded-venue.ts';
import { presetOf } from '../../../../src/simulator/instruments.ts';
import { MARKET_MODEL_NAMES, type MarketName } from '../../../../src/simulator/market-model/markets.ts';
import { at } from '../../../../src/util/array.ts';
import { defined } from '../../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { limit } from '../venues.ts';

const STEP_MS = 10;
const ALL_SYMBOLS = 'BTC ETH SOL XRP DOGE BNB ADA AVAX LINK LTC DOT TRX'.split(' ').map((coin) => `${coin}USDT`);

function venueWithFlow(symbols: readonly string[], market: MarketName, seed: string) {
  const clock = new VirtualClock(1_700_000_000_000);
  const venue = new EmbeddedVenue({ clock, random: seededRandom(seed), presets: symbols.map(presetOf), market, accounts: 2 });
  /** Calls `look` after every step. */
  const run = (ms: number, look: () => void = () => undefined): Promise<void> =>
    clock.run(
      (async () => {
        for (let passed = 0; passed < ms; passed += STEP_MS) {
          await sleep(clock, STEP_MS);
          look();
        }
      })(),
    );
  return { clock, venue, run };
}

async function eventHash(seed: string, trades: boolean): Promise<string> {
  const { venue, run } = venueWithFlow(['BTCUSDT', 'SOLUSDT'], 'btc', seed);
  const hash = createHash('sha256');
  venue.onEvent((event) => hash.update(JSON.stringify(event)));
  venue.start();
  await run(20_000, () => {
    if (trades) venue.place(0, { ...limit('buy', 1, 1), type: 'market', price: undefined });
  });
  venue.stop();
  return hash.digest('hex');
}

describe('the background flow', () => {
  it('repeats itself to the byte from the same seed, and differs from another', async () => {
    const first = await eventHash('a', true);
    expect(await eventHash('a', true)).toBe(first);
    expect(await eventHash('b', true)).not.toBe(first);
  });

  it('moves the price in the same way whatever clients do, so that setups can be compared on one seed', async () => {
    const [watched, traded] = [venueWithFlow(['BTCUSDT'], 'btc', 'a'), venueWithFlow(['BTCUSDT'], 'btc', 'a')];
    const path = async ({ venue, run }: typeof watched, act: () => void): Promise<readonly number[]> => {
      const prices: number[] = [];
      venue.start();
      await run(60_000, () => {
        prices.push(defined(venue.market('BTCUSDT'), 'market').indexPrice);
        act();
      });
      return prices;
    };
    const quiet = await path(watched, () => undefined);
    const side = (): 'buy' | 'sell' => (Math.floor(traded.clock.monotonic() / 1000) % 2 === 0 ? 'buy' : 'sell');
    const busy = await path(traded, () => void traded.venue.place(0, { ...limit(side(), 1, 200), type: 'market', price: undefined }));
    expect(busy).toEqual(quiet);
    expect(new Set(quiet).size).toBeGreaterThan(100);
  });

  it('does not depend on which other symbols are traded', async () => {
    const one = venueWithFlow(['SOLUSDT'], 'btc', 'a');
    const two = venueWithFlow(['BTCUSDT', 'SOLUSDT'], 'btc', 'a');
    for (const { venue, run } of [one, two]) {
      venue.start();
      await run(5_000);
    }
    const prices = ({ venue }: typeof one) => venue.market('SOLUSDT')?.recentTrades.map(({ price, quantity, at }) => [price, quantity, at]);
    expect(prices(one)).toEqual(prices(two));
    expect(prices(one)).not.toEqual([]);
  });

  it('starts with a full book and does nothing after a stop', async () => {
    const { venue, run } = venueWithFlow(['BTCUSDT'], 'btc', 'a');
    const market = defined(venue.market('BTCUSDT'), 'market');
    venue.start();
    expect(market.book.bids.length).toBeGreaterThan(50);
    expect(market.book.asks.length).toBeGreaterThan(50);
    await run(1_000);
    venue.stop();
    const { sequence } = market;
    await run(1_000);
    expect(market.sequence).toBe(sequence);
  });

  it('fills the book again after a client has taken a side', async () => {
    const { venue, run } = venueWithFlow(['BTCUSDT'], 'btc', 'a');
    const market = defined(venue.market('BTCUSDT'), 'market');
    venue.start();
    venue.setLeverage(0, 'BTCUSDT', 100);
    const order = venue.place(0, { ...limit('buy', 1, 1), type: 'market', price: undefined, quantity: lots(100_000) });
    expect(order).toMatchObject({ ok: true });
    await run(1_000);
    expect(market.book.asks.length).toBeGreaterThan(50);
    expect(market.backgroundQuantity + venue.position(0, 'BTCUSDT').quantity).toBe(0);
  });

  it('trades against resting orders of clients in their turn', async () => {
    const { venue, run } = venueWithFlow(['BTCUSDT'], 'btc', 'a');
    const market = defined(venue.market('BTCUSDT'), 'market');
    venue.start();
    await run(20_000, () => {
      const { bids, asks } = market.book;
      venue.cancelAll(0, {});
      for (const [side, book] of [
        ['buy', bids],
        ['sell', asks],
      ] as const)
        venue.place(0, { ...limit(side, defined(book.price(0), 'touch'), 10), timeInForce: 'PostOnly' });
    });
    const executions = venue.executions(0);
    expect(executions.length).toBeGreaterThan(10);
    expect(executions.every(({ isMaker }) => isMaker)).toBe(true);
    expect(market.backgroundQuantity + venue.position(0, 'BTCUSDT').quantity).toBe(0);
  });
});

describe('the market none', () => {
  it('is an empty book with a constant mark price, which only clients fill', async () => {
    const { venue, run } = venueWithFlow(['BTCUSDT'], 'none', 'a');
    const market = defined(venue.market('BTCUSDT'), 'market');
    const { markPrice, changedAt } = market;
    venue.start();
    await run(1_000);
    expect(market).toMatchObject({ sequence: 0, markPrice, changedAt, recentTrades: [] });
    venue.place(0, limit('sell', markPrice, 5));
    venue.place(1, limit('buy', markPrice, 5));
    await run(1_000);
    expect(market.recentTrades).toMatchObject([{ price: markPrice, quantity: 5 }]);
    expect(market.book.isEmpty).toBe(true);
    expect(market.backgroundQuantity).toBe(0);
  });
});

describe('several symbols', () => {
  it('move together, each on a path of its own', async () => {
    const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
    const { venue, run } = venueWithFlow(symbols, 'btc', 'together');
    const markets = symbols.map((symbol) => defined(venue.market(symbol), symbol));
    const mids = symbols.map((): number[] => []);
    venue.start();
    await run(600_000, () => {
      for (const [i, { book }] of markets.entries())
        at(mids, i).push((defined(book.bids.price(0), 'bid') + defined(book.asks.price(0), 'ask')) / 2);
    });
    const [btc = [], eth = [], sol = []] = mids.map((prices) => returnsBps(prices, 200));
    for (const [one, other] of [
      [btc, eth],
      [btc, sol],
      [eth, sol],
    ] as const) {
      expect(correlation(one, other)).toBeGreaterThan(0.1);
      expect(correlation(one, other)).toBeLessThan(0.9);
    }
  });
});

describe('every symbol in every market', () => {
  for (const market of MARKET_MODEL_NAMES)
    it(`${market}: no empty or crossed book, one tick wide most of the time, a mark near the mid`, async () => {
      const { venue, run } = venueWithFlow(ALL_SYMBOLS, market, 'all');
      const markets = ALL_SYMBOLS.map((symbol) => defined(venue.market(symbol), symbol));
      let seen = 0;
      let oneTick = 0;
      venue.start();
      await run(10_000, () => {
        for (const { book, markPrice } of markets) {
          const bid = defined(book.bids.price(0), 'bid');
          const ask = defined(book.asks.price(0), 'ask');
          if (ask <= bid || Math.abs(markPrice / ((bid + ask) / 2) - 1) > 0.005)
            throw new Error(`bid ${bid}, ask ${ask}, mark ${markPrice}`);
          seen += 1;
          if (ask - bid === 1) oneTick += 1;
        }
      });
      expect(oneTick / seen).toBeGreaterThan(0.9);
    });
});

describe('ten minutes of the btc market', () => {
  it('look like a market: volatility, tails, persistent sides and takers who are right', async () => {
    const { venue, clock, run } = venueWithFlow(['BTCUSDT'], 'btc', 'statistics');
    const { book } = defined(venue.market('BTCUSDT'), 'market');
    const mids: number[] = [];
    const takers: { step: number; sign: number }[] = [];
    venue.onEvent((event) => {
      if (event.type !== 'trade') return;
      const taker = { step: mids.length, sign: event.trade.side === 'buy' ? 1 : -1 };
      const last = takers.at(-1);
      if (last?.step !== taker.step || last.sign !== taker.sign) takers.push(taker);
    });
    venue.start();
    await run(600_000, () => mids.push((defined(book.bids.price(0), 'bid') + defined(book.asks.price(0), 'ask')) / 2));
    expect(clock.monotonic()).toBe(600_000);

    const signs = takers.map(({ sign }) => sign);
    const markouts = takers.flatMap(({ step, sign }) => {
      const [before, after] = [mids[step - 1], mids[step + 100]];
      return before === undefined || after === undefined ? [] : [sign * (after / before - 1) * 1e4];
    });
    expect(takers.length / 600).toBeGreaterThan(1.5);
    expect(takers.length / 600).toBeLessThan(10);
    const second = returnsBps(mids, 100);
    expect(Math.sqrt(variance(second))).toBeGreaterThan(0.4);
    expect(Math.sqrt(variance(second))).toBeLessThan(2.5);
    const ratio = variance(second) / (10 * variance(returnsBps(mids, 10)));
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.5);
    expect(kurtosis(returnsBps(mids, 10))).toBeGreaterThan(3);
    expect(autocorrelation(signs, 1)).toBeGreaterThan(0.05);
    expect(mean(markouts)).toBeGreaterThan(0.05);
    expect(mean(markouts)).toBeLessThan(0.8);
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};
const kurtosis = (values: readonly number[]): number => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 4)) / variance(values) ** 2 - 3;
};
const autocorrelation = (values: readonly number[], lag: number): number => {
  const centre = mean(values);
  return mean(values.slice(lag).map((value, i) => (value - centre) * (at(values, i) - centre))) / variance(values);
};

function correlation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)];
  return mean(one.map((value, i) => (value - a) * (at(other, i) - b))) / Math.sqrt(variance(one) * variance(other));
}

function returnsBps(prices: readonly number[], every: number): number[] {
  const sampled = prices.filter((_, i) => i % every === 0);
  return sampled.slice(1).map((price, i) => Math.log(price / at(sampled, i)) * 1e4);
}
