import { lots, ticks } from '../../../src/model/units.ts';
import { createVenue } from '../../../src/simulator/embedded-venue.ts';
import type { MarketName } from '../../../src/simulator/market-model/markets.ts';
import type { VenueOrder } from '../../../src/simulator/venue/orders.ts';
import type { PlaceRequest } from '../../../src/simulator/venue/requests.ts';
import { defined } from '../../../src/util/assert.ts';
import { every, sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';

const SYMBOL = 'BTCUSDT';
const QUANTITY = lots(20);
const REQUOTE_MS = 250;
const LATENCY_MS = 20;
const MOST_LOTS = 10 * QUANTITY;
const SKEW_BPS = 0.1;
const EDGE_AFTER_MS = 60_000;

/** In tick-lots, before fees. */
export interface MakerResult {
  readonly gross: number;
  readonly turnover: number;
  readonly fills: number;
  /** Of the fills against the mid a minute later: the result without what its inventory won or lost. */
  readonly edge: number;
}

/** Gross result of a maker without a view who quotes this far from the mid (0: at the touch), as in simulation.md §1.8. */
export async function runPlainMaker(market: MarketName, halfSpreadBps: number, minutes: number, seed: string): Promise<MakerResult> {
  const clock = new VirtualClock(1_700_000_000_000);
  const venue = createVenue({ clock, random: seededRandom(seed), symbols: [SYMBOL], market, accounts: 1 });
  const { book, markPrice } = defined(venue.market(SYMBOL), SYMBOL);
  const bp = markPrice / 10_000;
  const orders: Partial<Record<'buy' | 'sell', VenueOrder>> = {};

  function quote(): void {
    const bid = defined(book.bids.price(0), 'bid');
    const ask = defined(book.asks.price(0), 'ask');
    const held = venue.position(0, SYMBOL).quantity;
    const fair = (bid + ask) / 2 - (SKEW_BPS * bp * held) / QUANTITY;
    const half = halfSpreadBps * bp;
    requote('buy', Math.min(halfSpreadBps === 0 ? bid : Math.floor(fair - half), ask - 1), held < MOST_LOTS);
    requote('sell', Math.max(halfSpreadBps === 0 ? ask : Math.ceil(fair + half), bid + 1), held > -MOST_LOTS);
  }

  function requote(side: 'buy' | 'sell', price: number, wanted: boolean): void {
    const known = orders[side];
    const ref = { symbol: SYMBOL, orderId: known?.orderId, orderLinkId: undefined };
    const resting = known === undefined ? undefined : venue.findOrder(0, ref);
    if (resting?.status === 'New' || resting?.status === 'PartiallyFilled') {
      if (resting.price === price) return;
      venue.cancel(0, ref);
    }
    if (!wanted) return;
    const outcome = venue.place(0, postOnly(side, price));
    if (outcome.ok) orders[side] = outcome.order;
  }

  let edge = 0;
  venue.onEvent((event) => {
    if (event.type !== 'execution') return;
    const { side, price, quantity } = event.execution;
    clock.schedule(EDGE_AFTER_MS, () => {
      const mid = (defined(book.bids.price(0), 'bid') + defined(book.asks.price(0), 'ask')) / 2;
      edge += (side === 'buy' ? mid - price : price - mid) * quantity;
    });
  });
  venue.start();
  every(clock, REQUOTE_MS, () => clock.schedule(LATENCY_MS, quote));
  await clock.run(sleep(clock, minutes * 60_000));
  const executions = venue.executions(0);
  const turnover = executions.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const { realized, unrealized } = venue.position(0, SYMBOL);
  return { gross: realized + unrealized, turnover, fills: executions.length, edge };
}

/** Of several results together. */
export function grossBps(results: readonly MakerResult[]): number {
  return perTurnover(results, ({ gross }) => gross);
}

export function edgeBps(results: readonly MakerResult[]): number {
  return perTurnover(results, ({ edge }) => edge);
}

function perTurnover(results: readonly MakerResult[], read: (result: MakerResult) => number): number {
  const sum = (of: (result: MakerResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return (sum(read) / sum(({ turnover }) => turnover)) * 10_000;
}

function postOnly(side: 'buy' | 'sell', price: number): PlaceRequest {
  return {
    symbol: SYMBOL,
    side,
    type: 'limit',
    price: ticks(price),
    quantity: QUANTITY,
    timeInForce: 'PostOnly',
    reduceOnly: false,
    orderLinkId: '',
  };
}
