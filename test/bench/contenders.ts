import { OrderBook as HftOrderBook } from 'hft-limit-order-book';
import { OrderBook as NodejsOrderBook } from 'nodejs-order-book';
import { atoms, lots, ticks, type Lots, type Ticks } from '../../src/model/units.ts';
import { EmbeddedVenue } from '../../src/simulator/embedded-venue.ts';
import { Holding } from '../../src/simulator/accounts/holding.ts';
import { presetOf } from '../../src/simulator/instruments.ts';
import { BookOrder } from '../../src/simulator/matching/book-order.ts';
import { MatchingEngine } from '../../src/simulator/matching/matching-engine.ts';
import type { MatchListener } from '../../src/simulator/matching/order-matching.ts';
import type { PlaceRequest, SelfMatch } from '../../src/simulator/venue/requests.ts';
import { at } from '../../src/util/array.ts';
import { defined } from '../../src/util/assert.ts';
import { VirtualClock } from '../../src/util/clock.ts';
import { seededRandom } from '../../src/util/random.ts';
import { ACCOUNTS, CANCEL, TAKE, type OrderStream } from './order-stream.ts';

/** Takes a stream, prepares what its engine wants to be given, and returns the part that is timed: it returns the trades. */
type Contender = (stream: OrderStream) => () => number;

const SYMBOL = 'BTCUSDT';
/** VIP0, per tick-lot of BTCUSDT in atoms. */
const MAKER_FEE = 2;
const TAKER_FEE = 5.5;
const KEPT_EVENTS = 1024;

class NumberedOrder extends BookOrder {
  id = 0;
}

/** The engine and whoever owns the orders: they use the objects again, as the background flow does. */
class Desk {
  readonly #engine: MatchingEngine;
  readonly #orders: (NumberedOrder | undefined)[] = [];
  readonly #spare: NumberedOrder[] = [];

  constructor(onMatch: MatchListener) {
    this.#engine = new MatchingEngine(
      (maker, taker, price, quantity) => {
        onMatch(maker, taker, price, quantity);
        if (maker.leaves === 0 && maker instanceof NumberedOrder) this.#release(maker);
      },
      () => {
        throw new Error('no account meets itself in this stream');
      },
    );
  }

  place({ kinds, ids, accounts, directions, prices, quantities }: OrderStream, i: number, selfMatch: SelfMatch): void {
    const order = this.#spare.pop() ?? new NumberedOrder(1, ticks(1), lots(1));
    order.id = ids[i] ?? 0;
    order.owner = accounts[i] ?? 0;
    order.selfMatch = selfMatch;
    order.direction = directions[i] === 1 ? 1 : -1;
    order.price = ticks(prices[i] ?? 0);
    order.leaves = lots(quantities[i] ?? 0);
    this.#orders[order.id] = order;
    if (this.#engine.submit(order, kinds[i] === TAKE ? 'IOC' : 'GTC') !== 'resting') this.#release(order);
  }

  cancel(id: number): void {
    const order = defined(this.#orders[id], 'order');
    this.#engine.remove(order);
    this.#release(order);
  }

  #release(order: NumberedOrder): void {
    this.#orders[order.id] = undefined;
    this.#spare.push(order);
  }
}

/** The engine alone: no accounts, no ids, no events but the matches. */
function bareEngine(stream: OrderStream): () => number {
  return () => {
    let trades = 0;
    const desk = new Desk(() => {
      trades += 1;
    });
    for (let i = 0; i < stream.length; i += 1) {
      if (stream.kinds[i] === CANCEL) desk.cancel(stream.ids[i] ?? 0);
      else desk.place(stream, i, 'None');
    }
    return trades;
  };
}

/** The engine with owners, self-match prevention, booked positions and fees, and an event for each command and each fill. */
function bookedEngine(stream: OrderStream): () => number {
  const holdings = Array.from({ length: ACCOUNTS }, () => new Holding());
  const events: object[] = [];
  let told = 0;
  let trades = 0;
  const tell = (event: object): void => {
    events[told++ % KEPT_EVENTS] = event;
  };
  const fill = (order: BookOrder, price: Ticks, quantity: Lots, rate: number): void => {
    const fee = atoms(Math.ceil(price * quantity * rate));
    const { realized } = defined(holdings[order.owner], 'account').trade(order.direction === 1 ? 'buy' : 'sell', price, quantity, fee);
    tell({ type: 'fill', account: order.owner, price, quantity, fee, leaves: order.leaves, realized });
  };
  const desk = new Desk((maker, taker, price, quantity) => {
    trades += 1;
    fill(maker, price, quantity, MAKER_FEE);
    fill(taker, price, quantity, TAKER_FEE);
  });
  return () => {
    for (let i = 0; i < stream.length; i += 1) {
      const id = stream.ids[i] ?? 0;
      const isCancel = stream.kinds[i] === CANCEL;
      if (isCancel) desk.cancel(id);
      else desk.place(stream, i, 'CancelMaker');
      tell({ type: isCancel ? 'canceled' : 'accepted', account: stream.accounts[i] ?? 0, id });
    }
    return trades;
  };
}

/** All of the exchange behind its wire: checks, margin, ids, history for ever, and a listener of all events. */
function venue(stream: OrderStream): () => number {
  const exchange = new EmbeddedVenue({
    clock: new VirtualClock(1_700_000_000_000),
    random: seededRandom('bench'),
    presets: [presetOf(SYMBOL)],
    market: 'none',
    accounts: ACCOUNTS,
    deposit: atoms(9e15),
  });
  let trades = 0;
  let events = 0;
  exchange.onEvent(({ type }) => {
    events += 1;
    if (type === 'trade') trades += 1;
  });
  const requests = Array.from({ length: stream.length }, (_, i) => requestOf(stream, i));
  const ids: string[] = [];
  return () => {
    for (let i = 0; i < stream.length; i += 1) {
      const id = at(stream.ids, i);
      const account = at(stream.accounts, i);
      const request = requests[i];
      if (request === undefined) {
        const ref = { symbol: SYMBOL, orderId: at(ids, id), orderLinkId: undefined };
        if (!exchange.cancel(account, ref).ok) throw new Error(`cancel ${id} was refused`);
      } else {
        const outcome = exchange.place(account, request);
        if (!outcome.ok) throw new Error(`order ${id} was refused: ${outcome.message}`);
        ids.push(outcome.order.orderId);
      }
    }
    if (events < stream.length) throw new Error('every command has an event');
    return trades;
  };
}

function requestOf({ kinds, directions, prices, quantities }: OrderStream, i: number): PlaceRequest | undefined {
  if (at(kinds, i) === CANCEL) return undefined;
  return {
    symbol: SYMBOL,
    side: at(directions, i) === 1 ? 'buy' : 'sell',
    type: 'limit',
    price: ticks(at(prices, i)),
    quantity: lots(at(quantities, i)),
    timeInForce: at(kinds, i) === TAKE ? 'IOC' : 'GTC',
    reduceOnly: false,
    orderLinkId: '',
    selfMatch: 'CancelMaker',
  };
}

interface PeerAnswer {
  readonly done: readonly { readonly id: string }[];
  readonly partial: { readonly id: string } | null;
  readonly err: Error | null;
}

interface PeerOrder {
  readonly side: 'buy' | 'sell';
  readonly id: string;
  readonly size: number;
  readonly price: number;
  readonly timeInForce: 'IOC' | 'GTC';
}

/** Both peers, without the names that they do not export. */
interface Peer {
  limit(order: PeerOrder): PeerAnswer;
  cancel(id: string): unknown;
}

/** The options that the peer is given, made before. */
function peer(makeBook: () => Peer): Contender {
  return (stream) => {
    const book = makeBook();
    const commands = Array.from({ length: stream.length }, (_, i) => peerOrder(stream, i) ?? String(at(stream.ids, i)));
    return () => {
      let trades = 0;
      for (const command of commands) {
        if (typeof command === 'string') book.cancel(command);
        else {
          const { done, partial, err } = book.limit(command);
          if (err !== null) throw err;
          // Both list the taker among the orders that they touched.
          for (const { id } of done) if (id !== command.id) trades += 1;
          if (partial !== null && partial.id !== command.id) trades += 1;
        }
      }
      return trades;
    };
  };
}

function peerOrder({ kinds, ids, directions, prices, quantities }: OrderStream, i: number): PeerOrder | undefined {
  if (at(kinds, i) === CANCEL) return undefined;
  return {
    side: at(directions, i) === 1 ? 'buy' : 'sell',
    id: String(at(ids, i)),
    size: at(quantities, i),
    price: at(prices, i),
    timeInForce: at(kinds, i) === TAKE ? 'IOC' : 'GTC',
  };
}

export const CONTENDERS: readonly (readonly [name: string, contender: Contender])[] = [
  ['mmbot, bare engine', bareEngine],
  ['mmbot, accounts, SMP and events', bookedEngine],
  ['mmbot, whole exchange', venue],
  ['nodejs-order-book', peer(() => new NodejsOrderBook() as unknown as Peer)],
  ['hft-limit-order-book', peer(() => new HftOrderBook() as unknown as Peer)],
];
