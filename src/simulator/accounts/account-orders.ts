import { at } from '../../util/array.ts';
import { defined } from '../../util/assert.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { ClientOrder } from '../orders/client-order.ts';
import { isOfKind } from '../orders/order-kinds.ts';
import type { AccountId } from '../venue/account-state.ts';
import type { VenueExecution, VenueOrder } from '../venue/orders.ts';
import type { VenueOrderRef, VenueScope } from '../venue/requests.ts';
import { ClosedOrders } from './closed-orders.ts';

/** The orders and executions of one client account in the markets of one product category. */
export class AccountOrders {
  readonly id: AccountId;
  readonly executions: VenueExecution[] = [];
  readonly closed = new ClosedOrders();
  readonly counts = { created: 0, amended: 0, canceled: 0, rejected: 0 };
  protected readonly markets: ReadonlyMap<string, EmbeddedMarket>;
  /** Open orders by symbol, unsorted. */
  readonly #open = new Map<string, ClientOrder[]>();
  /** Those of the open orders that wait for a trigger price, by symbol. */
  readonly #waiting = new Map<string, Set<ClientOrder>>();
  readonly #openById = new Map<string, ClientOrder>();
  /** Order ids by link id. Never removed, because a link id must not be used twice. */
  readonly #linkIds = new Map<string, string>();
  #reduceOnlyCount = 0;

  constructor(id: AccountId, markets: ReadonlyMap<string, EmbeddedMarket>) {
    this.id = id;
    this.markets = markets;
  }

  add(order: ClientOrder): void {
    const { symbol, orderLinkId } = order.request;
    order.slot = this.#openOf(symbol).push(order) - 1;
    this.#openById.set(order.orderId, order);
    if (order.isWaiting) this.#waitingOf(symbol).add(order);
    if (order.request.reduceOnly) this.#reduceOnlyCount += 1;
    if (orderLinkId !== '') this.#linkIds.set(orderLinkId, order.orderId);
  }

  /** Moves a closed order to the history, where only its last state is kept. */
  file(order: ClientOrder): void {
    this.#forget(order);
    if (order.stopKind !== '') this.releaseStop(order);
    this.closed.add(order.snapshot());
    if (order.request.reduceOnly) this.#reduceOnlyCount -= 1;
  }

  /** To be called for a stop that no longer waits. */
  releaseStop(order: ClientOrder): void {
    this.#waiting.get(order.request.symbol)?.delete(order);
  }

  /** Open reduce-only orders. */
  get reduceOnlyCount(): number {
    return this.#reduceOnlyCount;
  }

  findOpen(ref: VenueOrderRef): ClientOrder | undefined {
    const order = this.#openById.get(this.#idOf(ref));
    return order?.request.symbol === ref.symbol ? order : undefined;
  }

  find(ref: VenueOrderRef): VenueOrder | undefined {
    const id = this.#idOf(ref);
    const order = this.#openById.get(id)?.snapshot() ?? this.closed.find(id);
    return order?.symbol === ref.symbol ? order : undefined;
  }

  usedLinkId(orderLinkId: string): boolean {
    return this.#linkIds.has(orderLinkId);
  }

  /** Number of orders in the book. */
  activeCount(symbol: string): number {
    return (this.#open.get(symbol)?.length ?? 0) - (this.#waiting.get(symbol)?.size ?? 0);
  }

  /** Number of orders that wait for a trigger price, without the stops of the position. */
  conditionalCount(symbol: string): number {
    return [...(this.#waiting.get(symbol) ?? [])].filter(({ stopKind }) => stopKind === 'Stop').length;
  }

  /** Oldest first within a symbol. */
  openOrders(scope: VenueScope = {}): ClientOrder[] {
    const symbols = [...this.#open.keys()].filter((symbol) => inScope(defined(this.markets.get(symbol), symbol), scope));
    const orders = symbols.flatMap((symbol) => this.#openOf(symbol).toSorted(oldestFirst));
    return scope.kinds === undefined ? orders : orders.filter((order) => isOfKind(order, defined(scope.kinds, 'kinds')));
  }

  #forget(order: ClientOrder): void {
    const open = this.#openOf(order.request.symbol);
    const last = at(open, open.length - 1);
    open[order.slot] = last;
    last.slot = order.slot;
    open.pop();
    this.#openById.delete(order.orderId);
  }

  #openOf(symbol: string): ClientOrder[] {
    let open = this.#open.get(symbol);
    if (open === undefined) {
      open = [];
      this.#open.set(symbol, open);
    }
    return open;
  }

  #waitingOf(symbol: string): Set<ClientOrder> {
    const waiting = this.#waiting.get(symbol) ?? new Set();
    this.#waiting.set(symbol, waiting);
    return waiting;
  }

  #idOf({ orderId, orderLinkId }: VenueOrderRef): string {
    return orderId ?? this.#linkIds.get(orderLinkId ?? '') ?? '';
  }
}

/** Ids are ascending. */
function oldestFirst(a: ClientOrder, b: ClientOrder): number {
  return a.orderId < b.orderId ? -1 : 1;
}

/** Bybit’s priority if several are given: symbol, then base coin, then settle coin. */
function inScope({ instrument }: EmbeddedMarket, { symbol, baseCoin, settleCoin }: VenueScope): boolean {
  if (symbol !== undefined) return instrument.symbol === symbol;
  if (baseCoin !== undefined) return instrument.baseCoin === baseCoin;
  return settleCoin === undefined || instrument.settleCoin === settleCoin;
}
