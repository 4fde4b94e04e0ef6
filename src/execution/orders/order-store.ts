import type { PositionReport } from '../../exchange/exchange.ts';
import {
  isLive,
  newOrderState,
  sign,
  transition,
  type Fill,
  type NewOrder,
  type Order,
  type OrderEvent,
  type OrderReport,
} from '../../model/order.ts';
import { FLAT, type FundingPayment, type Held, type Position } from '../../model/position.ts';
import { lots, type Lots } from '../../model/units.ts';
import { assert, defined } from '../../util/assert.ts';
import { forgetOldest } from '../../util/forget.ts';
import type { Instant } from '../../util/clock.ts';
import { PositionFold } from './position-fold.ts';

/** How many closed orders and fill ids are kept, so that late and repeated messages are recognized. */
const REMEMBERED_ORDERS = 20_000;
const REMEMBERED_FILLS = 100_000;
const NONE: ReadonlySet<string> = new Set();

/** An order before and after an event. */
export interface OrderChange {
  readonly before: Order;
  readonly after: Order;
}

/**
 * mmbot's local view of its own orders and positions, built from intents, responses, reports and fills in any order of arrival. It
 * may be wrong: only the exchange's data is proof.
 */
export class OrderStore {
  readonly #orders = new Map<string, Order>();
  /** Client order ids of live orders by symbol, oldest first. */
  readonly #live = new Map<string, Set<string>>();
  /** The live orders by symbol, until one of them changes: a turn asks for them several times. */
  readonly #liveOrders = new Map<string, readonly Order[]>();
  readonly #byExchangeId = new Map<string, string>();
  /** Client order ids of closed orders, in the order in which they ended. */
  readonly #closed = new Set<string>();
  readonly #fillIds = new Set<string>();
  /** Executed quantity by client order id, from fills only. */
  readonly #executed = new Map<string, Lots>();
  /** The same by exchange order id, for fills whose order is not known. */
  readonly #unclaimed = new Map<string, number>();
  /** By symbol, the orders whose rows show more executed than the received fills. */
  readonly #unbooked = new Map<string, Set<string>>();
  readonly #positions = new Map<string, PositionFold>();

  /** Records an order before it is sent. An id is never reused. */
  intend(order: NewOrder, at: Instant): Order {
    assert(!this.#orders.has(order.clientOrderId), `client order id ${order.clientOrderId} was used before`);
    const state = newOrderState(order, at);
    this.#put(state);
    return state;
  }

  get(clientOrderId: string): Order | undefined {
    return this.#orders.get(clientOrderId);
  }

  /** Finds by client order id, else by exchange order id. */
  find(ref: { readonly clientOrderId: string; readonly exchangeOrderId: string }): Order | undefined {
    return this.#orders.get(ref.clientOrderId) ?? this.#orders.get(this.#byExchangeId.get(ref.exchangeOrderId) ?? '');
  }

  /** Pending, unknown and open orders, oldest first. The same list until an order of the symbol changes. */
  live(symbol?: string): readonly Order[] {
    if (symbol === undefined) return [...this.#live.keys()].flatMap((each) => this.live(each));
    const known = this.#liveOrders.get(symbol);
    if (known !== undefined) return known;
    const orders: Order[] = [];
    for (const id of this.#live.get(symbol) ?? NONE) orders.push(defined(this.#orders.get(id), `live order ${id}`));
    this.#liveOrders.set(symbol, orders);
    return orders;
  }

  position(symbol: string): Position {
    return this.#positions.get(symbol)?.position ?? FLAT;
  }

  /**
   * The range in which the position may lie: the position from fills, extended by executions that order rows show beyond them and by
   * the position that the exchange reports. The sources extend the range independently; one never cancels out another.
   */
  held(symbol: string): Held {
    const { quantity } = this.position(symbol);
    let [low, high] = [quantity, quantity];
    for (const id of this.#unbooked.get(symbol) ?? NONE) {
      const order = defined(this.#orders.get(id), `order ${id}`);
      const missing = sign(order.side) * this.#missingOf(order);
      if (missing > 0) high = lots(high + missing);
      else low = lots(low + missing);
    }
    const witnessed = this.#positions.get(symbol)?.witnessed() ?? quantity;
    return { low: lots(Math.min(low, witnessed)), high: lots(Math.max(high, witnessed)) };
  }

  /** True when a source has shown an execution whose fill has not arrived. */
  differs(symbol: string): boolean {
    const { low, high } = this.held(symbol);
    return low !== high;
  }

  /** True when the position is `quantity`, or was within the last seconds. */
  heldLately(symbol: string, quantity: Lots, at: Instant): boolean {
    return this.#fold(symbol).heldLately(quantity, at);
  }

  /** Whether our position at the time of the report equals the reported one; undefined when this cannot be determined. */
  agrees(report: PositionReport): boolean | undefined {
    return this.#fold(report.symbol).agrees(report);
  }

  /** Takes a position that the exchange reported, from the stream or a query. */
  hear(report: PositionReport): void {
    this.#fold(report.symbol).hear(report);
  }

  /** The newest position that the exchange has reported. */
  witness(symbol: string): PositionReport | undefined {
    return this.#positions.get(symbol)?.witness;
  }

  disbelieve(symbol: string): void {
    this.#fold(symbol).disbelieve();
  }

  /** Undefined when the order is not in the store. */
  apply(clientOrderId: string, event: OrderEvent, at: Instant): OrderChange | undefined {
    const before = this.#orders.get(clientOrderId);
    if (before === undefined) return undefined;
    const after = transition(before, event, at);
    if (after !== before) this.#put(after);
    return { before, after: this.#claimed(after, at) };
  }

  /** Applies an order row of the exchange; undefined when the order is not in the store. */
  report(report: OrderReport, at: Instant, isNewest = false): OrderChange | undefined {
    const order = this.find(report);
    return order === undefined ? undefined : this.apply(order.clientOrderId, { type: 'reported', report, isNewest }, at);
  }

  /** Each fill counts once, even when it arrives twice. `order`: undefined for a fill of another client's order on this account. */
  fill(fill: Fill, at: Instant): { readonly isNew: boolean; readonly order: OrderChange | undefined; readonly position: Position } {
    const fold = this.#fold(fill.symbol);
    const order = this.find(fill);
    const isIncluded = order === undefined && fold.includes(fill);
    if (this.#fillIds.has(fill.fillId) || isIncluded) return { isNew: false, order: undefined, position: fold.position };
    this.#remember(fill.fillId);
    fold.add(fill, at);
    if (order === undefined) this.#keepUnclaimed(fill);
    return { isNew: true, order: order === undefined ? undefined : this.#execute(order, fill.quantity, at), position: fold.position };
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

  /** Marks a fill as known that is already part of the position. */
  knowFill(fillId: string): void {
    this.#remember(fillId);
  }

  /** Sets the position from before this run: earlier fills are not replayed. */
  startFrom(symbol: string, position: Position, report: PositionReport | undefined): void {
    const moment = report === undefined ? undefined : { sequence: report.sequence, at: report.updatedAt ?? 0 };
    this.#fold(symbol).startFrom(position, moment);
  }

  /**
   * A fill of an earlier run that is newer than the position given to `startFrom`. It counts once, even when its id is known already,
   * as long as it is not in the position.
   */
  adoptFill(fill: Fill, at: Instant): void {
    const fold = this.#fold(fill.symbol);
    this.#remember(fill.fillId);
    if (!fold.has(fill.fillId)) fold.add(fill, at);
  }

  #execute({ clientOrderId }: Order, quantity: number, at: Instant): OrderChange | undefined {
    const executed = lots((this.#executed.get(clientOrderId) ?? 0) + quantity);
    this.#executed.set(clientOrderId, executed);
    return this.apply(clientOrderId, { type: 'executed', filled: executed }, at);
  }

  /** Keeps the quantity of a fill that arrived before it is known which of our orders, if any, it belongs to. */
  #keepUnclaimed({ exchangeOrderId, quantity }: Fill): void {
    this.#unclaimed.set(exchangeOrderId, (this.#unclaimed.get(exchangeOrderId) ?? 0) + quantity);
    if (this.#unclaimed.size > REMEMBERED_ORDERS) forgetOldest(this.#unclaimed);
  }

  /** The order including the fills that arrived before its exchange order id was known. */
  #claimed(order: Order, at: Instant): Order {
    const { exchangeOrderId = '' } = order;
    const quantity = this.#unclaimed.get(exchangeOrderId);
    if (quantity === undefined) return order;
    this.#unclaimed.delete(exchangeOrderId);
    return this.#execute(order, quantity, at)?.after ?? order;
  }

  /** Executed quantity of an order that rows have shown but fills have not. */
  #missingOf({ clientOrderId, filled, quantity }: Order): number {
    return Math.max(0, Math.min(filled, quantity) - (this.#executed.get(clientOrderId) ?? 0));
  }

  #fold(symbol: string): PositionFold {
    const fold = this.#positions.get(symbol) ?? new PositionFold();
    this.#positions.set(symbol, fold);
    return fold;
  }

  #put(order: Order): void {
    this.#orders.set(order.clientOrderId, order);
    this.#liveOrders.delete(order.symbol);
    if (order.exchangeOrderId !== undefined) this.#byExchangeId.set(order.exchangeOrderId, order.clientOrderId);
    const live = idsOf(this.#live, order.symbol);
    if (isLive(order)) {
      live.add(order.clientOrderId);
      // An order that was considered never accepted may rest after all.
      this.#closed.delete(order.clientOrderId);
    } else if (live.delete(order.clientOrderId)) this.#close(order.clientOrderId);
    const unbooked = idsOf(this.#unbooked, order.symbol);
    if (this.#missingOf(order) > 0) unbooked.add(order.clientOrderId);
    else unbooked.delete(order.clientOrderId);
  }

  #close(clientOrderId: string): void {
    this.#closed.add(clientOrderId);
    if (this.#closed.size <= REMEMBERED_ORDERS) return;
    for (const id of [...this.#closed].slice(0, REMEMBERED_ORDERS / 10)) {
      const { exchangeOrderId, symbol } = defined(this.#orders.get(id), `closed order ${id}`);
      this.#closed.delete(id);
      // Fills of this order are still missing, so it must be kept.
      if (this.#unbooked.get(symbol)?.has(id) === true) {
        this.#closed.add(id);
        continue;
      }
      if (exchangeOrderId !== undefined) this.#byExchangeId.delete(exchangeOrderId);
      this.#orders.delete(id);
      this.#executed.delete(id);
    }
  }

  #remember(fillId: string): void {
    this.#fillIds.add(fillId);
    if (this.#fillIds.size > REMEMBERED_FILLS) forgetOldest(this.#fillIds);
  }
}

function idsOf(bySymbol: Map<string, Set<string>>, symbol: string): Set<string> {
  const ids = bySymbol.get(symbol) ?? new Set<string>();
  bySymbol.set(symbol, ids);
  return ids;
}
