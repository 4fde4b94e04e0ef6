import type { TestCase, TestRun } from './test-run.ts';

/**
 * Merges several files into one list of tests. The same test of the same suite in two files (shards, repeats) counts once, with the worse
 * result. With `retries` later files are retries of the tests in earlier ones: the last try counts, and a test that passed after a
 * failure is flaky.
 */
export function mergeRuns(runs: readonly TestRun[], { retries }: { readonly retries: boolean }): readonly TestCase[] {
  const merged = new Map<string, TestCase>();
  for (const { tests, mayListTries } of runs) {
    for (const test of retries && mayListTries ? tests : withNumbers(tests)) {
      const key = test.name === '' ? `nameless ${merged.size}` : [retries ? '' : test.suite, test.file, test.name].join('\n');
      const earlier = merged.get(key);
      merged.set(key, earlier === undefined ? test : retries ? laterTry(earlier, test) : worse(earlier, test));
    }
  }
  return [...merged.values()];
}

/** Within one file a repeated name is another test, as with `test.each` and a title without arguments. */
function withNumbers(tests: readonly TestCase[]): readonly TestCase[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const key = `${test.file}\n${test.name}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 || test.name === '' ? test : { ...test, name: `${test.name} (${count})` };
  });
}

/** A rerun of only the failed tests lists the others as skipped: these keep their earlier result. */
function laterTry(earlier: TestCase, later: TestCase): TestCase {
  if (later.status === 'skipped') return earlier;
  const isFlaky = later.status === 'passed' && (earlier.status === 'failed' || earlier.isFlaky || later.isFlaky);
  return { ...later, suite: earlier.suite, isFlaky };
}

const BADNESS = { failed: 2, passed: 1, skipped: 0 } as const;

function worse(one: TestCase, other: TestCase): TestCase {
  const [worst, rest] = BADNESS[other.status] > BADNESS[one.status] ? [other, one] : [one, other];
  const durations = [one, other].flatMap(({ durationMs }) => durationMs ?? []);
  return {
    ...worst,
    durationMs: durations.length === 0 ? undefined : Math.max(...durations),
    isFlaky: worst.status === 'passed' && (worst.isFlaky || rest.isFlaky),
  };
}
