import type { Journal } from '../../execution/journal.ts';
import type { JournalFact } from './facts.ts';

/** Wraps a journal: `note` is called with each record it accepts, and with how many records are on the disk. */
export function watchedJournal(journal: Journal, note: (fact: JournalFact) => void): Journal {
  let count = 0;
  return {
    append(...records) {
      try {
        journal.append(...records);
      } catch (error) {
        note({ type: 'broken' });
        throw error;
      }
      for (const record of records) {
        note({ type: 'record', index: count, record });
        count += 1;
      }
    },
    synced() {
      const upTo = count;
      const synced = journal.synced();
      synced.then(
        () => note({ type: 'durable', count: upTo }),
        () => note({ type: 'broken' }),
      );
      return synced;
    },
    close: () => journal.close(),
  };
}
