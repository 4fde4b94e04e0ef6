import type { Settings } from '../config/fields.ts';

/** What the guards watch on one symbol. */
export interface GuardInputs {
  /** bps per sample. */
  readonly volatilityBps: number;
  readonly latencyP95Ms: number;
  /** |position| over the maximum position. */
  readonly inventoryRatio: number;
  /** In the last 15 minutes. */
  readonly takerFills: number;
}

/** `hard`: quote nothing; `reducing`: only the side that shrinks the position; `soft`: smaller and wider. */
export interface GuardVerdict {
  readonly level: 'none' | 'soft' | 'reducing' | 'hard';
  /** The guard that decided; undefined for `none`. */
  readonly reason: string | undefined;
}

const CALM: GuardVerdict = { level: 'none', reason: undefined };
const SEVERITY = { none: 0, soft: 1, reducing: 2, hard: 3 } as const;

/** The most severe of all guards. A value that is not a number counts as HARD: what cannot be measured cannot be trusted. */
export function judgeGuards(inputs: GuardInputs, limits: Settings['risk']): GuardVerdict {
  const verdicts = [
    judge('volatility', inputs.volatilityBps, limits.softVolatilityBps, limits.hardVolatilityBps, 'hard'),
    judge('latency', inputs.latencyP95Ms, limits.softLatencyP95Ms, limits.hardLatencyP95Ms, 'hard'),
    // Stopping both sides would keep the position for ever.
    judge('inventory', inputs.inventoryRatio, limits.softInventoryRatio, limits.hardInventoryRatio, 'reducing'),
    judge('taker_fills', inputs.takerFills, limits.softTakerFills, limits.hardTakerFills, 'hard'),
  ];
  return verdicts.reduce((worst, verdict) => (SEVERITY[verdict.level] > SEVERITY[worst.level] ? verdict : worst), CALM);
}

function judge(name: string, value: number, soft: number, hard: number, atHard: 'reducing' | 'hard'): GuardVerdict {
  if (Number.isNaN(value)) return { level: 'hard', reason: `${name}_unknown` };
  if (value >= hard) return { level: atHard, reason: `${name}_hard` };
  if (value >= soft) return { level: 'soft', reason: `${name}_soft` };
  return CALM;
}
