import type { Settings } from '../../config/fields.ts';

type Quoting = Settings['quoting'];

/** Each 0 (calm) to 1 (as bad as the SOFT level or limit that it is measured against). */
export interface SpreadScores {
  readonly volatility: number;
  readonly liquidity: number;
  readonly latency: number;
  readonly pnl: number;
}

/** The spread that holds now, and since when (monotonic ms). */
export interface AdaptiveSpread {
  readonly bps: number;
  readonly at: number;
}

/** Where the spread should be: the base and what each score adds to it, within the two bounds. */
export function adaptiveTargetBps(scores: SpreadScores, quoting: Quoting): number {
  const wanted =
    quoting.adaptiveBaseBps +
    quoting.adaptiveVolatilityBps * unit(scores.volatility) +
    quoting.adaptiveLiquidityBps * unit(scores.liquidity) +
    quoting.adaptiveLatencyBps * unit(scores.latency) +
    quoting.adaptivePnlBps * unit(scores.pnl);
  return Math.min(quoting.adaptiveMaxBps, Math.max(quoting.adaptiveMinBps, wanted));
}

/** Moves toward the target by at most one step, and not again before the cool-off is over: no jumps, no flutter. */
export function stepAdaptive(last: AdaptiveSpread | undefined, targetBps: number, now: number, quoting: Quoting): AdaptiveSpread {
  if (last === undefined) return { bps: targetBps, at: now };
  if (targetBps === last.bps || now - last.at < quoting.adaptiveCoolOffMs) return last;
  const step = Math.max(-quoting.adaptiveStepBps, Math.min(quoting.adaptiveStepBps, targetBps - last.bps));
  return { bps: last.bps + step, at: now };
}

/** What cannot be measured counts as bad. */
function unit(score: number): number {
  return Number.isNaN(score) ? 1 : Math.max(0, Math.min(1, score));
}
