import { at } from '../../util/array.ts';
import { LOOK_MS, type MarketOrder, type MarketRecord } from './market-watch.ts';
import { autocorrelation, correlation, kurtosis, mean, median, tailExponent, variance } from '../../statistics/moments.ts';

const BPS = 10_000;
const LOOKS_PER_SECOND = 1000 / LOOK_MS;
/** Span of the flow and of the return after it, s. */
const FLOW_SECONDS = 10;
/** Of fewer changes that do not overlap, or orders, there is no figure. */
const FEWEST_CHANGES = 20;
const FEWEST_ORDERS = 30;
/** Their largest 5 % make the tail. */
const FEWEST_SIZES = 1000;
/** Looks between two looks at the size of the touch, which changes slowly. */
const TOUCH_STRIDE = 10;

/** One number about a market. */
export interface Fact {
  readonly name: string;
  readonly value: number;
}

/**
 * The facts in which markets differ, in the order of the table: prices, the touch, market orders, and what each tells of the next price. NaN
 * where the record is too short.
 */
export function factsOf(record: MarketRecord): Fact[] {
  return [...priceFacts(record), ...touchFacts(record), ...orderFacts(record), ...forecastFacts(record)];
}

function priceFacts({ mids, oneTick }: MarketRecord): Fact[] {
  const moved = (seconds: number): number => variance(returnsBps(mids, seconds));
  const ratio = (seconds: number, base: number): number => (moved(seconds) * base) / seconds / moved(base);
  return [
    { name: 'one tick wide', value: oneTick / mids.length },
    { name: 'volatility 1 s, bps', value: Math.sqrt(moved(1)) },
    ...[0.5, 1, 5, 10, 30].map((seconds) => ({ name: `variance ratio ${seconds} s to 0.1 s`, value: ratio(seconds, 0.1) })),
    ...[30, 60, 120, 300].map((seconds) => ({ name: `variance ratio ${seconds} s to 1 s`, value: ratio(seconds, 1) })),
    ...[0.1, 0.5, 1, 5, 10, 30].map((seconds) => ({ name: `kurtosis ${seconds} s`, value: kurtosis(returnsBps(mids, seconds)) })),
  ];
}

function touchFacts({ bids, asks, orders, usdPerLot }: MarketRecord): Fact[] {
  const touches = [bids, asks].flatMap((side) => side.filter((_, i) => i % TOUCH_STRIDE === 0));
  const touch = median(touches) * usdPerLot;
  return [
    { name: 'touch, USD', value: touch },
    { name: 'touch / mean market order', value: touch / (mean(orders.map(({ quantity }) => quantity)) * usdPerLot) },
  ];
}

function orderFacts(record: MarketRecord): Fact[] {
  const { mids, orders } = record;
  const signs = orders.map(({ sign }) => sign);
  const gaps = orders.slice(1).map(({ look }, i) => look - at(orders, i).look);
  const emptying = orders.filter(({ quantity, touch }) => quantity >= touch);
  const moved = (of: readonly MarketOrder[], seconds: number): number => meanOf(markoutsBps(mids, of, seconds));
  const sizes = orders.length < FEWEST_SIZES ? [] : orders.map(({ quantity }) => quantity);
  return [
    { name: 'market orders a second', value: (orders.length * LOOKS_PER_SECOND) / mids.length },
    { name: 'tail of their sizes', value: tailExponent(sizes) },
    { name: 'variation of their gaps', value: Math.sqrt(variance(gaps)) / mean(gaps) },
    { name: 'autocorrelation of sides, lag 1', value: autocorrelation(signs, 1) },
    { name: 'autocorrelation of sides, lag 10', value: autocorrelation(signs, 10) },
    { name: 'orders >= touch', value: emptying.length / orders.length },
    ...[0.1, 1, 5, 60, 300].map((seconds) => ({ name: `markout of takers ${seconds} s, bps`, value: moved(orders, seconds) })),
    // The first order of a queue is filled by every market order, the last one only by those that empty it.
    { name: 'front of the queue over its back, bps', value: moved(emptying, 1) - moved(orders, 1) },
  ];
}

function forecastFacts({ mids, bids, asks, orders }: MarketRecord): Fact[] {
  const imbalances: number[] = [];
  for (let i = 0; i + LOOKS_PER_SECOND < mids.length; i += LOOKS_PER_SECOND) {
    const [bid, ask] = [at(bids, i), at(asks, i)];
    imbalances.push((bid - ask) / (bid + ask));
  }
  const seconds = imbalances.map((_, i) => Math.log(at(mids, (i + 1) * LOOKS_PER_SECOND) / at(mids, i * LOOKS_PER_SECOND)));
  const span = FLOW_SECONDS * LOOKS_PER_SECOND;
  const spans = Math.floor((mids.length - 1) / span);
  const flows = Array.from({ length: Math.max(0, spans - 1) }, () => 0);
  for (const { look, sign, quantity } of orders) {
    const index = Math.floor(look / span);
    if (index < flows.length) flows[index] = at(flows, index) + sign * quantity;
  }
  const later = flows.map((_, i) => Math.log(at(mids, (i + 2) * span) / at(mids, (i + 1) * span)));
  return [
    {
      name: 'imbalance of the touch and the next second',
      value: seconds.length < FEWEST_CHANGES ? Number.NaN : correlation(imbalances, seconds),
    },
    { name: 'flow of 10 s and the next 10 s', value: flows.length < FEWEST_CHANGES ? Number.NaN : correlation(flows, later) },
  ];
}

/** NaN where there are few. */
function meanOf(markouts: readonly number[]): number {
  return markouts.length < FEWEST_ORDERS ? Number.NaN : mean(markouts);
}

/** Over windows that overlap by nine tenths: long horizons have few others. */
function returnsBps(mids: readonly number[], seconds: number): number[] {
  const looks = seconds * LOOKS_PER_SECOND;
  if (mids.length / looks < FEWEST_CHANGES) return [];
  const stride = Math.max(1, Math.round(looks / 10));
  const returns: number[] = [];
  for (let i = looks; i < mids.length; i += stride) returns.push(Math.log(at(mids, i) / at(mids, i - looks)) * BPS);
  return returns;
}

/** Moves of the mid in the direction of each order, from before it. */
function markoutsBps(mids: readonly number[], orders: readonly MarketOrder[], seconds: number): number[] {
  return orders.flatMap(({ look, sign }) => {
    const [before, after] = [mids[look - 1], mids[look + seconds * LOOKS_PER_SECOND]];
    return before === undefined || after === undefined ? [] : [sign * (after / before - 1) * BPS];
  });
}
