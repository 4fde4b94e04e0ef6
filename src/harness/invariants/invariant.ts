import type { Settings } from '../../config/fields.ts';
import type { BotEvent } from '../../execution/events.ts';
import type { BookView } from '../../model/book.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Ledger } from '../../simulator/ledger/ledger.ts';
import type { AddressCounts } from '../../simulator/limits/rate-limits.ts';
import type { VenueMarket } from '../../simulator/venue/market-data.ts';
import type { Aftermath } from '../soak/aftermath.ts';
import type { AccountFold, LedgerChange } from './account-fold.ts';
import type { BookFact, JournalFact, WireFact } from './facts.ts';

/** The record that a rule checks. */
export type Source = 'ledger' | 'wire' | 'journal' | 'events' | 'process';

/** A statement that must hold in a run. */
export interface Rule {
  /** As in docs/soak.md; several rules can belong to one invariant. */
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  readonly sources: readonly Source[];
  readonly when: 'at every event' | 'at rest' | 'once';
  /** For rules that apply to some runs only. */
  readonly only?: 'with faults' | 'after a kill';
  readonly watch: (context: RunContext) => Watch;
}

/** Checks one rule during one run: receives the facts of its sources, then judges. Its memory is bounded. */
export interface Watch {
  ledger?(change: LedgerChange, at: number): void;
  wire?(fact: Exclude<WireFact, BookFact>, at: number): void;
  /** Called about fifty times a second. */
  book?(fact: BookFact, at: number): void;
  journal?(fact: JournalFact, at: number): void;
  /** Of turns, it gets only those that place or amend an order. */
  event?(event: BotEvent, at: number): void;
  /** Called once a second. */
  sample?(sample: Sample, at: number): void;
  judge(aftermath: Aftermath): Finding;
}

/** `found`: what was observed, with figures. */
export interface Finding {
  readonly holds: boolean;
  readonly found: string;
  /** Nothing happened that could have broken the rule, so its holding proves nothing. */
  readonly isIdle?: true;
}

export interface Invariant {
  readonly holds: boolean;
  readonly found: string;
  /** False: nothing happened that could have broken the rule, so its holding proves nothing. */
  readonly lookedAt: boolean;
  readonly id: string;
  readonly name: string;
  readonly sources: readonly Source[];
}

export interface RunContext {
  readonly settings: Settings;
  /** The prefix of this run’s ids; every id of mmbot begins with OWN_PREFIX. */
  readonly idPrefix: string;
  /** As listed by the exchange. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Hash of the settings, as config-explain prints it; undefined if none was given. */
  readonly configHash: string | undefined;
  /** The account according to the changes in the ledger so far. */
  readonly account: AccountFold;
  /** By how many ms the times of two records of one event may differ: 1 in simulated time. */
  readonly toleranceMs: number;
  /** State that can be read only within the exchange’s own process; undefined elsewhere. */
  readonly inside: InsideView | undefined;
}

export interface InsideView {
  readonly ledger: Ledger;
  readonly market: (symbol: string) => VenueMarket | undefined;
  /** The exchange’s clock. */
  readonly now: () => number;
  readonly addresses: () => readonly AddressCounts[];
  readonly botBook: BookOf;
}

/** mmbot’s own view of its state, to be compared with the ledger. */
export interface Sample {
  readonly activeFaults: number;
  readonly isFrozen: boolean;
  /** Orders that mmbot considers open, without a pending change. Whole ticks and lots. */
  readonly settled: readonly SettledOrder[];
  /** Number of orders that mmbot considers live or possibly live. */
  readonly live: number;
}

export interface SettledOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly price: number;
  readonly quantity: number;
}

/** mmbot’s own order book of a symbol; undefined while it has no valid one. */
export type BookOf = (symbol: string) => BookView | undefined;
