import {
  isLive,
  newOrderState,
  transition,
  type Fill,
  type NewOrder,
  type Order,
  type OrderEvent,
  type OrderReport,
} from '../model/order.ts';
import { FLAT, type FundingPayment, type Position } from '../model/position.ts';
import { lots, type Lots } from '../model/units.ts';
import { assert, defined } from '../util/assert.ts';
import type { Instant } from '../util/clock.ts';
import { PositionFold } from './position-fold.ts';

/** Closed orders and fill ids that are remembered, so that late and repeated messages are recognised. */
const REMEMBERED_ORDERS = 20_000;
const REMEMBERED_FILLS = 100_000;
const NONE: ReadonlySet<string> = new Set();

/** How an order looked before and after something happened to it. */
export interface OrderChange {
  readonly before: Order;
  readonly after: Order;
}

/**
 * mmbot's picture of its own orders and positions, folded from intents, answers, reports and fills in any order of
 * arrival. It may be wrong and is never proof of anything; the exchange is.
 */
export class OrderStore {
  readonly #orders = new Map<string, Order>();
  /** Client order ids of live orders by symbol, oldest first. */
  readonly #live = new Map<string, Set<string>>();
  readonly #byExchangeId = new Map<string, string>();
  readonly #closed: string[] = [];
  readonly #fillIds = new Set<string>();
  /** Executed so far by client order id, from fills alone. */
  readonly #executed = new Map<string, Lots>();
  readonly #positions = new Map<string, PositionFold>();

  /** Before it is sent. An id is never used twice. */
  intend(order: NewOrder, at: Instant): Order {
    assert(!this.#orders.has(order.clientOrderId), `client order id ${order.clientOrderId} was used before`);
    const state = newOrderState(order, at);
    this.#put(state);
    return state;
  }

  get(clientOrderId: string): Order | undefined {
    return this.#orders.get(clientOrderId);
  }

  /** By our id, else by theirs. */
  find(ref: { readonly clientOrderId: string; readonly exchangeOrderId: string }): Order | undefined {
    return this.#orders.get(ref.clientOrderId) ?? this.#orders.get(this.#byExchangeId.get(ref.exchangeOrderId) ?? '');
  }

  /** Pending, unknown and open ones, oldest first. */
  live(symbol?: string): Order[] {
    const orders: Order[] = [];
    for (const ids of symbol === undefined ? this.#live.values() : [this.#live.get(symbol) ?? NONE]) {
      for (const id of ids) orders.push(defined(this.#orders.get(id), `live order ${id}`));
    }
    return orders;
  }

  position(symbol: string): Position {
    return this.#positions.get(symbol)?.position ?? FLAT;
  }

  /** Whether the position is this, or was in the last seconds. */
  heldLately(symbol: string, quantity: Lots, at: Instant): boolean {
    return this.#fold(symbol).heldLately(quantity, at);
  }

  /** Undefined when the order is not ours. */
  apply(clientOrderId: string, event: OrderEvent, at: Instant): OrderChange | undefined {
    const before = this.#orders.get(clientOrderId);
    if (before === undefined) return undefined;
    const after = transition(before, event, at);
    if (after !== before) this.#put(after);
    return { before, after };
  }

  /** A row of the exchange about an order of ours; undefined when it is not. */
  report(report: OrderReport, at: Instant): OrderChange | undefined {
    const order = this.find(report);
    return order === undefined ? undefined : this.apply(order.clientOrderId, { type: 'reported', report }, at);
  }

  /** Each fill counts once, whatever arrives twice. `order`: undefined for a fill of somebody else's order on this account. */
  fill(fill: Fill, at: Instant): { readonly isNew: boolean; readonly order: OrderChange | undefined; readonly position: Position } {
    if (this.#fillIds.has(fill.fillId)) return { isNew: false, order: undefined, position: this.position(fill.symbol) };
    this.#remember(fill.fillId);
    this.#fold(fill.symbol).add(fill, at);
    const position = this.position(fill.symbol);
    const order = this.find(fill);
    if (order === undefined) return { isNew: true, order: undefined, position };
    const executed = lots((this.#executed.get(order.clientOrderId) ?? 0) + fill.quantity);
    this.#executed.set(order.clientOrderId, executed);
    return { isNew: true, order: this.apply(order.clientOrderId, { type: 'executed', filled: executed }, at), position };
  }

  /** Each payment counts once. */
  funding(payment: FundingPayment): { readonly isNew: boolean; readonly position: Position } {
    const before = this.position(payment.symbol);
    if (this.#fillIds.has(payment.paymentId)) return { isNew: false, position: before };
    this.#remember(payment.paymentId);
    this.#fold(payment.symbol).pay(payment);
    return { isNew: true, position: this.position(payment.symbol) };
  }

  knowsFill(fillId: string): boolean {
    return this.#fillIds.has(fillId);
  }

  /** A fill that is in the position already. */
  knowFill(fillId: string): void {
    this.#remember(fillId);
  }

  /** Where the account stood before this run: fills from before it are not replayed. */
  startFrom(symbol: string, position: Position): void {
    this.#fold(symbol).startFrom(position);
  }

  #fold(symbol: string): PositionFold {
    const fold = this.#positions.get(symbol) ?? new PositionFold();
    this.#positions.set(symbol, fold);
    return fold;
  }

  #put(order: Order): void {
    this.#orders.set(order.clientOrderId, order);
    if (order.exchangeOrderId !== undefined) this.#byExchangeId.set(order.exchangeOrderId, order.clientOrderId);
    const live = this.#live.get(order.symbol) ?? new Set<string>();
    this.#live.set(order.symbol, live);
    if (isLive(order)) live.add(order.clientOrderId);
    else if (live.delete(order.clientOrderId)) this.#close(order.clientOrderId);
  }

  #close(clientOrderId: string): void {
    this.#closed.push(clientOrderId);
    if (this.#closed.length <= REMEMBERED_ORDERS) return;
    for (const id of this.#closed.splice(0, REMEMBERED_ORDERS / 10)) {
      const exchangeOrderId = this.#orders.get(id)?.exchangeOrderId;
      if (exchangeOrderId !== undefined) this.#byExchangeId.delete(exchangeOrderId);
      this.#orders.delete(id);
      this.#executed.delete(id);
    }
  }

  #remember(fillId: string): void {
    this.#fillIds.add(fillId);
    if (this.#fillIds.size <= REMEMBERED_FILLS) return;
    for (const oldest of this.#fillIds) {
      this.#fillIds.delete(oldest);
      return;
    }
  }
}
