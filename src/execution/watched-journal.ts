import type { Journal } from './journal.ts';

/**
 * The journal as the loop uses it. What cannot be recorded keeps nothing from happening but a create or an amend: an append never
 * throws, and from the first failure on, which is told to `onBroken`, every sync does.
 */
export function watchedJournal(journal: Journal, onBroken: (error: unknown) => void): Journal {
  let failure: { readonly error: unknown } | undefined;
  const attempt = (task: () => void): void => {
    try {
      task();
    } catch (error) {
      if (failure !== undefined) return;
      failure = { error };
      onBroken(error);
    }
  };
  return {
    append: (record) => attempt(() => journal.append(record)),
    sync() {
      attempt(() => journal.sync());
      if (failure !== undefined) throw failure.error;
    },
    close: () => journal.close(),
  };
}
