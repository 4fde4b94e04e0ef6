import { defined } from '../util/assert.ts';
import type { AccountOrders } from './accounts/account-orders.ts';
import type { EmbeddedMarket } from './embedded-market.ts';
import type { ClientOrder } from './orders/client-order.ts';
import type { AccountId } from './venue/account-state.ts';
import type { VenueEvent } from './venue/events.ts';
import type { VenueExecution, VenueOrder } from './venue/orders.ts';
import type { VenueOrderRef } from './venue/requests.ts';

/** What the venues of contracts and of spot pairs have in common: markets, the orders of accounts, and events. */
export abstract class CategoryVenue<Market extends EmbeddedMarket, Orders extends AccountOrders> {
  protected readonly markets = new Map<string, Market>();
  protected readonly accounts: readonly Orders[];
  readonly #listeners: ((event: VenueEvent) => void)[] = [];

  constructor(accounts: number, newAccount: (id: AccountId, markets: ReadonlyMap<string, Market>) => Orders) {
    this.accounts = Array.from({ length: accounts }, (_, id) => newAccount(id, this.markets));
  }

  market(symbol: string): Market | undefined {
    return this.markets.get(symbol);
  }

  openOrders(id: AccountId): readonly VenueOrder[] {
    const orders = this.account(id).openOrders();
    return orders.sort(newestFirst).map((order) => order.snapshot());
  }

  closedOrders(id: AccountId): readonly VenueOrder[] {
    return this.account(id).closed.newestFirst();
  }

  findOrder(id: AccountId, ref: VenueOrderRef): VenueOrder | undefined {
    return this.account(id).find(ref);
  }

  executions(id: AccountId): readonly VenueExecution[] {
    return this.account(id).executions.toReversed();
  }

  onEvent(listener: (event: VenueEvent) => void): void {
    this.#listeners.push(listener);
  }

  protected publish(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  protected account(id: AccountId): Orders {
    return defined(this.accounts[id], `account ${id}`);
  }
}

/** Ids are ascending. */
function newestFirst(a: ClientOrder, b: ClientOrder): number {
  return a.orderId < b.orderId ? 1 : -1;
}
