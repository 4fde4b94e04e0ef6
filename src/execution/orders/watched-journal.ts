import type { Clock } from '../../util/clock.ts';
import type { DayFold } from '../account/account-day.ts';
import { journalBroken, type Journal, type JournalRecord } from '../journal.ts';

/** A disk normally needs milliseconds; quotes that wait longer than this are stale. */
const SLOW_MS = 500;
const HUNG_MS = 10_000;
/** The wait for the last records after a failure; they are not worth a longer one. */
const LAST_WORDS_MS = 1000;

export interface JournalWatch {
  readonly clock: Clock;
  /** Called on the first failure; a sync that takes longer than ten seconds is one. */
  readonly onBroken: (error: unknown) => void;
  /** Called with true when a sync takes longer than half a second, with false when the last slow sync has ended. */
  readonly onSlow: (isSlow: boolean) => void;
}

/**
 * The journal as the loop uses it. A failing journal blocks only creates and amends: `append` never throws, and `synced` rejects
 * from the first failure on. Records of the same tick of the event loop share one write.
 */
export function watchedJournal(journal: Journal, { clock, onBroken, onSlow }: JournalWatch): Journal {
  let failure: { readonly error: unknown } | undefined;
  let pending: JournalRecord[] = [];
  let slow = 0;
  const failed = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = { error };
    onBroken(error);
  };
  const flush = (): void => {
    if (pending.length === 0) return;
    const records = pending;
    pending = [];
    try {
      journal.append(...records);
    } catch (error) {
      failed(error);
    }
  };
  /** Rejects like `work`, or when it hangs. */
  const timely = (work: Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      let isSlow = false;
      const hungMs = failure === undefined ? HUNG_MS : LAST_WORDS_MS;
      let cancel = clock.schedule(SLOW_MS, () => {
        isSlow = true;
        slow += 1;
        if (slow === 1) onSlow(true);
        cancel = clock.schedule(hungMs - SLOW_MS, () =>
          reject(journalBroken(`the disk did not finish a write of the journal within ${hungMs / 1000} s`)),
        );
      });
      const ended = (): void => {
        cancel();
        if (!isSlow) return;
        slow -= 1;
        if (slow === 0) onSlow(false);
      };
      work.finally(ended).then(resolve, reject);
    });
  return {
    append(...records) {
      if (pending.length === 0) queueMicrotask(flush);
      pending.push(...records);
    },
    async synced() {
      flush();
      await timely(journal.synced()).catch(failed);
      if (failure !== undefined) throw failure.error;
    },
    close() {
      flush();
      journal.close();
    },
  };
}

/** Adds every appended record to `day` immediately. */
export function foldedJournal(journal: Journal, day: DayFold): Journal {
  return {
    append(...records) {
      for (const record of records) day.add(record);
      journal.append(...records);
    },
    synced: () => journal.synced(),
    close: () => journal.close(),
  };
}
