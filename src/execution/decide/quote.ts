import { farther } from '../../model/position.ts';
import { feeFloorBps } from '../../strategy/fee-floor.ts';
import { DEPTH_LEVELS, fairValueOf } from '../../strategy/fair-value.ts';
import { adaptiveTargetBps, stepAdaptive, type AdaptiveSpread, type SpreadScores } from '../../strategy/models/adaptive-spread.ts';
import { QUOTING_MODELS } from '../../strategy/models/table.ts';
import { makeQuotes, quoteTerms, type QuoteInputs, type QuoteSet, type QuoteTerms } from '../../strategy/quoter.ts';
import { floorTickLots } from '../../strategy/rounding.ts';
import type { Situation } from './assess.ts';

/** The quotes that are wanted, and what they were made from. */
export interface Quoted extends QuoteSet {
  readonly terms: QuoteTerms;
  /** Ticks. */
  readonly fairValue: number;
  /** Undefined while the adaptive spread is off, as are its scores. */
  readonly adaptive: AdaptiveSpread | undefined;
  readonly scores: SpreadScores | undefined;
  /** Undefined when it is switched off, bps. */
  readonly feeFloorBps: number | undefined;
}

export function quote(situation: Situation): Quoted {
  const { settings } = situation;
  const scores = scoresOf(situation);
  const adaptive = adaptiveSpread(situation, scores);
  const inputs = quoteInputs(situation, adaptive);
  const terms = quoteTerms(inputs);
  const { quotes, omitted, bidNudgeCentiBps, askNudgeCentiBps } = makeQuotes(inputs, terms);
  return {
    quotes,
    omitted,
    bidNudgeCentiBps,
    askNudgeCentiBps,
    terms,
    fairValue: inputs.fairValue,
    adaptive,
    scores,
    feeFloorBps: settings.quoting.feeFloor ? inputs.feeFloorBps : undefined,
  };
}

function scoresOf({ view, settings: { quoting, risk }, market: { book, touch } }: Situation): SpreadScores | undefined {
  if (!quoting.adaptive || !QUOTING_MODELS[quoting.model].isAdaptive) return undefined;
  const shownUsd =
    (Math.min(book.bids.displayedQuantity(DEPTH_LEVELS), book.asks.displayedQuantity(DEPTH_LEVELS)) * touch.bid.price) /
    floorTickLots(1, view.instrument);
  return {
    volatility: view.volatility.perSampleBps / risk.softVolatilityBps,
    liquidity: quoting.orderSizeUsd / quoting.impactCapRatio / shownUsd,
    latency: view.activity.latencyP95Ms / risk.softLatencyP95Ms,
    pnl: -(view.account.dayPnlUsd ?? 0) / risk.maxDailyLossUsd,
  };
}

function adaptiveSpread({ view, settings: { quoting } }: Situation, scores: SpreadScores | undefined): AdaptiveSpread | undefined {
  return scores === undefined ? undefined : stepAdaptive(view.memory.adaptive, adaptiveTargetBps(scores, quoting), view.at, quoting);
}

function quoteInputs({ view, settings, market, guard, inventoryRatio }: Situation, adaptive: AdaptiveSpread | undefined): QuoteInputs {
  const { book, touch } = market;
  const isSoft = guard.level === 'soft' || guard.level === 'reducing';
  return {
    instrument: view.instrument,
    book,
    touch,
    fairValue: fairValueOf(settings.quoting.fairValue, book, touch),
    held: view.held,
    inventoryRatio,
    isReducing: guard.level === 'reducing' || view.trading.mode === 'reducing',
    volatilityBps: view.volatility.perRootSecondBps,
    flow: view.flow,
    adaptiveBps: adaptive?.bps,
    sizeFactor: sizeFactor(guard.shrinks, farther(view.held), settings.risk.softSizeRatio),
    spreadFactor: isSoft ? settings.risk.softSpreadRatio : 1,
    postOnlyBackoff: view.activity.postOnlyBackoff,
    feeFloorBps: feeFloorBps(view.fees.maker, settings.quoting),
    settings,
  };
}

function sizeFactor(shrinks: Situation['guard']['shrinks'], position: number, ratio: number): QuoteInputs['sizeFactor'] {
  return {
    buy: shrinks === 'both' || (shrinks === 'growing' && position > 0) ? ratio : 1,
    sell: shrinks === 'both' || (shrinks === 'growing' && position < 0) ? ratio : 1,
  };
}
