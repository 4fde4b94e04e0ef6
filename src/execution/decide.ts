import type { Settings } from '../config/fields.ts';
import { touchOf, type BookView, type Touch } from '../model/book.ts';
import type { Amend, NewOrder, Order, Side } from '../model/order.ts';
import { lots } from '../model/units.ts';
import { check, type GateContext, type GateResult } from '../risk/gate.ts';
import { judgeGuards, type GuardVerdict } from '../risk/guards.ts';
import type { TradingState } from '../risk/trading-state.ts';
import { microPrice } from '../strategy/fair-value.ts';
import { diffOrders, type OrderDiff } from '../strategy/order-diff.ts';
import type { Quote } from '../strategy/quote.ts';
import { makeQuotes, quoteTerms, type QuoteInputs } from '../strategy/quoter.ts';
import { floorTickLots } from '../strategy/rounding.ts';
import type { Decision, Explanation } from './decision.ts';
import type { LiveOrder, SymbolView } from './view.ts';

export type DecideSettings = Pick<Settings, 'quoting' | 'risk'>;

/** An order may be this much larger or smaller than its quote before it is worth an amend of its own. */
const QUANTITY_TOLERANCE = 1.5;

const NOTHING: Explanation = {
  fairValueTicks: undefined,
  halfSpreadBps: undefined,
  skewBps: undefined,
  volatilityBps: undefined,
  riskRatio: undefined,
};

/**
 * One turn of one symbol: a view of the world in, a plan out. Pure but for `newId`, which hands out client order ids.
 * No quote is better than a wrong one: whatever is in doubt pulls the orders.
 */
export function decide(view: SymbolView, settings: DecideSettings, newId: () => string): Decision {
  const freeze = view.account.dayPnlUsd <= -settings.risk.maxDailyLossUsd ? 'daily_loss' : undefined;
  const market = marketOf(view, settings);
  const guard = judgeGuards(guardInputs(view, settings), settings.risk);
  const held = freeze ?? heldBy(view, guard) ?? (typeof market === 'string' ? market : undefined);
  if (held !== undefined || typeof market === 'string') return pull(view, held, freeze);
  const inputs = quoteInputs(view, settings, market, guard);
  const terms = quoteTerms(inputs);
  const quotes = makeQuotes(inputs, terms).filter(({ side }) => guard.level !== 'reducing' || side === reducingSide(view));
  const diff = diffOrders(quotes, ordersOf(view), diffRules(view, settings, market.touch));
  const paced = pace(diff, view, settings);
  const result = approve(paced, view, settings, market.touch, guard, newId);
  return {
    plan: { cancels: paced.cancels, amends: result.amends, places: result.places },
    denied: result.denied,
    hold: quotes.length === 0 ? 'no_placeable_quote' : undefined,
    freeze: undefined,
    explanation: {
      fairValueTicks: inputs.fairValue,
      halfSpreadBps: terms.halfSpreadBps,
      skewBps: terms.skewBps,
      volatilityBps: view.volatilityBps,
      riskRatio: riskRatio(view, settings, market.touch),
    },
  };
}

interface Market {
  readonly book: BookView;
  readonly touch: Touch;
}

/** The market to quote on, or why there is none. */
function marketOf(view: SymbolView, { risk }: DecideSettings): Market | string {
  if (view.book === undefined) return 'no_book';
  if (view.bookAgeMs > risk.staleBookMs) return 'stale_book';
  const touch = touchOf(view.book);
  return touch === undefined ? 'crossed_or_empty_book' : { book: view.book, touch };
}

function heldBy(view: SymbolView, guard: GuardVerdict): string | undefined {
  if (view.trading.mode === 'frozen') return 'frozen';
  if (view.heldBy !== undefined) return view.heldBy;
  if (view.instrument.status !== 'trading') return 'not_trading';
  return guard.level === 'hard' ? guard.reason : undefined;
}

/** Cancels everything that can be cancelled; orders in doubt are the business of whoever resolves them. */
function pull(view: SymbolView, hold: string | undefined, freeze: string | undefined): Decision {
  const cancels = ordersOf(view).filter((order) => order.state.tag === 'open' && order.change.kind !== 'cancel');
  return {
    plan: { cancels, amends: [], places: [] },
    denied: [],
    hold,
    freeze,
    explanation: { ...NOTHING, volatilityBps: view.volatilityBps },
  };
}

function guardInputs(view: SymbolView, settings: DecideSettings): Parameters<typeof judgeGuards>[0] {
  return {
    volatilityBps: view.volatilityBps,
    latencyP95Ms: view.activity.latencyP95Ms,
    inventoryRatio: Math.abs(inventoryRatio(view, settings)),
    takerFills: view.activity.takerFills,
  };
}

function reducingSide(view: SymbolView): Side {
  return view.position.quantity > 0 ? 'sell' : 'buy';
}

/** Signed share of the maximum position at the price that is known best. */
function inventoryRatio(view: SymbolView, { risk }: DecideSettings): number {
  const touch = view.book === undefined ? undefined : touchOf(view.book);
  const price = touch?.bid.price ?? view.markPrice ?? view.lastPrice;
  if (view.position.quantity === 0) return 0;
  if (price === undefined) return Number.NaN;
  return (view.position.quantity * price) / floorTickLots(risk.maxPositionUsd, view.instrument);
}

/** The larger worst case of both sides over the maximum position. */
function riskRatio(view: SymbolView, { risk }: DecideSettings, touch: Touch): number {
  const open = { buy: 0, sell: 0 };
  for (const { order } of view.orders) open[order.side] += order.quantity - order.filled;
  const worst = Math.max(Math.abs(view.position.quantity + open.buy), Math.abs(view.position.quantity - open.sell));
  return (worst * touch.ask.price) / floorTickLots(risk.maxPositionUsd, view.instrument);
}

function quoteInputs(view: SymbolView, settings: DecideSettings, { book, touch }: Market, guard: GuardVerdict): QuoteInputs {
  const isSoft = guard.level === 'soft' || guard.level === 'reducing';
  return {
    instrument: view.instrument,
    book,
    touch,
    fairValue: microPrice(touch),
    inventoryRatio: inventoryRatio(view, settings),
    sizeFactor: isSoft ? settings.risk.softSizeRatio : 1,
    spreadFactor: isSoft ? settings.risk.softSpreadRatio : 1,
    settings,
  };
}

function ordersOf(view: SymbolView): Order[] {
  return view.orders.map(({ order }) => order);
}

/** A move is worth the queue place when it gains more than the threshold, when the order is old, or when the order would now take. */
function diffRules(view: SymbolView, { quoting }: DecideSettings, touch: Touch): Parameters<typeof diffOrders>[2] {
  const threshold = (quoting.repriceThresholdBps * touch.bid.price) / 10_000;
  const ages = new Map(view.orders.map(({ order, agedMs }: LiveOrder) => [order.clientOrderId, agedMs]));
  const isWorthMoving = (order: Order, quote: Quote): boolean =>
    Math.abs(order.price - quote.price) >= threshold || (ages.get(order.clientOrderId) ?? 0) >= quoting.maxOrderAgeMs;
  return { isWorthMoving, quantityTolerance: QUANTITY_TOLERANCE };
}

/** Cancels always pass; the rest waits for its interval, rate and lane. A side that is missing comes before a side that could be better. */
function pace(diff: OrderDiff, { at, activity }: SymbolView, { quoting }: DecideSettings): OrderDiff {
  const isTooSoon = at - activity.lastChangeAt < quoting.minIntervalMs;
  const room = isTooSoon ? 0 : Math.max(0, quoting.maxInFlight - activity.inFlight);
  const places = diff.places.slice(0, Math.max(0, Math.min(room, activity.placeRoom)));
  const amends = diff.amends.slice(0, Math.max(0, Math.min(room, activity.amendRoom) - places.length));
  return { cancels: diff.cancels, amends, places };
}

function approve(
  diff: OrderDiff,
  view: SymbolView,
  settings: DecideSettings,
  touch: Touch,
  guard: GuardVerdict,
  newId: () => string,
): GateResult {
  const amends = diff.amends.map(({ order, to }): Amend => ({
    symbol: order.symbol,
    clientOrderId: order.clientOrderId,
    price: to.price,
    quantity: lots(order.filled + to.quantity),
  }));
  const places = diff.places.map((quote): NewOrder => ({
    symbol: view.instrument.symbol,
    clientOrderId: newId(),
    side: quote.side,
    price: quote.price,
    quantity: quote.quantity,
    postOnly: true,
    reduceOnly: false,
  }));
  return check(amends, places, gateContext(view, settings, touch, guard));
}

function gateContext(view: SymbolView, { risk }: DecideSettings, touch: Touch, guard: GuardVerdict): GateContext {
  const trading: TradingState = guard.level === 'reducing' ? { mode: 'reducing', reason: guard.reason ?? '' } : view.trading;
  return {
    instrument: view.instrument,
    touch,
    markPrice: view.markPrice,
    position: view.position.quantity,
    orders: ordersOf(view),
    trading,
    ordersToday: view.account.ordersToday,
    accountOpenOrders: view.account.openOrders,
    accountOpenNotional: view.account.openNotional,
    limits: risk,
  };
}
