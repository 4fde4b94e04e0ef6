import { createVenue } from '../../../src/simulator/embedded-venue.ts';
import type { MarketName } from '../../../src/simulator/market-model/markets.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { every, sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

const STEP_MS = 10;
const STEPS_PER_SECOND = 1000 / STEP_MS;
const HILL_SHARE = 0.05;

/** What an observer of the public feed sees: trades of one side at one instant are one market order. */
interface MarketOrder {
  readonly step: number;
  readonly sign: 1 | -1;
  quantity: number;
}

export interface Observation {
  /** After every step of 10 ms. */
  readonly mids: readonly number[];
  readonly oneTickRatio: number;
  readonly marketOrders: readonly MarketOrder[];
}

/** A market without clients, watched for a while. */
export async function observeMarket(market: MarketName, symbol: string, seed: string, minutes: number): Promise<Observation> {
  const clock = new VirtualClock(1_700_000_000_000);
  const venue = createVenue({ clock, random: seededRandom(seed), symbols: [symbol], market, accounts: 1 });
  const { book } = defined(venue.market(symbol), symbol);
  const mids: number[] = [];
  const marketOrders: MarketOrder[] = [];
  let oneTick = 0;
  venue.onEvent((event) => {
    if (event.type !== 'trade') return;
    const sign = event.trade.side === 'buy' ? 1 : -1;
    const last = marketOrders.at(-1);
    if (last?.step === mids.length && last.sign === sign) last.quantity += event.trade.quantity;
    else marketOrders.push({ step: mids.length, sign, quantity: event.trade.quantity });
  });
  venue.start();
  every(clock, STEP_MS, () => {
    const bid = defined(book.bids.price(0), 'bid');
    const ask = defined(book.asks.price(0), 'ask');
    if (ask - bid === 1) oneTick += 1;
    mids.push((bid + ask) / 2);
  });
  await clock.run(sleep(clock, minutes * 60_000 + 1));
  return { mids, oneTickRatio: oneTick / mids.length, marketOrders };
}

/** One number per fact of simulation.md §1.7. */
export function factsOf({ mids, oneTickRatio, marketOrders }: Observation): Readonly<Record<string, number>> {
  const seconds = mids.length / STEPS_PER_SECOND;
  const signs = marketOrders.map(({ sign }) => sign);
  const returns = Object.fromEntries(HORIZONS.map((h) => [h, returnsBps(mids, h * STEPS_PER_SECOND)]));
  const of = (h: number): readonly number[] => defined(returns[h], `${h} s`);
  const gaps = marketOrders.slice(1).map(({ step }, i) => step - at(marketOrders, i).step);
  return {
    'one tick wide': oneTickRatio,
    'market orders /s': marketOrders.length / seconds,
    'sigma 1 s, bps': Math.sqrt(variance(of(1))),
    'sign ACF 1': autocorrelation(signs, 1),
    'sign ACF 10': autocorrelation(signs, 10),
    ...Object.fromEntries(HORIZONS.slice(1).map((h) => [`V ratio ${h} s`, variance(of(h)) / (h / 0.1) / variance(of(0.1))])),
    ...Object.fromEntries(HORIZONS.map((h) => [`kurtosis ${h} s`, kurtosis(of(h))])),
    'Hill of sizes': hill(marketOrders.map(({ quantity }) => quantity)),
    'arrival CV': Math.sqrt(variance(gaps)) / mean(gaps),
    'markout 1 s, bps': mean(markoutsBps(mids, marketOrders, STEPS_PER_SECOND)),
  };
}

export const HORIZONS = [0.1, 0.5, 1, 5, 10, 30] as const;

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
}

/** Excess. */
function kurtosis(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 4, 0) / values.length / variance(values) ** 2 - 3;
}

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values);
  return mean(values.slice(lag).map((value, i) => (value - centre) * (at(values, i) - centre))) / variance(values);
}

/** Over windows that overlap by nine tenths: long horizons have few others. */
function returnsBps(prices: readonly number[], steps: number): number[] {
  const stride = Math.max(1, Math.round(steps / 10));
  const returns: number[] = [];
  for (let i = steps; i < prices.length; i += stride) returns.push(Math.log(at(prices, i) / at(prices, i - steps)) * 1e4);
  return returns;
}

function markoutsBps(mids: readonly number[], orders: readonly MarketOrder[], steps: number): number[] {
  return orders.flatMap(({ step, sign }) => {
    const [before, after] = [mids[step - 1], mids[step + steps]];
    return before === undefined || after === undefined ? [] : [sign * (after / before - 1) * 1e4];
  });
}

/** Tail exponent from the largest 5 %. */
function hill(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => b - a);
  const count = Math.floor(sorted.length * HILL_SHARE);
  const threshold = at(sorted, count);
  return 1 / mean(sorted.slice(0, count).map((value) => Math.log(value / threshold)));
}
