import { EXIT, MmbotError } from '../errors.ts';
import type { OrderGrid } from '../model/instrument.ts';
import type { Amend, Fill, NewOrder, OrderState } from '../model/order.ts';
import type { FundingPayment } from '../model/position.ts';
import type { AccountDay, SymbolDay } from './account/day.ts';

/** First in every file: whose records these are. */
export interface JournalStart {
  readonly type: 'start';
  readonly at: number;
  readonly runId: string;
  readonly configHash: string;
  readonly version: string;
  readonly seed: string | undefined;
}

/** An order that was about to leave, and of which the records do not tell all: it may rest, or have executions that they lack. */
export interface IntendedOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  /** Of the intent, wall time, ms. */
  readonly at: number;
  /** What its lots and ticks were counted in; records of older versions do not tell. */
  readonly grid?: OrderGrid;
  /** Its executions that are recorded. */
  readonly fillIds: readonly string[];
  /** What these come to, in lots. */
  readonly executed: number;
  /** What was executed when it ended, in lots; null while no record tells its end. */
  readonly filledAtEnd: number | null;
}

/** Of a freeze of which nobody knows any more when it was. */
export const UNKNOWN_TIME = 0;

/** What the records so far come to: all that the next start has to know. */
export interface JournalState {
  /** The last freeze that nobody has lifted, wall time, ms. */
  readonly frozen: { readonly reason: string; readonly at: number } | undefined;
  /** When the last create or amend was about to leave that may still land, wall time, ms. */
  readonly lastIntentAt: number | undefined;
  /** Of the last record of a loop, by the exchange's clock; undefined where there is none, or it was stamped by another. */
  readonly lastAt: number | undefined;
  /** Oldest first. */
  readonly open: readonly IntendedOrder[];
  readonly day: AccountDay;
}

/** Stands for all earlier records: second in every file that continues another. */
export interface Snapshot extends JournalState {
  readonly type: 'snapshot';
  readonly at: number;
}

/** One line of the order journal. `at`: wall time, ms. */
export type JournalRecord =
  | JournalStart
  | Snapshot
  /** Written and durable before the request leaves. */
  | { readonly type: 'placeIntent'; readonly at: number; readonly order: NewOrder & { readonly grid?: OrderGrid } }
  | { readonly type: 'amendIntent'; readonly at: number; readonly amend: Amend }
  /** Appended, never waited for. */
  | { readonly type: 'cancelIntent'; readonly at: number; readonly symbol: string; readonly clientOrderId: string }
  | {
      readonly type: 'answer';
      readonly at: number;
      readonly clientOrderId: string;
      readonly outcome: 'acknowledged' | 'refused' | 'unknown' | 'dropped';
      readonly reason: string;
    }
  | {
      readonly type: 'order';
      readonly at: number;
      readonly clientOrderId: string;
      readonly exchangeOrderId: string;
      readonly state: OrderState;
      readonly price: number;
      readonly quantity: number;
      readonly filled: number;
    }
  /** `grid`: what its lots and ticks are counted in, where that may not be today's. */
  | { readonly type: 'fill'; readonly at: number; readonly fill: Fill; readonly grid?: OrderGrid }
  | { readonly type: 'funding'; readonly at: number; readonly payment: FundingPayment }
  /** All that a symbol has done on this day (since the epoch), in place of what the records before it come to. */
  | { readonly type: 'day'; readonly at: number; readonly day: number; readonly symbol: string; readonly of: SymbolDay }
  | { readonly type: 'freeze'; readonly at: number; readonly reason: string }
  /** A person lifted the freeze of an earlier run. */
  | { readonly type: 'unfreeze'; readonly at: number; readonly reason: string }
  | { readonly type: 'stop'; readonly at: number; readonly clean: boolean };

/**
 * Write-ahead log of orders. Nothing but an intent waits for the disk, and nothing at all stands still for it. In virtual time, which
 * could not jump past a pending file call, `synced` has nothing to wait for.
 */
export interface Journal {
  /** In order and in one write; throws when that failed, and then every later `synced` rejects. */
  append(...records: readonly JournalRecord[]): void;
  /** Resolves when everything appended so far would survive a crash of the machine; rejects when that cannot be promised. */
  synced(): Promise<void>;
  close(): void;
}

/** It ends the run: nothing is sent without a journal. */
export function journalBroken(message: string, cause?: unknown): MmbotError {
  const hint = 'nothing is sent without it, so this run is over; check the disk (df, dmesg), then start again with --unfreeze';
  return new MmbotError({ code: 'journal_broken', exitCode: EXIT.usage, message, hint, cause });
}

/** The number of a closed file may be another file's by now: nothing is written to it. */
export function journalClosed(): Error {
  return new Error('the journal was closed before its last record');
}
