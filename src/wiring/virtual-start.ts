/** Start of simulated time in every run (2026-01-01T00:00:00Z), so that a seed repeats a run to the byte. */
export const VIRTUAL_START = 1_767_225_600_000;
