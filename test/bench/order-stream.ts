import { lots, ticks } from '../../src/model/units.ts';
import { BookOrder, type Direction } from '../../src/simulator/matching/book-order.ts';
import { MatchingEngine } from '../../src/simulator/matching/matching-engine.ts';
import { at } from '../../src/util/array.ts';
import { randomExponential, randomInt, seededRandom } from '../../src/util/random.ts';

export const CANCEL = 0;
const PLACE = 1;
/** An IOC. */
export const TAKE = 2;
export const ACCOUNTS = 16;

/** Commands in columns: reading them costs the engines nothing. A cancel has only an id and an account. */
export interface OrderStream {
  readonly length: number;
  readonly kinds: Uint8Array;
  /** Orders are numbered from 0. */
  readonly ids: Int32Array;
  /** Never the owner of an order that this one meets. */
  readonly accounts: Uint8Array;
  readonly directions: Int8Array;
  readonly prices: Int32Array;
  readonly quantities: Int32Array;
}

const TAKE_RATIO = 0.06;
const FEWEST_LIVE = 800;
const MOST_LIVE = 1000;
const START = 650_000;
const MEAN_DISTANCE = 15;
/** Of an IOC beyond the touch. */
const REACH = 3;

class LiveOrder extends BookOrder {
  id = 0;
  account = 0;
  slot = 0;
}

/** 47 % new orders, 47 % cancels of resting ones, 6 % IOCs that take, with 800 to 1000 orders live: the mix of simulation.md §6. */
export function orderStream(seed: string, length: number): OrderStream {
  const stream = {
    length,
    kinds: new Uint8Array(length),
    ids: new Int32Array(length),
    accounts: new Uint8Array(length),
    directions: new Int8Array(length),
    prices: new Int32Array(length),
    quantities: new Int32Array(length),
  };
  const random = seededRandom(seed);
  const live: LiveOrder[] = [];
  const met = new Set<number>();
  const engine = new MatchingEngine((maker) => {
    if (!(maker instanceof LiveOrder)) return;
    met.add(maker.account);
    if (maker.leaves === 0) forget(maker);
  });
  let mid = START;
  let orders = 0;

  function forget(order: LiveOrder): void {
    const last = at(live, live.length - 1);
    live[order.slot] = last;
    last.slot = order.slot;
    live.pop();
  }

  function submit(i: number, kind: typeof PLACE | typeof TAKE, direction: Direction, price: number, most: number): void {
    const order = new LiveOrder(direction, ticks(price), lots(1 + randomInt(random, most)));
    stream.directions[i] = direction;
    stream.prices[i] = price;
    stream.quantities[i] = order.leaves;
    met.clear();
    if (engine.submit(order, kind === TAKE ? 'IOC' : 'GTC') === 'resting') order.slot = live.push(order) - 1;
    order.id = orders++;
    order.account = order.id % ACCOUNTS;
    while (met.has(order.account) && met.size < ACCOUNTS) order.account = (order.account + 1) % ACCOUNTS;
    note(i, kind, order);
  }

  function cancel(i: number): void {
    const order = at(live, randomInt(random, live.length));
    engine.remove(order);
    forget(order);
    note(i, CANCEL, order);
  }

  function note(i: number, kind: number, { id, account }: LiveOrder): void {
    stream.kinds[i] = kind;
    stream.ids[i] = id;
    stream.accounts[i] = account;
  }

  for (let i = 0; i < length; i += 1) {
    if (random.uniform() < 0.02) mid += random.uniform() < 0.5 ? 1 : -1;
    const direction = random.uniform() < 0.5 ? 1 : -1;
    const draw = random.uniform();
    if (draw < TAKE_RATIO) {
      const best = (direction === 1 ? engine.book.asks : engine.book.bids).price(0) ?? mid;
      submit(i, TAKE, direction, best + direction * REACH, 150);
    } else if (live.length > MOST_LIVE || (live.length > FEWEST_LIVE && draw > 0.5 + TAKE_RATIO / 2)) cancel(i);
    else submit(i, PLACE, direction, mid - direction * (1 + Math.floor(randomExponential(random, MEAN_DISTANCE))), 100);
  }
  return stream;
}
