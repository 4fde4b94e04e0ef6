import { join } from 'node:path';
import { EXIT, MmbotError } from '../errors.ts';
import type { Journal, JournalRecord } from '../execution/journal.ts';
import { createFileJournal } from './file-journal.ts';
import { listFolder, moveFile, readText, removeFile } from './files.ts';
import { parseJournal } from './journal-format.ts';

const CURRENT = 'journal.log';
/** Earlier journals are kept under the time at which they were put aside. */
const EARLIER = /^journal-\d+\.log$/;
const KEPT = 20;

/** What the last run of this account left behind. */
export interface JournalHistory {
  /** The last freeze that nobody has lifted. */
  readonly frozen: { readonly reason: string; readonly at: number } | undefined;
  /** When the last create or amend was about to leave, wall time, ms; undefined when there was none. */
  readonly lastIntentAt: number | undefined;
  /** It ended with everything canceled and verified. */
  readonly endedClean: boolean;
  /** Of a record that was being written when the machine stopped. */
  readonly tornBytes: number;
}

export const NO_HISTORY: JournalHistory = { frozen: undefined, lastIntentAt: undefined, endedClean: true, tornBytes: 0 };

/** Throws MmbotError (exit 2) when the journal is damaged in its middle: nobody can tell what is missing. */
export function readHistory(folder: string): JournalHistory {
  const path = newest(folder);
  const text = path === undefined ? undefined : readText(path);
  if (path === undefined || text === undefined) return NO_HISTORY;
  const content = parseJournal(text);
  if (!content.ok) {
    throw new MmbotError({
      code: 'journal_damaged',
      exitCode: EXIT.usage,
      message: `${path}:${content.line}: expected a record whose checksum is right; good records follow it, so this is damage and not a torn tail`,
      hint: `mmbot cancel-all works without the journal; then move ${path} away and start again`,
    });
  }
  return { ...foldHistory(content.records), tornBytes: content.tornBytes };
}

/** Puts the earlier journal aside and begins a new one; the oldest go. */
export function beginJournal(folder: string, at: number): Journal {
  const current = join(folder, CURRENT);
  if (readText(current) !== undefined) moveFile(current, join(folder, `journal-${at}.log`));
  const earlier = earlierIn(folder);
  for (const name of earlier.slice(0, Math.max(0, earlier.length - KEPT))) removeFile(join(folder, name));
  return createFileJournal(current, { durable: true, replace: false });
}

/** The current one; between two runs, or after a crash of the change over, the latest that was put aside. */
function newest(folder: string): string | undefined {
  const name = listFolder(folder).includes(CURRENT) ? CURRENT : earlierIn(folder).at(-1);
  return name === undefined ? undefined : join(folder, name);
}

function earlierIn(folder: string): readonly string[] {
  return listFolder(folder)
    .filter((name) => EARLIER.test(name))
    .sort();
}

function foldHistory(records: readonly JournalRecord[]): Omit<JournalHistory, 'tornBytes'> {
  let frozen: JournalHistory['frozen'];
  let lastIntentAt: number | undefined;
  for (const record of records) {
    if (record.type === 'freeze') frozen = { reason: record.reason, at: record.at };
    if (record.type === 'unfreeze') frozen = undefined;
    if (record.type === 'placeIntent' || record.type === 'amendIntent') lastIntentAt = record.at;
  }
  const last = records.at(-1);
  return { frozen, lastIntentAt, endedClean: last?.type === 'stop' && last.clean };
}
