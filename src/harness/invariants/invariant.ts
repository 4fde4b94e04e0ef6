import type { Settings } from '../../config/fields.ts';
import type { BotEvent } from '../../execution/events.ts';
import type { BookView } from '../../model/book.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Ledger } from '../../simulator/ledger/ledger.ts';
import type { AddressCounts } from '../../simulator/limits/rate-limits.ts';
import type { VenueMarket } from '../../simulator/venue.ts';
import type { Aftermath } from '../soak/aftermath.ts';
import type { AccountFold, LedgerChange } from './account-fold.ts';
import type { BookFact, JournalFact, WireFact } from './facts.ts';

/** Whose record is held against what mmbot promises. */
export type Source = 'ledger' | 'wire' | 'journal' | 'events' | 'process';

/** A statement that must hold. */
export interface Rule {
  /** Of docs/soak.md; several rules can be parts of one invariant. */
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  readonly sources: readonly Source[];
  readonly when: 'at every event' | 'at rest' | 'once';
  /** Where it is not in every run: only with faults, or only after kills. */
  readonly only?: 'with faults' | 'after a kill';
  readonly watch: (context: RunContext) => Watch;
}

/** One rule during one run: hears what its sources tell, then judges. Its memory is bounded. */
export interface Watch {
  ledger?(change: LedgerChange, at: number): void;
  wire?(fact: Exclude<WireFact, BookFact>, at: number): void;
  /** There are fifty a second. */
  book?(fact: BookFact, at: number): void;
  journal?(fact: JournalFact, at: number): void;
  /** Of turns, those that change an order. */
  event?(event: BotEvent, at: number): void;
  /** Once a second. */
  sample?(sample: Sample, at: number): void;
  judge(aftermath: Aftermath): Finding;
}

/** `found`: what was seen, with figures. */
export interface Finding {
  readonly holds: boolean;
  readonly found: string;
  /** Nothing came that could have broken it: it is not broken, and that proves nothing. */
  readonly isIdle?: true;
}

export interface Invariant {
  readonly holds: boolean;
  readonly found: string;
  /** False: nothing came that could have broken it, so that it holds proves nothing. */
  readonly lookedAt: boolean;
  readonly id: string;
  readonly name: string;
  readonly sources: readonly Source[];
}

export interface RunContext {
  readonly settings: Settings;
  /** Of the run; every id of mmbot's begins with OWN_PREFIX. */
  readonly idPrefix: string;
  /** As the exchange lists them. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Of the settings, as config-explain prints it; undefined where nobody says. */
  readonly configHash: string | undefined;
  /** The account by the ledger's changes so far. */
  readonly account: AccountFold;
  /** How far apart two records of one instant may be, ms: 1 in simulated time. */
  readonly toleranceMs: number;
  /** What only a check in the exchange's own process can ask; undefined in another. */
  readonly inside: InsideView | undefined;
}

export interface InsideView {
  readonly ledger: Ledger;
  readonly market: (symbol: string) => VenueMarket | undefined;
  /** The exchange's clock. */
  readonly now: () => number;
  readonly addresses: () => readonly AddressCounts[];
  readonly botBook: BookOf;
}

/** How mmbot stands, by its own picture: held against the ledger. */
export interface Sample {
  readonly activeFaults: number;
  readonly isFrozen: boolean;
  /** Orders it holds for open, with no change under way. Whole ticks and lots. */
  readonly settled: readonly SettledOrder[];
  /** Orders that it holds for live or possible. */
  readonly live: number;
}

export interface SettledOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly price: number;
  readonly quantity: number;
}

/** mmbot's own book of a symbol; undefined while it trusts none. */
export type BookOf = (symbol: string) => BookView | undefined;
