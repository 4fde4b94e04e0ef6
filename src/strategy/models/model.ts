import type { FlowReading } from '../flow.ts';
import type { SizeInputs } from '../order-size.ts';

/** What a quoting model works with. Prices are ticks, distances bps of fair value. */
export interface ModelInputs extends SizeInputs {
  readonly fairValue: number;
  /** Position over the maximum position, signed. */
  readonly inventoryRatio: number;
  /** Smoothed, bps per square root of a second. */
  readonly volatilityBps: number;
  readonly flow: FlowReading;
  /** The adaptive spread that holds now; undefined when it is off. */
  readonly adaptiveBps: number | undefined;
  /** From the risk guards: 1 unless a soft level is reached. */
  readonly spreadFactor: number;
}

/** What a model wants. The quoter keeps it within the base spread and the largest distance. */
export interface ModelTerms {
  /** Half the spread, bps, before the guards' factor. */
  readonly half: number;
  /** Positive moves both quotes down: the position is long and should shrink. */
  readonly skewBps: number;
}

export interface QuotingModel {
  /** Whether the settings `quoting.adaptive…` apply to it. */
  readonly isAdaptive: boolean;
  /** Pure, and finite for all finite inputs. */
  terms(inputs: ModelInputs): ModelTerms;
}
