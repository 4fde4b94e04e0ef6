import type { Settings } from '../config/fields.ts';
import type { Touch } from '../model/book.ts';
import { gridOf, notional, toAtoms, type Instrument, type OrderGrid } from '../model/instrument.ts';
import { isLive, type Amend, type NewOrder, type Order, type Side } from '../model/order.ts';
import type { Held } from '../model/position.ts';
import { ATOMS_PER_COIN, atoms, lots, type Atoms, type Lots, type Ticks } from '../model/units.ts';
import { floorTickLots } from '../strategy/rounding.ts';
import { Exposure } from './exposure.ts';
import type { TradingState } from './trading-state.ts';

declare const approved: unique symbol;

/**
 * A request that passed the risk gate. Only this file can create one, and the gateway accepts nothing else. `grid`: the steps of
 * the ticks and lots at the time of the check; with other steps it would be a different order.
 */
export type Approved<T> = T & { readonly [approved]: true; readonly grid: OrderGrid };

/** What the gate checks against. Prices in ticks; `touch` is that of the latest book. */
export interface GateContext {
  readonly instrument: Instrument;
  readonly touch: Touch;
  readonly markPrice: Ticks | undefined;
  readonly held: Held;
  /** Our orders of this symbol that are or may be live. */
  readonly orders: readonly Order[];
  readonly trading: TradingState;
  readonly ordersToday: number;
  /** Over all symbols, including this one. */
  readonly accountOpenOrders: number;
  readonly accountOpenNotional: Atoms;
  readonly limits: Settings['risk'];
}

/** Every reason to deny an order. */
export const DENIAL_REASONS = [
  'unknown_order',
  'invalid_number',
  'min_quantity',
  'max_quantity',
  'min_notional',
  'order_notional',
  'no_mark_price',
  'price_collar',
  'crosses_book',
  'own_cross',
  'frozen',
  'duplicate_order',
  'orders_per_day',
  'open_orders',
  'reducing_only',
  'position',
  'open_notional',
] as const;

export type DenialReason = (typeof DENIAL_REASONS)[number];

export interface Denial {
  readonly order: NewOrder | Amend;
  readonly reason: DenialReason;
}

export interface GateResult {
  readonly amends: readonly Approved<Amend>[];
  readonly places: readonly Approved<NewOrder>[];
  readonly denied: readonly Denial[];
}

/**
 * Every request except a cancel must pass this check before it is sent. Each candidate is checked with the ones approved before it
 * already counted, so that all requests approved together stay inside every limit.
 */
export function check(amends: readonly Amend[], places: readonly NewOrder[], context: GateContext): GateResult {
  const tally: Tally = {
    exposure: new Exposure(context.held, context.orders),
    openOrders: context.accountOpenOrders,
    openNotional: context.accountOpenNotional,
    ordersToday: context.ordersToday,
  };
  const result: Draft = { amends: [], places: [], denied: [] };
  for (const amend of amends) judgeAmend(amend, tally, context, result);
  for (const order of places) judgePlace(order, tally, context, result);
  return result;
}

interface Draft {
  readonly amends: Approved<Amend>[];
  readonly places: Approved<NewOrder>[];
  readonly denied: Denial[];
}

function judgeAmend(amend: Amend, tally: Tally, context: GateContext, result: Draft): void {
  const order = context.orders.find(({ clientOrderId }) => clientOrderId === amend.clientOrderId);
  if (order === undefined || !isLive(order)) {
    result.denied.push({ order: amend, reason: 'unknown_order' });
    return;
  }
  const candidate: Candidate = { side: order.side, price: amend.price, quantity: lots(amend.quantity - order.filled), replaced: order };
  const reason = refusal(candidate, tally, context);
  if (reason !== undefined) {
    result.denied.push({ order: amend, reason });
    return;
  }
  tally.exposure.addAmend(order, amend);
  tally.openNotional = atoms(tally.openNotional + notionalIncrease(candidate, order, context.instrument));
  result.amends.push(approve(amend, context));
}

function judgePlace(order: NewOrder, tally: Tally, context: GateContext, result: Draft): void {
  const { side, price, quantity } = order;
  const reason = refusal({ side, price, quantity, replaced: undefined }, tally, context);
  if (reason !== undefined) {
    result.denied.push({ order, reason });
    return;
  }
  tally.exposure.addPlace(order);
  tally.openOrders += 1;
  tally.ordersToday += 1;
  tally.openNotional = atoms(tally.openNotional + value(order, context.instrument));
  result.places.push(approve(order, context));
}

function approve<T>(order: T, { instrument }: GateContext): Approved<T> {
  return { ...order, grid: gridOf(instrument) } as Approved<T>;
}

interface Tally {
  readonly exposure: Exposure;
  openOrders: number;
  openNotional: Atoms;
  ordersToday: number;
}

/** `quantity`: what may still fill. */
interface Candidate {
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly replaced: Order | undefined;
}

/** The first limit that the candidate violates; undefined when there is none. */
function refusal(candidate: Candidate, tally: Tally, context: GateContext): DenialReason | undefined {
  return refusedNumbers(candidate, context) ?? refusedPrice(candidate, tally, context) ?? refusedExposure(candidate, tally, context);
}

function refusedNumbers({ price, quantity }: Candidate, { instrument, limits }: GateContext): DenialReason | undefined {
  if (!(Number.isSafeInteger(price) && price > 0 && Number.isSafeInteger(quantity) && quantity > 0)) return 'invalid_number';
  if (quantity < instrument.minQuantity) return 'min_quantity';
  if (quantity > instrument.maxQuantity) return 'max_quantity';
  if (price * quantity < instrument.minNotional) return 'min_notional';
  if (price * quantity > floorTickLots(limits.maxOrderUsd, instrument)) return 'order_notional';
  return undefined;
}

function refusedPrice(
  { side, price }: Candidate,
  { exposure }: Tally,
  { touch, markPrice, limits }: GateContext,
): DenialReason | undefined {
  const mid = (touch.bid.price + touch.ask.price) / 2;
  // Without a reference price the collar could not reject anything.
  if (markPrice === undefined || !(markPrice > 0)) return 'no_mark_price';
  if (isOutside(price, mid, limits.priceCollarBps) || isOutside(price, markPrice, limits.priceCollarBps)) return 'price_collar';
  if (side === 'buy' ? price >= touch.ask.price : price <= touch.bid.price) return 'crosses_book';
  const own = exposure.ownOpposite(side);
  if (own !== undefined && (side === 'buy' ? price >= own : price <= own)) return 'own_cross';
  return undefined;
}

function isOutside(price: number, reference: number, collarBps: number): boolean {
  return !(Math.abs(price - reference) * 10_000 <= reference * collarBps);
}

function refusedExposure(candidate: Candidate, tally: Tally, context: GateContext): DenialReason | undefined {
  const { side, price, quantity, replaced } = candidate;
  const { instrument, trading, limits } = context;
  if (trading.mode === 'frozen') return 'frozen';
  if (replaced === undefined && tally.exposure.hasTwin(side, price, quantity)) return 'duplicate_order';
  if (replaced === undefined && tally.ordersToday >= limits.maxOrdersPerDay) return 'orders_per_day';
  if (replaced === undefined && tally.openOrders >= limits.maxOpenOrders) return 'open_orders';
  if (tally.exposure.isReducing(side, quantity, replaced?.clientOrderId)) return undefined;
  if (trading.mode === 'reducing') return 'reducing_only';
  const worst = Math.abs(tally.exposure.worstPosition(side, quantity, replaced?.clientOrderId));
  if (worst * price > floorTickLots(limits.maxPositionUsd, instrument)) return 'position';
  const openNotional = tally.openNotional + notionalIncrease(candidate, replaced, instrument);
  if (openNotional > limits.maxOpenNotionalUsd * ATOMS_PER_COIN) return 'open_notional';
  return undefined;
}

function notionalIncrease(candidate: Candidate, replaced: Order | undefined, instrument: Instrument): number {
  const before =
    replaced === undefined ? 0 : value({ price: replaced.price, quantity: lots(replaced.quantity - replaced.filled) }, instrument);
  return Math.max(0, value(candidate, instrument) - before);
}

function value({ price, quantity }: { readonly price: Ticks; readonly quantity: Lots }, instrument: Instrument): Atoms {
  return toAtoms(notional(price, quantity), instrument);
}
