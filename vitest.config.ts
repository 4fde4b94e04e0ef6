import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { pageAssets } from './page-assets.mjs';

const CORES = availableParallelism();

/** A process runs file after file, and loads what they share once; what is tested in it has no state outside its tests. */
const TOGETHER = { maxWorkers: 2 * CORES, isolate: false, sequence: { groupOrder: 0 } };
/** Real time or a load is what is tested: nothing runs beside it. */
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 1 } };

/** For tests of the built program: builds it first, because an older build may be in `dist`. */
const BUILT = { globalSetup: ['test/support/program/build.ts'] };

/**
 * A test that hangs fails by its limit, seconds. No test is about it: on a quiet machine the longest needs a sixth of it. A machine may be
 * half as fast, and as busy again.
 */
const limit = (seconds: number) => ({ testTimeout: seconds * 1000, hookTimeout: seconds * 1000 });

/** What takes longest begins first; vitest would begin with the longest files. */
const LONGEST = ['docs', 'live-restart', 'live-guard', 'monitoring', 'secrets', 'live-account', 'live-freeze', 'live-day'];

/** What waits for programs alternates with what calculates: each leaves the other time. */
class Alternating extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const within = (name: string) => sorted.filter(({ moduleId }) => moduleId.includes(`/test/${name}/`));
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    const waiting = within('smoke').toSorted((a, b) => rank(a) - rank(b));
    const calculating = [...within('integration'), ...within('unit')];
    const others = sorted.filter((file) => !waiting.includes(file) && !calculating.includes(file));
    return [...waiting.flatMap((file, i) => [file, ...calculating.slice(i, i + 1)]), ...calculating.slice(waiting.length), ...others];
  }
}

const project = (name: string, include: string[], how: object) => ({
  extends: true as const,
  test: { name, include, ...how },
});

export default defineConfig({
  plugins: [pageAssets()],
  test: {
    // A retry would hide a test that fails only sometimes.
    retry: 0,
    sequence: { sequencer: Alternating },
    maxConcurrency: 3,
    // Of the tests that run in this process; what the smoke tests run are programs of their own.
    coverage: { include: ['src/**/*.ts'], reporter: ['text', 'html'] },
    projects: [
      // Unit, integration and smoke tests as one project, for a run of all: shared modules are transformed and loaded once.
      project('suite', ['test/{unit,integration,smoke}/**/*.test.ts'], { ...TOGETHER, ...BUILT, ...limit(120) }),
      project('unit', ['test/unit/**/*.test.ts'], { ...TOGETHER, ...limit(60) }),
      project('integration', ['test/integration/**/*.test.ts'], { ...TOGETHER, ...limit(60) }),
      project('smoke', ['test/smoke/**/*.test.ts'], { ...TOGETHER, ...BUILT, ...limit(120) }),
      project('realtime', ['test/realtime/**/*.test.ts'], { ...ALONE, ...BUILT, ...limit(120) }),
      project('slow', ['test/slow/**/*.test.ts'], { ...ALONE, ...limit(120) }),
      // Writes docs/images and reports/screenshots: `npm run docs:screenshot`.
      project('screenshot', ['test/support/docs/*.test.ts'], { ...ALONE, ...limit(120) }),
      // Figures beside a peer's in the same run; printed, never asserted as absolute times.
      project('bench', ['test/bench/**/*.bench.ts'], { ...ALONE, ...limit(120) }),
    ],
  },
});
