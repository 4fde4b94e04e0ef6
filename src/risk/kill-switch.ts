import type { Settings } from '../config/fields.ts';
import type { Side } from '../model/order.ts';
import type { EdgeReading } from './edge.ts';

/** The inputs that can freeze trading until the operator acts. */
export interface BrakeInputs {
  readonly account: {
    /** PnL since midnight UTC over all symbols; undefined while unknown, and then the bot does not quote. */
    readonly dayPnlUsd: number | undefined;
  };
  readonly activity: {
    /** Fills of this symbol in the last risk.fillBurstMs. */
    readonly fillsInBurst: number;
    /** Refused orders of this symbol since the last one that rested, by side. */
    readonly rejectsInRow: Readonly<Record<Side, number>>;
  };
  readonly edge: EdgeReading;
}

/** Why trading must freeze, as one of a fixed set of snake_case codes; undefined when it need not. */
export function freezeReason({ account, activity, edge }: BrakeInputs, limits: Settings['risk']): string | undefined {
  const { dayPnlUsd } = account;
  const { fillsInBurst, rejectsInRow } = activity;
  if (dayPnlUsd !== undefined && !(dayPnlUsd > -limits.maxDailyLossUsd)) return 'daily_loss';
  if (fillsInBurst > limits.maxFillsInBurst) return 'fill_burst';
  if (rejectsInRow.buy >= limits.maxRejectsInRow) return 'reject_brake_buy';
  if (rejectsInRow.sell >= limits.maxRejectsInRow) return 'reject_brake_sell';
  if (edge.fills >= limits.minEdgeFills && edge.netBps < limits.minEdgeBps) return 'edge_below_minimum';
  return undefined;
}
