import { atoms, lots, ticks } from '../../../src/model/units.ts';
import { EmbeddedVenue } from '../../../src/simulator/embedded-venue.ts';
import type { AmendRequest, SelfMatch, TimeInForce } from '../../../src/simulator/venue/requests.ts';
import type { Outcome, VenueOrder } from '../../../src/simulator/venue/orders.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { codeOf, limit, SYMBOL, wideInstrument } from './venues.ts';

type Side = 'buy' | 'sell';

export interface GoldenOp {
  readonly op: 'place' | 'amend' | 'cancel' | 'reduce';
  readonly id: string;
  readonly acct?: string;
  readonly side?: Side;
  readonly type?: 'limit' | 'market';
  readonly px?: number;
  /** Of an amend: the new total. */
  readonly qty?: number;
  readonly tif?: TimeInForce;
  readonly smp?: SelfMatch;
  readonly reduceOnly?: boolean;
  readonly by?: number;
}

/** All that a case may say about what follows from it; each says only some. */
export interface Observation {
  /** Taker, maker, price, quantity. */
  trades: [string, string, number, number][];
  /** Price, quantity, orders; best first. */
  bids: [number, number, number][];
  asks: [number, number, number][];
  counts: { bids: number; asks: number };
  volume: { bids: number; asks: number };
  status: Record<string, string>;
  leaves: Record<string, number>;
  cancelledQty: Record<string, number>;
  cost: Record<string, number>;
  /** By index of the operation. */
  reject: Record<string, string>;
  /** By `side@price`, oldest first. */
  queue: Record<string, string[]>;
}

export interface GoldenCase {
  readonly id: string;
  readonly setup: readonly GoldenOp[];
  readonly ops: readonly GoldenOp[];
  readonly expect: Partial<Observation>;
}

const KIND_OF_CODE: Record<number, string[]> = {
  110001: ['unknown_order'],
  110072: ['duplicate_id'],
  110017: ['invalid_qty', 'reduce_only'],
};

/** Plays a case on a venue without background flow, and looks at whatever the case has an opinion about. */
export class GoldenPlayer {
  readonly #case: GoldenCase;
  readonly #accounts: readonly string[];
  readonly #venue: EmbeddedVenue;
  readonly #owners = new Map<string, number>();
  readonly #trades: Observation['trades'] = [];
  #maker = '';

  constructor(golden: GoldenCase) {
    this.#case = golden;
    this.#accounts = [...new Set([...golden.setup, ...golden.ops].flatMap(({ acct }) => acct ?? [])), 'prober'];
    this.#venue = new EmbeddedVenue({
      clock: new VirtualClock(1.7e12),
      random: seededRandom('golden'),
      presets: [wideInstrument],
      market: 'btc',
      accounts: this.#accounts.length,
      deposit: atoms(9e15),
    });
    this.#venue.onEvent((event) => {
      if (event.type !== 'execution') return;
      const { isMaker, orderLinkId, price, quantity } = event.execution;
      if (isMaker) this.#maker = orderLinkId;
      else this.#trades.push([orderLinkId, this.#maker, price, quantity]);
    });
  }

  /** Codes of the operations, 0 for those accepted. */
  play(): number[] {
    for (const op of this.#case.setup) if (!this.#run(op).ok) throw new Error(`${this.#case.id}: setup of ${op.id} was refused`);
    this.#trades.length = 0;
    return this.#case.ops.map((op) => codeOf(this.#run(op)));
  }

  /** With the keys of what the case expects. */
  observe(codes: readonly number[]): Partial<Observation> {
    const expected = this.#case.expect;
    const ordersOf = <T>(ids: Record<string, T> = {}, read: (order: VenueOrder) => T): Record<string, T> =>
      Object.fromEntries(Object.keys(ids).map((id) => [id, read(this.#find(id))]));
    const all: Observation = {
      trades: [...this.#trades],
      bids: this.#rows('buy').slice(0, expected.bids?.length),
      asks: this.#rows('sell').slice(0, expected.asks?.length),
      counts: { bids: this.#open('buy').length, asks: this.#open('sell').length },
      volume: { bids: total(this.#open('buy')), asks: total(this.#open('sell')) },
      status: ordersOf(expected.status, ({ status }) => status),
      leaves: ordersOf(expected.leaves, left),
      cancelledQty: ordersOf(expected.cancelledQty, (order) => (order.status === 'Cancelled' ? left(order) : 0)),
      cost: ordersOf(expected.cost, ({ filledValue }) => filledValue),
      reject: Object.fromEntries(Object.entries(expected.reject ?? {}).map(([index, kind]) => [index, kindOf(codes[Number(index)], kind)])),
      queue: Object.fromEntries(Object.keys(expected.queue ?? {}).map((place) => [place, this.#queueAt(place)])),
    };
    return Object.fromEntries(Object.entries(all).filter(([key]) => key in expected));
  }

  #run(op: GoldenOp): Outcome {
    const ref = { symbol: SYMBOL, orderId: undefined, orderLinkId: op.id };
    const account = this.#accountOf(op);
    if (op.op === 'cancel') return this.#venue.cancel(account, ref);
    if (op.op === 'amend') return this.#venue.amend(account, { ...ref, ...newTerms(op.px, op.qty) });
    if (op.op === 'reduce') {
      const order = this.#find(op.id);
      const rest = order.quantity - (op.by ?? 0);
      return rest <= order.filled ? this.#venue.cancel(account, ref) : this.#venue.amend(account, { ...ref, ...newTerms(undefined, rest) });
    }
    const outcome = this.#venue.place(account, {
      ...limit(op.side ?? 'buy', op.px ?? 1, op.qty ?? 0),
      type: op.type ?? 'limit',
      timeInForce: op.tif ?? 'GTC',
      reduceOnly: op.reduceOnly ?? false,
      orderLinkId: op.id,
      selfMatch: op.smp,
    });
    if (outcome.ok) this.#owners.set(op.id, account);
    return outcome;
  }

  /** Ids are unique per account at Bybit, in the whole book at some sources: whoever uses a known id is its owner there. */
  #accountOf({ op, acct, id }: GoldenOp): number {
    const owner = this.#owners.get(id);
    return acct === undefined || (op === 'place' && owner !== undefined) ? (owner ?? 0) : this.#accounts.indexOf(acct);
  }

  #find(id: string): VenueOrder {
    const ref = { symbol: SYMBOL, orderId: undefined, orderLinkId: id };
    const [order] = this.#accounts.flatMap((_, account) => this.#venue.findOrder(account, ref) ?? []);
    if (order === undefined) throw new Error(`${this.#case.id}: there is no order ${id}`);
    return order;
  }

  #open(side: Side): VenueOrder[] {
    return this.#accounts.flatMap((_, account) => this.#venue.openOrders(account)).filter((order) => order.side === side);
  }

  #rows(side: Side): Observation['bids'] {
    const open = this.#open(side);
    const prices = [...new Set<number>(open.map(({ price }) => price))].sort((a, b) => (side === 'buy' ? b - a : a - b));
    return prices.map((price) => {
      const level = open.filter((order) => order.price === price);
      return [price, total(level), level.length];
    });
  }

  /** Takes all up to the level, to see in which order its orders trade. */
  #queueAt(place: string): string[] {
    const [side, price] = place.startsWith('buy')
      ? (['buy', Number(place.slice(4))] as const)
      : (['sell', Number(place.slice(5))] as const);
    const reached = this.#open(side).filter((order) => (side === 'buy' ? order.price >= price : order.price <= price));
    const before = this.#trades.length;
    this.#venue.place(this.#accounts.length - 1, limit(side === 'buy' ? 'sell' : 'buy', price, total(reached)));
    return this.#trades.slice(before).flatMap(([, maker, at]) => (at === price ? [maker] : []));
  }
}

function newTerms(price: number | undefined, quantity: number | undefined): Pick<AmendRequest, 'price' | 'quantity'> {
  return { price: price === undefined ? undefined : ticks(price), quantity: quantity === undefined ? undefined : lots(quantity) };
}

/** The expected kind when the code means it. */
function kindOf(code = 0, expected: string): string {
  const kinds = KIND_OF_CODE[code] ?? [`code ${code}`];
  return kinds.find((kind) => kind === expected) ?? kinds.join(' or ');
}

const left = ({ quantity, filled }: VenueOrder): number => quantity - filled;
const total = (orders: readonly VenueOrder[]): number => orders.reduce((sum, order) => sum + left(order), 0);
