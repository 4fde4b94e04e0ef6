import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { EXIT, MmbotError } from '../errors.ts';
import { DayFold } from '../execution/account/account-day.ts';
import { NO_DAY, type AccountDay } from '../execution/account/day.ts';
import type { Journal, JournalStart, JournalState } from '../execution/journal.ts';
import { readBytes, realPathOf } from './files.ts';
import { markedFreeze, markedJournal } from './freeze-mark.ts';
import { claimInstance, isHeld, type Instance } from './instance.ts';
import { readRecords } from './journal-format.ts';
import { JournalFold } from './journal-state.ts';
import { SegmentedJournal, segmentsIn, unwritable } from './segmented-journal.ts';

/** State left by the last run of this account. */
export interface JournalHistory extends JournalState {
  /** It ended with all orders canceled and verified. */
  readonly endedClean: boolean;
  /** Bytes of an incomplete last record, which was being written when the machine stopped. */
  readonly tornBytes: number;
}

export const NO_HISTORY: JournalHistory = {
  frozen: undefined,
  lastIntentAt: undefined,
  lastAt: undefined,
  open: [],
  day: NO_DAY,
  endedClean: true,
  tornBytes: 0,
};

/**
 * A freeze counts when it is in the journal or in the freeze mark. Throws MmbotError (exit 2) when the journal is damaged before its end,
 * because it is unknown what is missing.
 */
export function readHistory(folder: string): JournalHistory {
  const history = journalIn(folder);
  const marked = markedFreeze(folder);
  if (history.frozen !== undefined || marked === undefined) return history;
  const { at, reason } = marked;
  return { ...history, frozen: { at, reason: `${reason} (the journal does not know of it: an older copy, or its end is lost)` } };
}

function journalIn(folder: string): JournalHistory {
  let tornBytes = 0;
  for (const { name } of segmentsIn(folder).toReversed()) {
    const segment = readSegment(join(folder, name));
    tornBytes += segment.tornBytes;
    const { isWhole, fold } = segment;
    if (isWhole) return { ...fold.state, ...(fold.knowsDay ? {} : { day: dayIn(folder) }), endedClean: fold.endedClean, tornBytes };
  }
  return { ...NO_HISTORY, tornBytes };
}

/** Read from all records that are kept, because files of earlier versions do not begin with it. */
function dayIn(folder: string): AccountDay {
  const day = new DayFold();
  for (const { name } of segmentsIn(folder)) readRecords(readBytes(join(folder, name)), (record) => day.add(record));
  return day.state;
}

/** Locks the folder against other processes of this machine. Throws MmbotError (exit 2) when another process has the lock. */
export async function lockFolder(folder: string): Promise<Instance> {
  const instance = await claimFolder(folder);
  if (instance !== undefined) return instance;
  throw new MmbotError({
    code: 'journal_in_use',
    exitCode: EXIT.usage,
    message: `another mmbot live on this machine is using ${folder} for its journal`,
    hint: 'stop it first, or use another folder with --state-dir',
  });
}

/** The same, or undefined when another process has it. */
export function claimFolder(folder: string): Promise<Instance | undefined> {
  return claimInstance(lockName(folder), () => undefined);
}

/** Whether a process of this machine writes the journal in the folder. */
export function isFolderInUse(folder: string): Promise<boolean> {
  return isHeld(lockName(folder));
}

function lockName(folder: string): string {
  return `journal-${createHash('sha256').update(realPathOf(folder)).digest('hex').slice(0, 16)}`;
}

/** Continues the journal of the account in a new file. Throws MmbotError (exit 2) when that cannot be written. */
export function beginJournal(folder: string, start: JournalStart, history: JournalHistory): Journal {
  const fold = new JournalFold();
  fold.add({
    type: 'snapshot',
    at: start.at,
    frozen: history.frozen,
    lastIntentAt: history.lastIntentAt,
    lastAt: history.lastAt,
    open: history.open,
    day: history.day,
  });
  const journal = new SegmentedJournal(folder, start, fold);
  try {
    return markedJournal(journal, folder);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

/** `isWhole`: the file has its first record. If not, the machine stopped before the file was used, and the previous file counts. */
function readSegment(path: string): { readonly isWhole: boolean; readonly fold: JournalFold; readonly tornBytes: number } {
  const fold = new JournalFold();
  let isWhole = false;
  const reading = readRecords(readBytes(path), (record) => {
    fold.add(record);
    isWhole ||= record.type === 'snapshot';
  });
  if (reading.ok) return { isWhole, fold, tornBytes: reading.tornBytes };
  throw new MmbotError({
    code: 'journal_damaged',
    exitCode: EXIT.usage,
    message: `${path}:${reading.line}: expected a record with a valid checksum; more records follow, so the file is damaged and not just incomplete`,
    hint: `cancel its orders, which needs no journal, rename ${path} to ${basename(path)}.damaged and start again`,
  });
}
