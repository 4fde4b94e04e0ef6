import { ticks, type Ticks } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { Outcome, VenueOrder } from '../venue/orders.ts';
import type { AmendRequest, PlaceRequest, VenueOrderRef, VenueScope } from '../venue/requests.ts';
import type { Venue } from '../venue/venue.ts';
import type { Faults } from './faults.ts';
import { StaleReads } from './stale-reads.ts';

type Refusal = Extract<Outcome, { ok: false }>;

const AUCTION: Refusal = {
  ok: false,
  code: 110095,
  message: 'You cannot create, modify or cancel Pre-Market Perpetual orders during the Call Auction.',
};
const NOT_LIVE: Refusal = { ok: false, code: 110074, message: 'This contract is not live' };
const NO_MARGIN: Refusal = { ok: false, code: 110007, message: 'Available balance is insufficient' };
const MOST_TICKS_MOVED = 20;

/** A venue with faults injected: it may change requests, reject them, or return old data. */
export function faultyVenue(venue: Venue, clock: Clock, faults: Faults): Venue {
  const past = faults.chosen.includes('stale-reads') ? new StaleReads(clock, faults, venue) : undefined;
  const orders = new OrderFaults(venue, faults);
  const overrides: Partial<Venue> = {
    place: (account, request) => orders.place(account, request),
    amend: (account, request) => orders.amend(account, request),
    cancel: (account, ref, receivedAt) => orders.cancel(account, ref, receivedAt),
    cancelAll: (account, scope, cause) => orders.cancelAll(account, scope, cause),
    openOrders: (account) => (past ?? venue).openOrders(account),
    position: (account, symbol) => (past ?? venue).position(account, symbol),
  };
  return overridden(venue, overrides);
}

/** `venue` with some of its methods replaced. */
function overridden(venue: Venue, overrides: Partial<Venue>): Venue {
  return new Proxy(venue, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(overrides, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

class OrderFaults {
  readonly #venue: Venue;
  readonly #faults: Faults;

  constructor(venue: Venue, faults: Faults) {
    this.#venue = venue;
    this.#faults = faults;
  }

  place(account: AccountId, wanted: PlaceRequest): Outcome {
    const refusal = this.#refusal() ?? (!wanted.reduceOnly && this.#faults.strikes('margin-shortage') ? NO_MARGIN : undefined);
    if (refusal !== undefined) return refusal;
    const request = wanted.price === undefined ? wanted : { ...wanted, price: this.#moved(wanted.price, wanted.side) };
    const outcome = this.#twice(() => this.#venue.place(account, request));
    const ref = { symbol: wanted.symbol, orderId: undefined, orderLinkId: wanted.orderLinkId };
    if (this.#faults.strikes('ack-then-reject')) this.#venue.endOrder(account, ref, 'rejected');
    else if (wanted.timeInForce === 'PostOnly' && this.#faults.strikes('post-only-cancel')) this.#venue.endOrder(account, ref, 'wouldTake');
    return outcome;
  }

  amend(account: AccountId, wanted: AmendRequest): Outcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    const side = this.#venue.findOrder(account, wanted)?.side;
    const price = wanted.price === undefined || side === undefined ? wanted.price : this.#moved(wanted.price, side);
    return this.#twice(() => this.#venue.amend(account, { ...wanted, price }));
  }

  cancel(account: AccountId, ref: VenueOrderRef, receivedAt?: number): Outcome {
    if (this.#faults.strikes('auction-phase')) return AUCTION;
    return this.#twice(() => this.#venue.cancel(account, ref, receivedAt));
  }

  cancelAll(account: AccountId, scope: VenueScope, cause?: 'byUser' | 'byDisconnect'): readonly VenueOrder[] {
    if (this.#faults.strikes('auction-phase')) return [];
    if (!this.#faults.strikes('bulk-cancel-lies')) return this.#venue.cancelAll(account, scope, cause);
    const open = this.#venue.openOrders(account).filter(({ symbol }) => (scope.symbol ?? symbol) === symbol);
    open.forEach((order, index) => {
      if (index % 2 === 0) this.#venue.cancel(account, order);
    });
    return open;
  }

  #refusal(): Refusal | undefined {
    if (this.#faults.strikes('auction-phase')) return AUCTION;
    return this.#faults.strikes('instrument-change') ? NOT_LIVE : undefined;
  }

  /** A price further from the other side, while the fault is active. */
  #moved(price: Ticks, side: 'buy' | 'sell'): Ticks {
    if (!this.#faults.strikes('silent-price-change')) return price;
    const by = 1 + Math.floor(MOST_TICKS_MOVED * this.#faults.draw('silent-price-change'));
    return ticks(side === 'buy' ? Math.max(1, price - by) : price + by);
  }

  /** Executes the same request twice; either answer may be the one that is sent. */
  #twice(act: () => Outcome): Outcome {
    const first = act();
    if (!this.#faults.strikes('duplicate-delivery')) return first;
    const second = act();
    return this.#faults.draw('duplicate-delivery') < 0.5 ? first : second;
  }
}
