import { endFields, type RunEnd } from '../../errors.ts';
import type { JsonObject } from '../../util/json.ts';
import type { TestCase } from '../../test-results/test-run.ts';
import type { TestSummary } from './test-summary.ts';

/** The document of `--json`. */
export function testSummaryDocument(summary: TestSummary, end: RunEnd, files: readonly string[]): JsonObject {
  const { verdict, reasons, counts, suites, failures, flaky, slowest, changes } = summary;
  return {
    schemaVersion: 1,
    command: 'test-summary',
    ...endFields(end),
    verdict,
    reasons,
    counts,
    suites,
    failures: failures.map((test) => ({ ...identity(test), ...test.failure })),
    flaky: flaky.map(identity),
    slowest: slowest.map(timed),
    changes:
      changes === undefined
        ? null
        : {
            broken: changes.broken.map(identity),
            stillFailing: changes.stillFailing.map(identity),
            fixed: changes.fixed.map(identity),
            slower: changes.slower.map(({ test, beforeMs, nowMs }) => ({ ...identity(test), beforeMs, nowMs })),
            added: changes.added.map(identity),
            lost: changes.lost.map(identity),
          },
    files,
  };
}

function identity({ suite, file, name }: TestCase): JsonObject {
  return { suite, file, name };
}

function timed(test: TestCase): JsonObject {
  return { ...identity(test), durationMs: test.durationMs };
}
