import type { Changes } from '../../test-results/changes.ts';
import { oneLine } from '../../util/terminal-text.ts';
import { placeText, type TestCase } from '../../test-results/test-run.ts';
import { duration } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import type { TestSummary } from './test-summary.ts';

/** The tables of a test summary, as text cells: the terminal and Markdown print the same ones. */

export function suiteTable({ suites }: TestSummary): Table {
  const rows = suites.map(({ suite, passed, failed, skipped, flaky, durationMs }) => [
    suite,
    ...[passed, failed, skipped, flaky].map(String),
    testTime(durationMs),
  ]);
  return { title: 'Suites', head: ['suite', 'passed', 'failed', 'skipped', 'flaky', 'time'], rows };
}

export function slowestTable({ slowest }: TestSummary): Table {
  const rows = slowest.map((test) => [testTime(test.durationMs ?? 0), test.suite, test.file, test.name]);
  return { title: 'Slowest', head: ['time', 'suite', 'file', 'test'], rows };
}

/** The tests of each kind of change; kinds without a test are left out. */
export function changeLists(changes: Changes): readonly { readonly title: string; readonly tests: readonly string[] }[] {
  const names = (tests: readonly TestCase[]): readonly string[] => tests.map(fullName);
  const slower = changes.slower.map(
    ({ test, beforeMs, nowMs }) => `${fullName(test)}: ${testTime(beforeMs)} before, ${testTime(nowMs)} now`,
  );
  return [
    { title: 'newly failing', tests: names(changes.broken) },
    { title: 'still failing', tests: names(changes.stillFailing) },
    { title: 'fixed', tests: names(changes.fixed) },
    { title: 'slower', tests: slower },
    { title: 'no longer run', tests: names(changes.lost) },
    { title: 'new', tests: names(changes.added) },
  ].filter(({ tests }) => tests.length > 0);
}

/** `2 newly failing, 1 fixed`. */
export function changeLine(changes: Changes): string {
  const parts = changeLists(changes).map(({ title, tests }) => `${tests.length} ${title}`);
  return parts.length === 0 ? 'no changes' : parts.join(', ');
}

export function fullName({ suite, file, name }: TestCase): string {
  return oneLine([file || suite, name || 'a test that the log does not name'].join(' > '));
}

/** Where to look: the line that failed, otherwise the test’s file. */
export function placeOf({ file, failure }: TestCase): string {
  return oneLine(failure?.place === undefined ? file : placeText(failure.place));
}

/** `12 ms`, `3.4 s`, `2m 05s`. */
function testTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}
