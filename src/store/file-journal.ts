import type { Journal, JournalRecord } from '../execution/journal.ts';
import { createAppendFile } from './files.ts';
import { journalLine } from './journal-format.ts';

/**
 * The journal in a file. `durable`: every sync reaches the disk before the request leaves; without it (simulated time, where
 * a crash loses nothing) the operating system may take its time.
 */
export function createFileJournal(path: string, options: { readonly durable: boolean; readonly replace: boolean }): Journal {
  const file = createAppendFile(path, options);
  let pending = '';
  const flush = (): void => {
    if (pending === '') return;
    file.append(pending);
    pending = '';
  };
  return {
    append(record: JournalRecord) {
      pending += journalLine(record);
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
