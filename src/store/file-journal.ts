import type { Journal, JournalRecord } from '../execution/journal.ts';
import type { AppendFile } from './files.ts';
import { lineWriter } from './journal-format.ts';

/** A journal in one file. After a failed call only `close` may be called. */
export interface FileJournal extends Journal {
  /** Length so far, in characters. */
  readonly length: number;
}

export interface FileJournalOptions {
  /** Whether `synced` waits until records are on the disk. Not needed in simulated time, where a crash loses nothing. */
  readonly durable: boolean;
}

export function createFileJournal(file: AppendFile, { durable }: FileJournalOptions): FileJournal {
  const lineOf = lineWriter();
  let pending = '';
  let length = 0;
  /** Length that is on the disk. */
  let safe = 0;
  let syncing: Promise<void> | undefined;
  let isClosed = false;
  const flush = (): void => {
    if (pending === '') return;
    const text = pending;
    pending = '';
    file.append(text);
  };
  const syncAll = async (): Promise<void> => {
    const upTo = length;
    try {
      await file.synced();
      expectInPlace(file);
      safe = upTo;
    } finally {
      syncing = undefined;
      if (isClosed) file.close();
    }
  };
  return {
    get length() {
      return length;
    },
    append(...records: readonly JournalRecord[]) {
      for (const record of records) {
        const line = lineOf(record);
        length += line.length;
        pending += line;
      }
      if (durable || pending.length >= BUFFER_LENGTH) flush();
    },
    async synced() {
      const wanted = durable ? length : 0;
      // A sync in progress may have begun before the last record: all waiting callers share the next one.
      if (safe < wanted) await syncing;
      if (safe >= wanted) return;
      // The descriptor of a closed file may belong to another file by now: syncing that would prove nothing.
      if (isClosed) throw new Error('it was closed before its last records were on the disk');
      await (syncing ??= syncAll());
    },
    close() {
      flush();
      isClosed = true;
      if (syncing === undefined) file.close();
    },
  };
}

const BUFFER_LENGTH = 1 << 16;

/** Records in a file that was removed are lost. */
export function expectInPlace(file: AppendFile): void {
  if (!file.isInPlace()) throw new Error('its file was deleted or replaced while it was written');
}
