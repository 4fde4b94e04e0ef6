import type { Touch } from '../model/book.ts';
import type { Side } from '../model/order.ts';
import { ticks, type Ticks } from '../model/units.ts';
import type { ModelInputs } from './models/model.ts';
import { QUOTING_MODELS } from './models/table.ts';
import { levelSizer, type Omission } from './order-size.ts';
import type { Quote } from './quote.ts';
import { queueNudge, restingPrice, type RepriceInputs } from './repricer.ts';
import { askTicks, bidTicks } from './rounding.ts';

/** What quotes are made from. */
export interface QuoteInputs extends ModelInputs {
  readonly touch: Touch;
  readonly postOnlyBackoff: RepriceInputs['postOnlyBackoff'];
  /** No quote is nearer to fair value, bps; minus infinity: no floor. */
  readonly feeFloorBps: number;
}

export interface QuoteTerms {
  /** Of the quotes nearest to fair value, before rounding and the move for the queue. */
  readonly halfSpreadBps: number;
  /** Positive moves both quotes down: we are long and want to sell. */
  readonly skewBps: number;
}

/** No estimate of volatility or flow may move a quote further than this. */
const MOST_BPS = 500;

/** By the chosen model. Never narrower than the base spread, and wider by the guards' factor. */
export function quoteTerms(inputs: QuoteInputs): QuoteTerms {
  const { quoting } = inputs.settings;
  const { half, skewBps } = QUOTING_MODELS[quoting.model].terms(inputs);
  const halfSpreadBps = Math.max(half, quoting.baseSpreadBps / 2) * inputs.spreadFactor;
  return { halfSpreadBps: Math.min(MOST_BPS, halfSpreadBps), skewBps: Math.max(-MOST_BPS, Math.min(MOST_BPS, skewBps)) };
}

/** The quotes, best first on each side, and what was moved to get them; a quote whose quantity is too small is left out. */
export interface QuoteSet {
  readonly quotes: readonly Quote[];
  /** By side: why it has no quote; undefined when it has one. */
  readonly omitted: Readonly<Record<Side, Omission | undefined>>;
  /** Toward fair value for the queue, in 0.01 bp; positive raises the price. */
  readonly bidNudgeCentiBps: number;
  readonly askNudgeCentiBps: number;
}

/** Every bid is below every ask and all are post-only safe against the given book. */
export function makeQuotes(inputs: QuoteInputs, { halfSpreadBps, skewBps }: QuoteTerms): QuoteSet {
  const perBps = inputs.fairValue / 10_000;
  const center = inputs.fairValue - skewBps * perBps;
  const reprice = repriceInputs(inputs);
  const quotes: Quote[] = [];
  const floor = inputs.feeFloorBps * perBps;
  const bid = bestQuote('buy', center - halfSpreadBps * perBps, { reprice, nearest: inputs.fairValue - floor });
  const ask = bestQuote('sell', center + halfSpreadBps * perBps, { reprice, nearest: inputs.fairValue + floor });
  // Both at once only when the position pulls both to one side of the book: the bid has the say, being the lower.
  const askPrice = ticks(Math.max(ask.price, bid.price + 1));
  const buy = addLevels(quotes, 'buy', bid.price, bid.plainPrice, inputs);
  const sell = addLevels(quotes, 'sell', askPrice, ticks(Math.max(ask.plainPrice, askPrice)), inputs);
  return { quotes, omitted: { buy, sell }, bidNudgeCentiBps: bid.nudge, askNudgeCentiBps: ask.nudge };
}

function repriceInputs({ book, touch, fairValue, postOnlyBackoff, settings }: QuoteInputs): RepriceInputs {
  return { book, touch, fairValue, postOnlyBackoff, quoting: settings.quoting };
}

interface BestInputs {
  readonly reprice: RepriceInputs;
  /** The price at the fee floor, ticks. */
  readonly nearest: number;
}

function bestQuote(side: Side, unbounded: number, { reprice, nearest }: BestInputs): { price: Ticks; plainPrice: Ticks; nudge: number } {
  const isBeyond = (price: number): boolean => (side === 'buy' ? price > nearest : price < nearest);
  const wanted = isBeyond(unbounded) ? nearest : unbounded;
  const plainPrice = restingPrice(side, wanted, reprice);
  const nudge = queueNudge(side, wanted, reprice);
  const nudged = wanted + (nudge * reprice.fairValue) / 1_000_000;
  if (nudge === 0 || isBeyond(nudged)) return { price: plainPrice, plainPrice, nudge: 0 };
  return { price: restingPrice(side, nudged, reprice), plainPrice, nudge };
}

/** Level 0 at `best`, the others each a spacing and at least one tick behind the one before. Returns why no level got a quote. */
function addLevels(quotes: Quote[], side: Side, best: Ticks, plainBest: Ticks, inputs: QuoteInputs): Omission | undefined {
  const { levels, levelSpacingBps } = inputs.settings.quoting;
  const spacing = (levelSpacingBps * inputs.fairValue) / 10_000;
  const away = side === 'buy' ? -1 : 1;
  if (best <= 0) return 'price';
  const sizer = levelSizer(side, best, levels, inputs);
  const before = quotes.length;
  for (let level = 0, price = best; level < levels && price > 0; level += 1) {
    const quantity = sizer.next(price);
    if (quantity > 0) quotes.push({ side, level, price, quantity, plainPrice: level === 0 ? plainBest : price });
    const wanted = plainBest + away * (level + 1) * spacing;
    price = ticks(side === 'buy' ? Math.min(bidTicks(wanted), price - 1) : Math.max(askTicks(wanted), price + 1));
  }
  return quotes.length > before ? undefined : sizer.omission;
}
