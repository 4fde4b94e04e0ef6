import type { Journal, JournalRecord } from '../execution/journal.ts';
import { createAppendFile } from './files.ts';
import { lineWriter } from './journal-format.ts';

/** A journal in one file. After a call that threw, nothing more may be asked of it but to close. */
export interface FileJournal extends Journal {
  /** Length so far, in characters: of what is mostly ASCII. */
  readonly length: number;
}

export interface FileJournalOptions {
  /** Every sync reaches the disk before the request leaves; without it (simulated time, where a crash loses nothing) the operating system may take its time. */
  readonly durable: boolean;
  readonly replace: boolean;
}

export function createFileJournal(path: string, options: FileJournalOptions, createFile = createAppendFile): FileJournal {
  const file = createFile(path, options);
  const lineOf = lineWriter();
  let pending = '';
  let length = 0;
  const flush = (): void => {
    if (pending === '') return;
    const text = pending;
    pending = '';
    file.append(text);
  };
  return {
    get length() {
      return length;
    },
    append(record: JournalRecord) {
      const line = lineOf(record);
      length += line.length;
      pending += line;
      if (!options.durable && pending.length < BUFFER_LENGTH) return;
      flush();
    },
    sync() {
      if (!options.durable) return;
      flush();
      file.sync();
    },
    close() {
      flush();
      file.close();
    },
  };
}

const BUFFER_LENGTH = 1 << 16;
