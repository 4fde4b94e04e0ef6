import type { TestCase } from './test-run.ts';

/** Differences from an earlier run; tests are matched by file and name. */
export interface Changes {
  /** Fail now, and did not before. */
  readonly broken: readonly TestCase[];
  /** Failed before, pass now. */
  readonly fixed: readonly TestCase[];
  /** Failed before, fail now. */
  readonly stillFailing: readonly TestCase[];
  readonly slower: readonly Slower[];
  readonly added: readonly TestCase[];
  /** Ran before, and are skipped or missing now. */
  readonly lost: readonly TestCase[];
}

interface Slower {
  readonly test: TestCase;
  readonly beforeMs: number;
  readonly nowMs: number;
}

/** A test is slower only if both are exceeded: the ratio alone would report 0.1 ms to 1 ms, the difference alone 10 s to 11 s. */
const SLOWER_RATIO = 2;
const SLOWER_MS = 250;

export function changesSince(before: readonly TestCase[], now: readonly TestCase[]): Changes {
  const [earlier, later] = [byIdentity(before), byIdentity(now)];
  const pairs = [...later].map(([key, test]) => ({ test, old: earlier.get(key) }));
  const failed = pairs.filter(({ test }) => test.status === 'failed');
  return {
    broken: failed.filter(({ old }) => old?.status !== 'failed').map(({ test }) => test),
    stillFailing: failed.filter(({ old }) => old?.status === 'failed').map(({ test }) => test),
    fixed: pairs.filter(({ test, old }) => test.status === 'passed' && old?.status === 'failed').map(({ test }) => test),
    slower: pairs.flatMap(({ test, old }) => slowerThan(old, test)),
    added: pairs.filter(({ old }) => old === undefined).map(({ test }) => test),
    lost: [...earlier].filter(([key, old]) => old.status !== 'skipped' && isOut(later.get(key))).map(([, old]) => old),
  };
}

/** Without the suite, because its name comes from the results file, which may have another name. */
function byIdentity(tests: readonly TestCase[]): ReadonlyMap<string, TestCase> {
  return new Map(tests.filter(({ name }) => name !== '').map((test) => [`${test.file}\n${test.name}`, test]));
}

function slowerThan(old: TestCase | undefined, test: TestCase): readonly Slower[] {
  const [beforeMs, nowMs] = [old?.durationMs, test.durationMs];
  if (beforeMs === undefined || nowMs === undefined || test.status !== 'passed') return [];
  return nowMs >= SLOWER_RATIO * beforeMs && nowMs - beforeMs >= SLOWER_MS ? [{ test, beforeMs, nowMs }] : [];
}

function isOut(test: TestCase | undefined): boolean {
  return test === undefined || test.status === 'skipped';
}
