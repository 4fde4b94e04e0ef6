import type { Amend, NewOrder, Order } from '../../model/order.ts';
import type { EdgeReading } from '../../risk/edge.ts';
import type { Approved, Denial } from '../../risk/gate.ts';
import type { GuardLevels } from '../../risk/guards.ts';
import type { AdaptiveSpread, SpreadScores } from '../../strategy/models/adaptive-spread.ts';
import type { FlowReading } from '../../strategy/flow.ts';
import type { Quote } from '../../strategy/quote.ts';

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
  /** For the next turn's view. */
  readonly memory: TurnMemory;
}

/** What a decision passes on to the next one of its symbol: it is pure, so its view has to bring it back. */
export interface TurnMemory {
  readonly guards: GuardLevels;
  /** Undefined before the first, and when it is switched off. */
  readonly adaptive: AdaptiveSpread | undefined;
}

/** The terms behind the quotes, in ticks and bps, for reports and `--explain`. Undefined: the turn did not get that far. */
export interface Explanation {
  /** The quoting.model. */
  readonly model: string;
  /** One tick in quote coin. */
  readonly tickSize: number;
  readonly fairValueTicks: number | undefined;
  readonly halfSpreadBps: number | undefined;
  readonly skewBps: number | undefined;
  /** What the adaptive spread was made from; undefined when it is switched off. */
  readonly scores: SpreadScores | undefined;
  readonly adaptiveBps: number | undefined;
  /** The guard that makes quotes smaller and wider, or one-sided, or stops them. */
  readonly guard: string | undefined;
  /** Moves for the queue after the clamp, in 0.01 bp; positive raises the price. */
  readonly bidNudgeCentiBps: number;
  readonly askNudgeCentiBps: number;
  readonly quotes: readonly Quote[];
  /** Orders left as they are. */
  readonly kept: number;
  /** Changes that wait for their interval, rate or lane. */
  readonly postponed: number;
  /** Per sample. */
  readonly volatilityBps: number;
  readonly annualisedVolatilityBps: number;
  readonly flow: FlowReading;
  readonly edge: EdgeReading;
  /** Worst-case position over the maximum. */
  readonly riskRatio: number | undefined;
}
