import type { Clock } from '../../util/clock.ts';
import type { AccountId, VenuePosition } from '../venue/account-state.ts';
import type { VenueOrder } from '../venue/orders.ts';
import type { Venue } from '../venue/venue.ts';
import type { Faults } from './faults.ts';

const KEPT_MS = 5000;
const LEAST_LAG_MS = 500;
const MOST_LAG_MS = 3000;

/** A value before it changed; undefined: it did not exist. */
interface Change<T> {
  readonly at: number;
  readonly account: AccountId;
  readonly key: string;
  readonly before: T | undefined;
}

/** Remembers past open orders and positions, so that reads can return an earlier state. */
export class StaleReads {
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #venue: Venue;
  readonly #orders = new Past<VenueOrder>();
  readonly #positions = new Past<VenuePosition>();
  #lagMs = 0;

  constructor(clock: Clock, faults: Faults, venue: Venue) {
    this.#clock = clock;
    this.#faults = faults;
    this.#venue = venue;
    faults.onBegin('stale-reads', () => {
      this.#lagMs = LEAST_LAG_MS + (MOST_LAG_MS - LEAST_LAG_MS) * faults.draw('stale-reads');
    });
    venue.onEvent((event) => {
      const now = clock.monotonic();
      if (event.type === 'order') this.#orders.changed(now, event.order.account, event.order.orderId, event.order);
      if (event.type === 'position') this.#positions.changed(now, event.account, event.position.symbol, event.position);
    });
  }

  openOrders(account: AccountId): readonly VenueOrder[] {
    const now = this.#venue.openOrders(account);
    if (!this.#faults.strikes('stale-reads')) return now;
    const before = this.#orders.asOf(this.#clock.monotonic() - this.#lagMs, account, new Map(now.map((order) => [order.orderId, order])));
    return [...before.values()].filter(isOpen).sort((a, b) => (a.orderId < b.orderId ? 1 : -1));
  }

  position(account: AccountId, symbol: string): VenuePosition {
    const now = this.#venue.position(account, symbol);
    if (!this.#faults.strikes('stale-reads')) return now;
    const before = this.#positions.asOf(this.#clock.monotonic() - this.#lagMs, account, new Map([[symbol, now]])).get(symbol);
    return before ?? now;
  }
}

class Past<T> {
  readonly #last = new Map<string, T>();
  #changes: Change<T>[] = [];

  changed(at: number, account: AccountId, name: string, after: T): void {
    const key = `${account}/${name}`;
    this.#changes.push({ at, account, key: name, before: this.#last.get(key) });
    this.#last.set(key, after);
    if (this.#changes.length % 1000 === 0) this.#changes = this.#changes.filter((change) => change.at > at - KEPT_MS);
  }

  /** `present` with the changes since `at` undone. */
  asOf(at: number, account: AccountId, present: Map<string, T>): Map<string, T> {
    for (let i = this.#changes.length - 1; i >= 0; i -= 1) {
      const change = this.#changes[i];
      if (change === undefined || change.at <= at) break;
      if (change.account !== account) continue;
      if (change.before === undefined) present.delete(change.key);
      else present.set(change.key, change.before);
    }
    return present;
  }
}

function isOpen({ status }: VenueOrder): boolean {
  return status === 'New' || status === 'PartiallyFilled' || status === 'Untriggered';
}
