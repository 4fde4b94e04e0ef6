import type { Amend, NewOrder, Order } from '../../model/order.ts';
import type { EdgeReading } from '../../risk/edge.ts';
import type { Approved, Denial } from '../../risk/gate.ts';
import type { GuardLevels } from '../../risk/guards.ts';
import type { AdaptiveSpread, SpreadScores } from '../../strategy/models/adaptive-spread.ts';
import type { FlowReading } from '../../strategy/flow.ts';
import type { Move } from '../../strategy/order-diff.ts';
import type { Quote } from '../../strategy/quote.ts';
import type { QuoteSet } from '../../strategy/quoter.ts';

/** The requests that one turn decides on for one symbol. Cancels need no approval by the risk gate. */
export interface Plan {
  readonly cancels: readonly Order[];
  readonly amends: readonly Approved<Amend>[];
  readonly places: readonly Approved<NewOrder>[];
}

/** A plan with the reasons for it. */
export interface Decision {
  readonly plan: Plan;
  readonly denied: readonly Denial[];
  /** Why nothing is quoted, as one of a fixed set of snake_case codes; undefined when quotes are made. */
  readonly hold: string | undefined;
  /** Set when trading must stop until the operator acts. */
  readonly freeze: string | undefined;
  readonly explanation: Explanation;
  /** Passed to the next turn's view. */
  readonly memory: TurnMemory;
}

/** State that a decision passes to the next one of its symbol. A decision is a pure function, so the view carries this state. */
export interface TurnMemory {
  readonly guards: GuardLevels;
  /** Undefined before the first turn, and when the adaptive spread is switched off. */
  readonly adaptive: AdaptiveSpread | undefined;
}

/** The settings that a change of an order may have to wait for. */
export type Budget = 'minIntervalMs' | 'maxInFlight' | 'replacesPerMinute' | 'opsPerSecond';

/** Changes that a turn leaves for a later one. */
export interface Waiting {
  /** What they wait for. */
  readonly budget: Budget;
  readonly buy: WaitingCounts;
  readonly sell: WaitingCounts;
  /** Every move that the turn wanted; those of its plan left, the others wait. */
  readonly moves: readonly Move[];
}

interface WaitingCounts {
  /** New orders. */
  readonly places: number;
  /** Changes of resting orders. */
  readonly moves: number;
}

/** The inputs and results of the quotes, in ticks and bps, for reports and `--explain`. Undefined: the turn ended before this step. */
export interface Explanation {
  /** The quoting.model. */
  readonly model: string;
  /** One tick in quote coin. */
  readonly tickSize: number;
  readonly fairValueTicks: number | undefined;
  readonly halfSpreadBps: number | undefined;
  readonly skewBps: number | undefined;
  /** The inputs of the adaptive spread; undefined when it is switched off. */
  readonly scores: SpreadScores | undefined;
  readonly adaptiveBps: number | undefined;
  /** No quote is nearer to fair value; undefined when the fee floor is switched off. */
  readonly feeFloorBps: number | undefined;
  /** The risk guard that makes the quotes smaller and wider, makes them one-sided, or stops them. */
  readonly guard: string | undefined;
  /** Price moves for a better queue position, clamped, in 0.01 bp; positive raises the price. */
  readonly bidNudgeCentiBps: number;
  readonly askNudgeCentiBps: number;
  readonly quotes: readonly Quote[];
  /** By side: why it has no quote. */
  readonly omitted: QuoteSet['omitted'];
  /** Number of orders left as they are. */
  readonly kept: number;
  readonly waiting: Waiting | undefined;
  /** Volatility per sample, bps. */
  readonly volatilityBps: number;
  readonly annualizedVolatilityBps: number;
  readonly flow: FlowReading;
  readonly edge: EdgeReading;
  /** Worst-case position divided by the maximum. */
  readonly riskRatio: number | undefined;
}
