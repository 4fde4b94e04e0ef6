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
  /** Client order ids of closed orders, in the order in which they ended. */
  readonly #closed = new Set<string>();
  readonly #fillIds = new Set<string>();
  /** Executed so far by client order id, from fills alone. */
  readonly #executed = new Map<string, Lots>();
  /** The same by the exchange's id, of fills whose order is not known. */
  readonly #unclaimed = new Map<string, number>();
  /** By symbol, the orders of which rows have shown more than fills have. */
  readonly #unbooked = new Map<string, Set<string>>();
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

  /**
   * What may be held: the position that the fills add up to, and what rows of orders and the exchange's own word on the position
   * have shown beyond it. A source that shows more never makes up for what another one has shown.
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

  /** Whether some source has shown an execution that has not come. */
  differs(symbol: string): boolean {
    const { low, high } = this.held(symbol);
    return low !== high;
  }

  /** Whether the position is this, or was in the last seconds. */
  heldLately(symbol: string, quantity: Lots, at: Instant): boolean {
    return this.#fold(symbol).heldLately(quantity, at);
  }

  /** Whether the position was this when the exchange wrote it; undefined where that cannot be told. */
  agrees(report: PositionReport): boolean | undefined {
    return this.#fold(report.symbol).agrees(report);
  }

  /** What the exchange says of a position, by stream or by list. */
  hear(report: PositionReport): void {
    this.#fold(report.symbol).hear(report);
  }

  /** The newest that the exchange has said of a position. */
  witness(symbol: string): PositionReport | undefined {
    return this.#positions.get(symbol)?.witness;
  }

  disbelieve(symbol: string): void {
    this.#fold(symbol).disbelieve();
  }

  /** Undefined when the order is not ours. */
  apply(clientOrderId: string, event: OrderEvent, at: Instant): OrderChange | undefined {
    const before = this.#orders.get(clientOrderId);
    if (before === undefined) return undefined;
    const after = transition(before, event, at);
    if (after !== before) this.#put(after);
    return { before, after: this.#claimed(after, at) };
  }

  /** A row of the exchange about an order of ours; undefined when it is not. */
  report(report: OrderReport, at: Instant, isNewest = false): OrderChange | undefined {
    const order = this.find(report);
    return order === undefined ? undefined : this.apply(order.clientOrderId, { type: 'reported', report, isNewest }, at);
  }

  /** Each fill counts once, whatever arrives twice. `order`: undefined for a fill of somebody else's order on this account. */
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

  /** A fill that is in the position already. */
  knowFill(fillId: string): void {
    this.#remember(fillId);
  }

  /** Where the account stood before this run: fills from before it are not replayed. */
  startFrom(symbol: string, position: Position, report: PositionReport | undefined): void {
    const moment = report === undefined ? undefined : { sequence: report.sequence, at: report.updatedAt ?? 0 };
    this.#fold(symbol).startFrom(position, moment);
  }

  /** A fill of an earlier run that is newer than where the account stood: it counts once, also where it is known, but not in the position. */
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

  /** Of a fill that came before anything has told which order of ours it belongs to, if any. */
  #keepUnclaimed({ exchangeOrderId, quantity }: Fill): void {
    this.#unclaimed.set(exchangeOrderId, (this.#unclaimed.get(exchangeOrderId) ?? 0) + quantity);
    if (this.#unclaimed.size > REMEMBERED_ORDERS) forgetOldest(this.#unclaimed);
  }

  /** The order with the fills that came before its id was known. */
  #claimed(order: Order, at: Instant): Order {
    const { exchangeOrderId = '' } = order;
    const quantity = this.#unclaimed.get(exchangeOrderId);
    if (quantity === undefined) return order;
    this.#unclaimed.delete(exchangeOrderId);
    return this.#execute(order, quantity, at)?.after ?? order;
  }

  /** What rows have shown of an order and fills have not. */
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
    if (order.exchangeOrderId !== undefined) this.#byExchangeId.set(order.exchangeOrderId, order.clientOrderId);
    const live = idsOf(this.#live, order.symbol);
    if (isLive(order)) {
      live.add(order.clientOrderId);
      // One that was taken for never accepted may rest after all.
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
      // What is missing of it still counts.
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
