import type { Settings } from '../config/fields.ts';
import type { Side } from '../model/order.ts';
import type { EdgeReading } from './edge.ts';

/** What can end trading until a person acts. */
export interface BrakeInputs {
  readonly account: {
    /** Since midnight UTC, all symbols; undefined while it is not known, which holds the quotes. */
    readonly dayPnlUsd: number | undefined;
  };
  readonly activity: {
    /** Fills of this symbol in the last risk.fillBurstMs. */
    readonly fillsInBurst: number;
    /** Refusals of this symbol since the last order that rested, by side. */
    readonly rejectsInRow: Readonly<Record<Side, number>>;
  };
  readonly edge: EdgeReading;
}

/** Why trading must freeze, as one of a fixed set of snake_case words; undefined while it may go on. */
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
