import type { OrderName } from '../../exchange/cancel-port.ts';

/** What a cancel-all found, did and can prove. */
export interface CancelReport {
  readonly trigger: 'freeze' | 'stop' | 'operator' | 'start' | 'guard';
  /** Orders in the way that were seen open at any time. */
  readonly found: number;
  readonly canceled: number;
  readonly filledMeanwhile: number;
  /** False: the executions could not be read, and those that filled are among the canceled. */
  readonly fillsKnown: boolean;
  /** Still open by the exchange's own word: its list, or where that could not be read, what was seen last and its order stream. */
  readonly remaining: readonly RemainingOrder[];
  /** Open orders of the scopes that were left alone: not ours, or protecting a position. */
  readonly leftAlone: number;
  /** Orders that appeared after the first look: sent before, landed late, or placed since. */
  readonly stragglers: number;
  readonly method: 'none' | 'bulk' | 'per_order' | 'bulk+per_order';
  readonly rounds: number;
  /** Looks in a row, after the last cancel was answered, in which none of them was open. */
  readonly emptySnapshots: number;
  /** True only with that proof. */
  readonly verified: boolean;
  readonly evidence: CancelEvidence;
  /** Why some or all of it could not be read at the end; undefined when it could. */
  readonly unreadable: string | undefined;
  /** Until the first look that showed nothing open. */
  readonly clearedMs: number | undefined;
  /** Until the proof was complete or given up. */
  readonly durationMs: number;
}

/** What the claim rests on. */
export interface CancelEvidence {
  readonly scopes: readonly string[];
  /** Kinds of orders that nobody looked for. */
  readonly outOfScope: readonly string[];
  /** Whether the order stream was up at the end, and had not contradicted. */
  readonly witness: 'lists' | 'lists and order stream';
  /** Orders in the way that were created after it had begun: somebody is placing orders. While new ones appear nothing is proven. */
  readonly placedMeanwhile: number;
  /**
   * How late the exchange's lists were seen to be, ms; and how late they may have been, which a proof has waited for: 0 when it has waited
   * for none, because nothing was left to them.
   */
  readonly readsSeenLateMs: number;
  readonly readsMayBeLateMs: number;
}

export interface RemainingOrder extends OrderName {
  readonly reason: string;
}
