import type { OrderName } from '../../exchange/cancel-port.ts';

/** What a cancel-all found, did and can prove. */
export interface CancelReport {
  readonly trigger: 'freeze' | 'stop' | 'operator' | 'start' | 'guard';
  /** Target orders that were seen open at any time. */
  readonly found: number;
  readonly canceled: number;
  readonly filledMeanwhile: number;
  /** False: the executions could not be read, so filled orders are counted as canceled. */
  readonly fillsKnown: boolean;
  /** Orders still open according to the exchange: its lists or, where they could not be read, the last known state and the order stream. */
  readonly remaining: readonly RemainingOrder[];
  /** Open orders of the scopes that were not touched: not ours, or protecting a position. */
  readonly leftAlone: number;
  /** Targets that appeared after the first round of cancels: in flight before, or placed since. */
  readonly stragglers: number;
  readonly method: 'none' | 'bulk' | 'per_order' | 'bulk+per_order';
  readonly rounds: number;
  /** Consecutive looks, at the end, in which no target was open. */
  readonly emptySnapshots: number;
  /** True only when it is proven that no target is open. */
  readonly verified: boolean;
  readonly evidence: CancelEvidence;
  /** Why some or all scopes could not be read at the end; undefined when all could. */
  readonly unreadable: string | undefined;
  /** Time until the first look that read every scope and showed no open target. */
  readonly clearedMs: number | undefined;
  /** Time until the proof was complete or abandoned. */
  readonly durationMs: number;
}

/** The evidence for `verified`. */
export interface CancelEvidence {
  readonly scopes: readonly string[];
  /** Kinds of orders that were not looked for. */
  readonly outOfScope: readonly string[];
  /** Whether the order stream was up at the end as a second source beside the lists. */
  readonly witness: 'lists' | 'lists and order stream';
  /** Targets created after the cancel-all began: another client is placing orders. While new ones appear, nothing is proven. */
  readonly placedMeanwhile: number;
  /**
   * The observed delay of the exchange's lists, ms; and the largest delay that they may have had and that the proof has waited for. The
   * latter is 0 when no wait was needed, because the proof did not depend on the lists alone.
   */
  readonly readsSeenLateMs: number;
  readonly readsMayBeLateMs: number;
}

export interface RemainingOrder extends OrderName {
  readonly reason: string;
}
