import type { EmbeddedMarket } from './embedded-market.ts';
import type { InstrumentPreset } from './instruments.ts';
import type { MatchListener } from './matching/matching-engine.ts';
import type { ReplayMatching } from './replay/replay-matching.ts';
import type { VenueEvent } from './venue.ts';

/** A market that is not the crowd's but comes from outside: a recording, or another exchange as it trades. */
export interface MarketSource {
  preset(symbol: string): InstrumentPreset;
  /** What matches the orders of a symbol instead of the engine. */
  matchingOf(symbol: string): (onMatch: MatchListener) => ReplayMatching;
  start(stage: MarketStage): void;
  stop(): void;
}

/** Where it is played. */
export interface MarketStage {
  readonly markets: ReadonlyMap<string, EmbeddedMarket>;
  /** The exchange's wall time, which may be wrong on purpose. */
  readonly now: () => number;
  readonly publish: (event: VenueEvent) => void;
}
