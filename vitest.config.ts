import { defineConfig } from 'vitest/config';
import { pageAssets } from './page-assets.mjs';

/**
 * One group after the other; within a group so many files at a time. What calculates has no state outside its tests, so that one
 * process runs file after file.
 */
const CALCULATING = { maxWorkers: 2, isolate: false, sequence: { groupOrder: 0 } };
/** Mostly waits for programs that run in real time. */
const WAITING = { maxWorkers: 4, sequence: { groupOrder: 1 } };
/** Real time, or the whole machine. */
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 2 } };

const project = (name: string, include: string[], how: object) => ({
  extends: true as const,
  test: { name, include, ...how },
});

export default defineConfig({
  plugins: [pageAssets()],
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Of the tests that run in this process; what the smoke tests run are programs of their own.
    coverage: { include: ['src/**/*.ts'], reporter: ['text', 'html'] },
    projects: [
      project('unit', ['test/unit/**/*.test.ts'], CALCULATING),
      project('integration', ['test/integration/**/*.test.ts'], CALCULATING),
      // The smoke tests run the built program: built from what is here, not from what was here.
      project('smoke', ['test/smoke/**/*.test.ts'], { ...WAITING, globalSetup: ['test/support/build.ts'] }),
      project('slow', ['test/slow/**/*.test.ts'], ALONE),
      // Figures beside a peer's in the same run; printed, never asserted as absolute times.
      project('bench', ['test/bench/**/*.bench.ts'], ALONE),
    ],
  },
});
