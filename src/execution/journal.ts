import { EXIT, MmbotError } from '../errors.ts';
import type { OrderGrid } from '../model/instrument.ts';
import type { Amend, Fill, NewOrder, OrderState } from '../model/order.ts';
import type { FundingPayment } from '../model/position.ts';
import type { AccountDay, SymbolDay } from './account/day.ts';

/** The first record of every file: identifies the run. */
export interface JournalStart {
  readonly type: 'start';
  readonly at: number;
  readonly runId: string;
  readonly configHash: string;
  readonly version: string;
  readonly seed: string | undefined;
}

/** An order that was about to be sent and whose records are incomplete: it may rest, or have executions that are not recorded. */
export interface IntendedOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  /** Time of the intent, wall time, ms. */
  readonly at: number;
  /** The steps in which its ticks and lots are counted; missing in records of older versions. */
  readonly grid?: OrderGrid;
  /** Ids of its recorded executions. */
  readonly fillIds: readonly string[];
  /** Sum of these executions, in lots. */
  readonly executed: number;
  /** Filled quantity at its end, in lots; null when no record shows its end. */
  readonly filledAtEnd: number | null;
}

/** The time of a freeze whose time is unknown. */
export const UNKNOWN_TIME = 0;

/** The state computed from all records so far: everything that the next start needs. */
export interface JournalState {
  /** The last freeze that was not lifted; `at`: wall time, ms. */
  readonly frozen: { readonly reason: string; readonly at: number } | undefined;
  /** When the last create or amend that may still be accepted was about to be sent, wall time, ms. */
  readonly lastIntentAt: number | undefined;
  /** Time of the last record of a loop, by the exchange's clock; undefined when there is none or another clock dated it. */
  readonly lastAt: number | undefined;
  /** Oldest first. */
  readonly open: readonly IntendedOrder[];
  readonly day: AccountDay;
}

/** Replaces all earlier records: the second record of every file that continues another one. */
export interface Snapshot extends JournalState {
  readonly type: 'snapshot';
  readonly at: number;
}

/** One line of the order journal. `at`: wall time, ms. */
export type JournalRecord =
  | JournalStart
  | Snapshot
  /** Durable before the request is sent. */
  | { readonly type: 'placeIntent'; readonly at: number; readonly order: NewOrder & { readonly grid?: OrderGrid } }
  | { readonly type: 'amendIntent'; readonly at: number; readonly amend: Amend }
  /** Appended; the cancel does not wait for the disk. */
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
  /** `grid`: the steps in which its ticks and lots are counted; missing in records of older versions. */
  | { readonly type: 'fill'; readonly at: number; readonly fill: Fill; readonly grid?: OrderGrid }
  | { readonly type: 'funding'; readonly at: number; readonly payment: FundingPayment }
  /** The totals of a symbol for this day (days since the epoch). Replaces the totals computed from earlier records. */
  | { readonly type: 'day'; readonly at: number; readonly day: number; readonly symbol: string; readonly of: SymbolDay }
  | { readonly type: 'freeze'; readonly at: number; readonly reason: string }
  /** The operator lifted the freeze of an earlier run. */
  | { readonly type: 'unfreeze'; readonly at: number; readonly reason: string }
  | { readonly type: 'stop'; readonly at: number; readonly clean: boolean };

/**
 * Write-ahead log of orders. Only creates and amends wait for the disk, and the wait never blocks the event loop. In virtual time,
 * which cannot advance past a pending file call, `synced` resolves without waiting.
 */
export interface Journal {
  /** Appends the records in order, in one write. Throws when the write fails; every later `synced` then rejects. */
  append(...records: readonly JournalRecord[]): void;
  /** Resolves when everything appended so far would survive a crash of the machine; rejects when this cannot be guaranteed. */
  synced(): Promise<void>;
  close(): void;
}

/** The error for a failed journal. It ends the run, because no order is sent without a journal. */
export function journalBroken(message: string, cause?: unknown): MmbotError {
  const hint = 'no order is sent without a journal, so this run has ended; check the disk (df, dmesg), then start again with --unfreeze';
  return new MmbotError({ code: 'journal_broken', exitCode: EXIT.usage, message, hint, cause });
}

/** The error for a write after closing: the file descriptor may belong to another file by then. */
export function journalClosed(): Error {
  return new Error('the journal was closed before its last record');
}
