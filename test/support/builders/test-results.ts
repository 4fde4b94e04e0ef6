import type { TestCase, TestRun } from '../../../src/test-results/test-run.ts';

export function testCase(name: string, changed: Partial<TestCase> = {}): TestCase {
  const failure =
    changed.status === 'failed'
      ? { message: 'expected 1 to be 2', details: 'expected 1 to be 2', place: undefined, repeat: undefined }
      : undefined;
  return { suite: 'unit', file: 'test/a.test.ts', name, status: 'passed', durationMs: 1, isFlaky: false, failure, ...changed };
}

export function testRun(tests: readonly TestCase[], changed: Partial<TestRun> = {}): TestRun & { readonly suite: string } {
  return { suite: 'unit', tests, durationMs: undefined, mayListTries: false, ...changed };
}
