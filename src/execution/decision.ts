import type { Amend, NewOrder, Order } from '../model/order.ts';
import type { Approved, Denial } from '../risk/gate.ts';

/** What one turn wants done on one symbol. Cancels need no approval. */
export interface Plan {
  readonly cancels: readonly Order[];
  readonly amends: readonly Approved<Amend>[];
  readonly places: readonly Approved<NewOrder>[];
}

/** A plan with the reasons for it. */
export interface Decision {
  readonly plan: Plan;
  readonly denied: readonly Denial[];
  /** Why nothing is quoted, where nothing is; one of a fixed set of snake_case words. */
  readonly hold: string | undefined;
  /** Set when trading must stop until a person acts. */
  readonly freeze: string | undefined;
  readonly explanation: Explanation;
}

/** The terms behind the quotes, in ticks and bps, for reports and `--explain`. */
export interface Explanation {
  readonly fairValueTicks: number | undefined;
  readonly halfSpreadBps: number | undefined;
  readonly skewBps: number | undefined;
  readonly volatilityBps: number | undefined;
  /** Worst-case position over the maximum. */
  readonly riskRatio: number | undefined;
}
