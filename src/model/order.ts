import { assert, unreachable } from '../util/assert.ts';
import type { Instant } from '../util/clock.ts';
import { lots, type Atoms, type Lots, type Ticks } from './units.ts';

/** Of orders and fills; quotes and books say bid and ask. */
export type Side = 'buy' | 'sell';

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');
/** +1 for a buy, -1 for a sell. */
export const sign = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);

/** Every client order id of mmbot's begins with it, whatever the run. */
export const OWN_PREFIX = 'mm-';
/** And of a load-test: no journal of a bot has it. */
export const LOAD_PREFIX = `${OWN_PREFIX}load-`;

/** What we ask for. */
export interface NewOrder {
  readonly symbol: string;
  /** Ours: at most 36 of A-Z a-z 0-9 - _, never used twice. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
}

/** What an amend changes: `quantity` is the total, filled part included. */
export interface Terms {
  readonly price: Ticks;
  readonly quantity: Lots;
}

/** New terms for an order. */
export interface Amend extends Terms {
  readonly symbol: string;
  readonly clientOrderId: string;
}

/** One order row, as the exchange states it: a fact, unlike an ack. */
export interface OrderReport extends NewOrder {
  /** Theirs. */
  readonly exchangeOrderId: string;
  /** An unknown word of the exchange is `open`: the order is live until proven otherwise. */
  readonly status: 'open' | 'filled' | 'canceled' | 'rejected';
  readonly filled: Lots;
  /** Plain orders only are ours to quote with; conditional and TP/SL orders protect positions. */
  readonly kind: 'plain' | 'conditional' | 'tpsl';
  /** The exchange's reason for a cancel or a reject, as it wrote it. */
  readonly reason: string;
  /** Exchange time of creation and of the last change, ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One execution of an order of this account. */
export interface Fill {
  /** Applied once, whatever arrives twice. */
  readonly fillId: string;
  readonly symbol: string;
  readonly exchangeOrderId: string;
  /** Empty for orders without one. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** As the exchange wrote them, where they lie off today's grid: price and quantity are rounded then. */
  readonly exact?: { readonly price: string; readonly quantity: string };
  /** Paid fee; negative is a rebate. */
  readonly fee: Atoms;
  readonly maker: boolean;
  /** Exchange time, ms. */
  readonly at: number;
  /** The exchange's order of the executions of a symbol; equal for simultaneous ones. */
  readonly sequence?: number | undefined;
}

/** Where an order of ours stands. `pending` and `unknown` may be live: exposure counts them until disproved. */
export type OrderState =
  /** Intent recorded; not acknowledged yet. */
  | { readonly tag: 'pending' }
  /** Sent, outcome not proven. */
  | { readonly tag: 'unknown' }
  /** Acknowledged or seen; rests until the exchange says otherwise. */
  | { readonly tag: 'open' }
  | { readonly tag: 'filled' }
  | { readonly tag: 'canceled'; readonly reason: string }
  | { readonly tag: 'rejected'; readonly reason: string }
  /** Proven never to have reached the book. */
  | { readonly tag: 'neverAccepted' };

/** What we asked of a live order and have not seen happen. `unknown`: the request's outcome is in doubt. */
export type PendingChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'amend'; readonly terms: Terms; readonly unknown: boolean }
  /** `terms`: of an amend that was under way when the cancel was sent, and may take effect before it. */
  | { readonly kind: 'cancel'; readonly terms: Terms | undefined; readonly unknown: boolean };

/** An order of ours. Price and quantity are the exchange's once it has stated them. */
export interface Order extends NewOrder {
  readonly exchangeOrderId: string | undefined;
  readonly state: OrderState;
  readonly change: PendingChange;
  readonly filled: Lots;
  /** When it was intended, and when the exchange last confirmed a change of its terms. */
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Exchange time of the newest row about it; 0 before the first. */
  readonly reportedAt: number;
}

export type OrderEvent =
  | { readonly type: 'acknowledged'; readonly exchangeOrderId: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'outcomeUnknown' }
  | { readonly type: 'neverAccepted' }
  | { readonly type: 'amendSent'; readonly terms: Terms }
  | { readonly type: 'cancelSent' }
  /** The exchange refused it; the order itself stands as it was. */
  | { readonly type: 'amendRefused' }
  | { readonly type: 'cancelRefused' }
  /** Proven that nothing which was asked for happened. */
  | { readonly type: 'changeDisproved' }
  | { readonly type: 'changeUnknown' }
  /** A row of the exchange: from the stream or a query. `isNewest`: although its stamp is earlier than that of the newest row so far. */
  | { readonly type: 'reported'; readonly report: OrderReport; readonly isNewest?: boolean }
  /** The order's executions add up to `filled` (total). */
  | { readonly type: 'executed'; readonly filled: Lots };

const NO_CHANGE: PendingChange = { kind: 'none' };

export function newOrderState(order: NewOrder, at: Instant): Order {
  return {
    ...order,
    exchangeOrderId: undefined,
    state: { tag: 'pending' },
    change: NO_CHANGE,
    filled: lots(0),
    createdAt: at,
    updatedAt: at,
    reportedAt: 0,
  };
}

export function isLive(order: Order): boolean {
  const { tag } = order.state;
  return tag === 'pending' || tag === 'unknown' || tag === 'open';
}

/** The terms that the order has or will have when an amend of ours takes effect; undefined when none is under way. */
export function pendingTerms({ change }: Order): Terms | undefined {
  return change.kind === 'none' ? undefined : change.terms;
}

/** What may still fill: all of it while an amend upward is in doubt. */
export function openQuantity(order: Order): Lots {
  return isLive(order) ? lots(Math.max(0, mostQuantity(order) - order.filled)) : lots(0);
}

function mostQuantity(order: Order): number {
  return Math.max(order.quantity, pendingTerms(order)?.quantity ?? 0);
}

/**
 * The only place where an order changes. Terminal states absorb, except that executions correct `canceled`
 * and `neverAccepted` (the exchange may report a cancel and a fill in either order).
 */
export function transition(order: Order, event: OrderEvent, at: Instant): Order {
  switch (event.type) {
    case 'acknowledged':
      return { ...whenSent(order, { tag: 'open' }), exchangeOrderId: order.exchangeOrderId ?? event.exchangeOrderId };
    case 'refused':
      return whenSent(order, { tag: 'rejected', reason: event.reason });
    case 'outcomeUnknown':
      return order.state.tag === 'pending' ? { ...order, state: { tag: 'unknown' } } : order;
    case 'neverAccepted':
      return whenSent(order, { tag: 'neverAccepted' });
    case 'amendSent':
      return isLive(order) ? { ...order, change: { kind: 'amend', terms: event.terms, unknown: false } } : order;
    case 'cancelSent':
      return isLive(order) ? { ...order, change: { kind: 'cancel', terms: pendingTerms(order), unknown: false } } : order;
    case 'amendRefused':
      return executed({ ...order, change: withoutTerms(order.change) }, order.filled);
    case 'cancelRefused':
      return executed({ ...order, change: withoutCancel(order.change) }, order.filled);
    case 'changeDisproved':
      return executed({ ...order, change: NO_CHANGE }, order.filled);
    case 'changeUnknown':
      return order.change.kind === 'none' || order.change.unknown ? order : { ...order, change: { ...order.change, unknown: true } };
    case 'reported':
      return reported(event.isNewest === true ? { ...order, reportedAt: 0 } : order, event.report, at);
    case 'executed':
      return executed(order, event.filled);
    default:
      return unreachable(event);
  }
}

/** Answers to the create count only while nothing better is known. */
function whenSent(order: Order, state: OrderState): Order {
  const waiting = order.state.tag === 'pending' || order.state.tag === 'unknown';
  return waiting ? { ...order, state, change: isTerminal(state) ? NO_CHANGE : order.change } : order;
}

function reported(order: Order, report: OrderReport, at: Instant): Order {
  // What is filled is filled whole, whatever else its row lacks.
  const filled = lots(Math.max(order.filled, report.filled, report.status === 'filled' ? report.quantity : 0));
  // Repeated, overtaken or read from a list that lags: it tells only what can never shrink.
  if (report.status === 'open' && report.updatedAt < order.reportedAt) return filled > order.filled ? executed(order, filled) : order;
  const known = {
    ...order,
    exchangeOrderId: report.exchangeOrderId,
    quantity: holding(order.quantity, filled),
    filled,
    reportedAt: Math.max(order.reportedAt, report.updatedAt),
  };
  if (!isLive(order) && order.state.tag !== 'neverAccepted') {
    return report.status === 'filled' || filled >= order.quantity ? { ...known, state: { tag: 'filled' } } : known;
  }
  const terms = { price: report.price, quantity: holding(report.quantity, filled) };
  // An open row may be older than the executions: while an amend upward is in doubt these do not make it whole.
  switch (report.status) {
    case 'open':
      if (report.filled >= report.quantity || filled >= Math.max(report.quantity, pendingTerms(order)?.quantity ?? 0))
        return { ...known, ...terms, state: { tag: 'filled' }, change: NO_CHANGE };
      return {
        ...known,
        ...terms,
        state: { tag: 'open' },
        change: changeAfter(order, report),
        updatedAt: moved(order, report) ? at : order.updatedAt,
      };
    case 'filled':
      return { ...known, ...terms, state: { tag: 'filled' }, change: NO_CHANGE };
    case 'canceled':
      return { ...known, ...terms, state: { tag: 'canceled', reason: report.reason }, change: NO_CHANGE };
    case 'rejected':
      return { ...known, ...terms, state: { tag: 'rejected', reason: report.reason }, change: NO_CHANGE };
    default:
      return unreachable(report.status);
  }
}

/** An amend is over when the row shows its terms; a cancel only when the row is no longer open. */
function changeAfter({ change }: Order, report: OrderReport): PendingChange {
  if (change.kind === 'none' || change.terms === undefined) return change;
  const { price, quantity } = change.terms;
  return price === report.price && quantity === report.quantity ? withoutTerms(change) : change;
}

function withoutTerms(change: PendingChange): PendingChange {
  return change.kind === 'cancel' ? { ...change, terms: undefined } : NO_CHANGE;
}

/** Nobody follows an amend any more over which a cancel was sent: it is in doubt. */
function withoutCancel(change: PendingChange): PendingChange {
  if (change.kind !== 'cancel') return change;
  return change.terms === undefined ? NO_CHANGE : { kind: 'amend', terms: change.terms, unknown: true };
}

function moved(order: Order, report: OrderReport): boolean {
  return order.price !== report.price || order.quantity !== report.quantity || order.state.tag !== 'open';
}

/** The order with this much of it executed; filled, when nothing can be left. */
function executed(order: Order, filled: Lots): Order {
  assert(filled >= order.filled || filled >= 0, `executions of ${order.clientOrderId} shrank`);
  const total = lots(Math.max(order.filled, filled));
  // While an amend upward is in doubt, the exchange's row alone says whether anything is left.
  const known = { ...order, quantity: holding(order.quantity, total), filled: total };
  return total < mostQuantity(order) ? known : { ...known, state: { tag: 'filled' }, change: NO_CHANGE };
}

/** More than its quantity is never executed of an order: an amend that made it smaller came too late, or one that made it larger is not told of yet. */
function holding(quantity: Lots, filled: Lots): Lots {
  return lots(Math.max(quantity, filled));
}

function isTerminal(state: OrderState): boolean {
  return state.tag === 'filled' || state.tag === 'canceled' || state.tag === 'rejected' || state.tag === 'neverAccepted';
}
