/** What a cancel-all found, did and can prove. */
export interface CancelReport {
  readonly trigger: 'freeze' | 'stop' | 'operator' | 'start';
  readonly found: number;
  readonly canceled: number;
  readonly filledMeanwhile: number;
  /** Still open, or not proven to be closed, by the exchange's own word. */
  readonly remaining: readonly RemainingOrder[];
  readonly method: 'none' | 'bulk' | 'per_order' | 'bulk+per_order';
  /** Snapshots without an order of ours that were read after the last cancel was answered. */
  readonly emptySnapshots: number;
  /** True only with that proof. */
  readonly verified: boolean;
  readonly durationMs: number;
}

export interface RemainingOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly exchangeOrderId: string;
  readonly reason: string;
}
