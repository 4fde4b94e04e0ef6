import { NAMELESS } from '../../test-results/ctrf.ts';
import type { TestCase } from '../../test-results/test-run.ts';
import type { JsonObject } from '../../util/json.ts';
import type { TestSummary } from './test-summary.ts';

/** Common Test Report Format, for other reporters and for a later `--baseline`. `startedAt` and `endedAt`: ms since the epoch. */
export function testSummaryCtrf(
  { counts, tests, suites, verdict, reasons }: TestSummary,
  { startedAt, endedAt, version }: { readonly startedAt: number; readonly endedAt: number; readonly version: string },
): JsonObject {
  const { passed, failed, skipped, flaky } = counts;
  const totals = { tests: tests.length, passed, failed, skipped, pending: 0, other: 0, flaky, suites: suites.length };
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: 'mmbot',
    results: {
      tool: { name: 'mmbot', version },
      summary: { ...totals, start: Math.round(startedAt), stop: Math.round(endedAt), duration: Math.round(endedAt - startedAt) },
      tests: tests.map(testDocument),
    },
    extra: { verdict, reasons },
  };
}

function testDocument({ suite, file, name, status, durationMs = 0, isFlaky, failure }: TestCase): JsonObject {
  return {
    name: name || NAMELESS,
    status,
    duration: Math.round(durationMs),
    suite: [suite],
    ...(file === '' ? {} : { filePath: file }),
    ...(isFlaky ? { flaky: true } : {}),
    ...(failure === undefined ? {} : { message: failure.message, trace: failure.details }),
    ...(failure?.place === undefined ? {} : { line: failure.place.line }),
    ...(failure?.repeat === undefined ? {} : { extra: { repeat: failure.repeat } }),
  };
}
