import type { Journal } from '../execution/journal.ts';

/** Keeps nothing: for a run in simulated time whose journal nobody reads. */
export const NO_JOURNAL: Journal = { append: () => undefined, synced: () => Promise.resolve(), close: () => undefined };
