import type { EmbeddedMarket } from './embedded-market.ts';
import type { InstrumentPreset } from './instruments.ts';
import type { MatchListener } from './matching/order-matching.ts';
import type { ReplayMatching } from './replay/replay-matching.ts';
import type { VenueEvent } from './venue/events.ts';

/** A source of the market other than the background flow: a recording, or the live market of another exchange. */
export interface MarketSource {
  preset(symbol: string): InstrumentPreset;
  /** The matching that replaces the engine for a symbol. */
  matchingOf(symbol: string): (onMatch: MatchListener) => ReplayMatching;
  start(stage: MarketStage): void;
  stop(): void;
}

/** The exchange in which the market is played. */
export interface MarketStage {
  readonly markets: ReadonlyMap<string, EmbeddedMarket>;
  /** The exchange’s wall time, which a fault may shift. */
  readonly now: () => number;
  readonly publish: (event: VenueEvent) => void;
}
