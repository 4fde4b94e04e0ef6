import type { Settings } from '../../config/fields.ts';
import { touchOf, type MarketView, type Touch } from '../../model/book.ts';
import { openQuantity, type Amend, type NewOrder, type Order } from '../../model/order.ts';
import { farther } from '../../model/position.ts';
import { lots } from '../../model/units.ts';
import { freezeReason } from '../../risk/brakes.ts';
import { check, type GateContext, type GateResult } from '../../risk/gate.ts';
import { judgeGuards, type GuardVerdict } from '../../risk/guards.ts';
import { beyondLimit } from '../../risk/over-limit.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import { adaptiveTargetBps, stepAdaptive, type AdaptiveSpread, type SpreadScores } from '../../strategy/adaptive-spread.ts';
import { DEPTH_LEVELS, fairValueOf } from '../../strategy/fair-value.ts';
import { diffOrders, type DiffRules, type Move, type OrderDiff } from '../../strategy/order-diff.ts';
import { withoutOwn } from '../../strategy/others-book.ts';
import type { Quote } from '../../strategy/quote.ts';
import { makeQuotes, quoteTerms, type QuoteInputs } from '../../strategy/quoter.ts';
import { floorTickLots } from '../../strategy/rounding.ts';
import type { Decision, Explanation, TurnMemory } from './decision.ts';
import type { SymbolView } from './view.ts';

export type DecideSettings = Pick<Settings, 'quoting' | 'risk'>;

/** An order may be this much larger or smaller than its quote before it is worth an amend of its own. */
const QUANTITY_TOLERANCE = 1.5;
const NOTHING_APPROVED: GateResult = { amends: [], places: [], denied: [] };

/**
 * One turn of one symbol: a view of the world in, a plan out. Pure but for `newId`, which hands out client order ids.
 * No quote is better than a wrong one: whatever is in doubt pulls the orders.
 */
export function decide(view: SymbolView, settings: DecideSettings, newId: () => string): Decision {
  const { risk } = settings;
  const freeze = freezeReason(view, risk);
  const market = marketOf(view, settings);
  const inventory = inventoryRatio(view, settings, market);
  const guard = judgeGuards(guardInputs(view, inventory), risk, view.memory.guards);
  const held = freeze ?? heldBy(view, guard) ?? (typeof market === 'string' ? market : undefined);
  if (held !== undefined || typeof market === 'string') return pull(view, settings, held, freeze, guard);
  const spread = adaptiveSpread(view, settings, market);
  const inputs = quoteInputs(view, settings, market, guard, inventory, spread.now);
  const terms = quoteTerms(inputs);
  const quoted = makeQuotes(inputs, terms);
  const beyond = beyondLimit(view.held, ordersOf(view), floorTickLots(settings.risk.maxPositionUsd, view.instrument));
  const within = beyond.length === 0 ? view.orders : view.orders.filter(({ order }) => !beyond.includes(order));
  const diff = diffOrders(quoted.quotes, within, diffRules(settings, market.touch));
  const paced = pace(diff, view, settings);
  const result = approve(paced, view, settings, market.touch, guard, newId);
  return {
    plan: { cancels: [...beyond, ...paced.cancels], amends: result.amends, places: result.places },
    denied: result.denied,
    hold: quoted.quotes.length === 0 ? 'no_placeable_quote' : undefined,
    freeze: undefined,
    memory: memoryOf(view, guard, spread.now),
    explanation: {
      model: settings.quoting.model,
      tickSize: view.instrument.tick.size,
      fairValueTicks: inputs.fairValue,
      halfSpreadBps: terms.halfSpreadBps,
      skewBps: terms.skewBps,
      scores: spread.scores,
      adaptiveBps: spread.now?.bps,
      guard: guard.reason,
      bidNudgeCentiBps: quoted.bidNudgeCentiBps,
      askNudgeCentiBps: quoted.askNudgeCentiBps,
      quotes: quoted.quotes,
      kept: diff.kept,
      postponed: diff.places.length + diff.amends.length - paced.places.length - paced.amends.length,
      volatilityBps: view.volatility.perSampleBps,
      annualisedVolatilityBps: view.volatility.annualisedBps,
      flow: view.flow,
      edge: view.edge,
      riskRatio: riskRatio(view, settings, market.touch),
    },
  };
}

interface Market {
  readonly book: MarketView;
  readonly touch: Touch;
}

/** The market to quote on, which is the others' alone, or why there is none. */
function marketOf(view: SymbolView, { risk }: DecideSettings): Market | string {
  if (view.book === undefined) return 'no_book';
  if (!(view.bookAgeMs <= risk.staleBookMs)) return 'stale_book';
  if (touchOf(view.book) === undefined) return 'crossed_or_empty_book';
  const book = withoutOwn(view.book, view.shown);
  const touch = touchOf(book);
  return touch === undefined ? 'crossed_or_empty_book' : { book, touch };
}

function heldBy(view: SymbolView, guard: GuardVerdict): string | undefined {
  if (view.trading.mode === 'frozen') return 'frozen';
  if (view.heldBy !== undefined) return view.heldBy;
  if (view.account.dayPnlUsd === undefined) return 'pnl_unknown';
  if (view.instrument.status !== 'trading') return 'not_trading';
  return guard.level === 'hard' ? guard.reason : undefined;
}

/** Cancels everything that can be cancelled; orders in doubt are the business of whoever resolves them. */
function pull(
  view: SymbolView,
  { quoting }: DecideSettings,
  hold: string | undefined,
  freeze: string | undefined,
  guard: GuardVerdict,
): Decision {
  const orders = ordersOf(view);
  const cancels = orders.filter((order) => order.state.tag === 'open' && order.change.kind !== 'cancel');
  const explanation: Explanation = {
    model: quoting.model,
    tickSize: view.instrument.tick.size,
    fairValueTicks: undefined,
    halfSpreadBps: undefined,
    skewBps: undefined,
    scores: undefined,
    adaptiveBps: undefined,
    guard: guard.reason,
    bidNudgeCentiBps: 0,
    askNudgeCentiBps: 0,
    quotes: [],
    kept: orders.length - cancels.length,
    postponed: 0,
    volatilityBps: view.volatility.perSampleBps,
    annualisedVolatilityBps: view.volatility.annualisedBps,
    flow: view.flow,
    edge: view.edge,
    riskRatio: undefined,
  };
  const memory = memoryOf(view, guard, view.memory.adaptive);
  return { plan: { cancels, amends: [], places: [] }, denied: [], hold, freeze, explanation, memory };
}

function ordersOf({ orders }: SymbolView): readonly Order[] {
  return orders.map(({ order }) => order);
}

/** The same object while nothing in it changed. */
function memoryOf({ memory }: SymbolView, { levels: guards }: GuardVerdict, adaptive: AdaptiveSpread | undefined): TurnMemory {
  return memory.guards === guards && memory.adaptive === adaptive ? memory : { guards, adaptive };
}

function guardInputs(view: SymbolView, inventory: number): Parameters<typeof judgeGuards>[0] {
  return {
    volatilityBps: view.volatility.perSampleBps,
    moveBps: view.moveBps,
    latencyP95Ms: view.activity.latencyP95Ms,
    inventoryRatio: Math.abs(inventory),
    takerFills: view.activity.takerFills,
  };
}

/** Signed share of the maximum position at the price that is known best. */
function inventoryRatio({ held, instrument, markPrice, lastPrice }: SymbolView, { risk }: DecideSettings, market: Market | string): number {
  const quantity = farther(held);
  if (quantity === 0) return 0;
  const price = typeof market === 'string' ? (markPrice ?? lastPrice) : market.touch.bid.price;
  if (price === undefined) return Number.NaN;
  return (quantity * price) / floorTickLots(risk.maxPositionUsd, instrument);
}

/** The larger worst case of both sides over the maximum position. */
function riskRatio({ orders, held, instrument }: SymbolView, { risk }: DecideSettings, touch: Touch): number {
  const open = { buy: 0, sell: 0 };
  for (const { order } of orders) open[order.side] += openQuantity(order);
  const worst = Math.max(Math.abs(held.high + open.buy), Math.abs(held.low - open.sell));
  return (worst * touch.ask.price) / floorTickLots(risk.maxPositionUsd, instrument);
}

/** Undefined while it is switched off. */
function adaptiveSpread(
  view: SymbolView,
  { quoting, risk }: DecideSettings,
  { book, touch }: Market,
): { readonly now: AdaptiveSpread | undefined; readonly scores: SpreadScores | undefined } {
  if (!quoting.adaptive || quoting.model !== 'spread') return { now: undefined, scores: undefined };
  const shownUsd =
    (Math.min(book.bids.shown(DEPTH_LEVELS), book.asks.shown(DEPTH_LEVELS)) * touch.bid.price) / floorTickLots(1, view.instrument);
  const scores: SpreadScores = {
    volatility: view.volatility.perSampleBps / risk.softVolatilityBps,
    liquidity: quoting.orderSizeUsd / quoting.impactCapRatio / shownUsd,
    latency: view.activity.latencyP95Ms / risk.softLatencyP95Ms,
    pnl: -(view.account.dayPnlUsd ?? 0) / risk.maxDailyLossUsd,
  };
  return { now: stepAdaptive(view.memory.adaptive, adaptiveTargetBps(scores, quoting), view.at, quoting), scores };
}

function quoteInputs(
  view: SymbolView,
  settings: DecideSettings,
  { book, touch }: Market,
  guard: GuardVerdict,
  inventory: number,
  adaptive: AdaptiveSpread | undefined,
): QuoteInputs {
  const isSoft = guard.level === 'soft' || guard.level === 'reducing';
  return {
    instrument: view.instrument,
    book,
    touch,
    fairValue: fairValueOf(settings.quoting.fairValue, book, touch),
    held: view.held,
    inventoryRatio: inventory,
    isReducing: guard.level === 'reducing' || view.trading.mode === 'reducing',
    volatilityBps: view.volatility.perRootSecondBps,
    flow: view.flow,
    adaptiveBps: adaptive?.bps,
    sizeFactor: sizeFactors(guard, farther(view.held), settings),
    spreadFactor: isSoft ? settings.risk.softSpreadRatio : 1,
    isShy: view.activity.isShy,
    settings,
  };
}

/** Too much inventory is no reason to quote less on the side that shrinks it. */
function sizeFactors({ levels }: GuardVerdict, position: number, { risk }: DecideSettings): QuoteInputs['sizeFactor'] {
  const isSoft = levels.volatility === 'soft' || levels.move === 'soft' || levels.latency === 'soft' || levels.takerFills === 'soft';
  const isInventory = levels.inventory !== 'none';
  return {
    buy: isSoft || (isInventory && position > 0) ? risk.softSizeRatio : 1,
    sell: isSoft || (isInventory && position < 0) ? risk.softSizeRatio : 1,
  };
}

/**
 * A move is worth the queue place when it gains more than the threshold, or when the order is old. The place of a young
 * order is not given up for a better place alone.
 */
function diffRules({ quoting }: DecideSettings, touch: Touch): DiffRules {
  const threshold = (quoting.repriceThresholdBps * touch.bid.price) / 10_000;
  return {
    isWorthMoving({ order, agedMs }, { price, plainPrice }) {
      if (agedMs >= quoting.maxOrderAgeMs) return true;
      if (agedMs < quoting.queueHeadroomMs && isBetween(order.price, price, plainPrice)) return false;
      return Math.abs(order.price - price) >= threshold;
    },
    isWorthGrowing: ({ agedMs }) => agedMs >= quoting.maxOrderAgeMs,
    quantityTolerance: QUANTITY_TOLERANCE,
  };
}

function isBetween(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) && value <= Math.max(a, b);
}

/**
 * Cancels always pass; the rest waits for its interval, rate and lane. A quote that is missing comes before one that could
 * be better, the levels nearest to fair value before the others.
 */
function pace(diff: OrderDiff, { at, activity }: SymbolView, { quoting }: DecideSettings): OrderDiff {
  if (diff.places.length + diff.amends.length === 0) return diff;
  const isTooSoon = at - activity.lastChangeAt < quoting.minIntervalMs;
  const room = isTooSoon ? 0 : Math.max(0, quoting.maxInFlight - activity.inFlight);
  const places = first(diff.places, Math.min(room, activity.placeRoom), (quote) => quote.level);
  const amends = first(diff.amends, Math.min(room, activity.amendRoom) - places.length, urgencyOf);
  return { cancels: diff.cancels, amends, places, kept: diff.kept };
}

/** By level, and within one level the longest way first. */
function urgencyOf({ order, to }: Move): number {
  return to.level - 1 + 1 / (1 + Math.abs(order.price - to.price));
}

/** The `count` elements with the least `rank`; equal ones as they came. */
function first<T>(list: readonly T[], count: number, rank: (element: T) => number): readonly T[] {
  if (count <= 0) return [];
  return list.length <= count ? list : [...list].sort((a, b) => rank(a) - rank(b)).slice(0, count);
}

function approve(
  diff: OrderDiff,
  view: SymbolView,
  settings: DecideSettings,
  touch: Touch,
  guard: GuardVerdict,
  newId: () => string,
): GateResult {
  if (diff.amends.length + diff.places.length === 0) return NOTHING_APPROVED;
  const { symbol } = view.instrument;
  const amends = diff.amends.map(({ order, to }): Amend => ({
    symbol,
    clientOrderId: order.clientOrderId,
    price: to.price,
    quantity: lots(order.filled + to.quantity),
  }));
  const places = diff.places.map((quote: Quote): NewOrder => ({
    symbol,
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
  const trading: TradingState =
    guard.level === 'reducing' && view.trading.mode === 'active' ? { mode: 'reducing', reason: guard.reason ?? '' } : view.trading;
  return {
    instrument: view.instrument,
    touch,
    markPrice: view.markPrice,
    held: view.held,
    orders: ordersOf(view),
    trading,
    ordersToday: view.account.ordersToday,
    accountOpenOrders: view.account.openOrders,
    accountOpenNotional: view.account.openNotional,
    limits: risk,
  };
}
