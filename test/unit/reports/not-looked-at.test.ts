import { expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { soakHtml } from '../../../src/reports/soak/soak-html.ts';
import { soakMarkdown } from '../../../src/reports/soak/soak-markdown.ts';
import { reasonOf } from '../../../src/reports/soak/soak-rows.ts';
import { soakReport } from '../../../src/reports/soak/soak-report.ts';
import { summaryLines } from '../../../src/reports/soak/soak-summary.ts';
import { LONG_ORIGIN, longSoak } from '../../support/bots/long-soak.ts';

test('a rule against which nothing was held is named so, wherever the others are', async () => {
  const run = await longSoak(1, ['BTCUSDT']);
  const held = { id: 'I8', name: 'no order rests', sources: ['ledger' as const], found: '0 open', holds: true, lookedAt: true };
  const idle = { ...held, id: 'I21', name: 'the book is the exchange’s', found: '0 books compared', lookedAt: false };
  const report = soakReport({ ...run, verdict: 'PASS', invariants: [held, idle] }, LONG_ORIGIN, resolve({}));
  expect(report.invariants).toEqual([held, idle]);
  expect(reasonOf(report)).toBe('every invariant that was exercised holds and every gate passed');
  expect(summaryLines(report, undefined)).toContainEqual([
    'Ledger',
    "1 of 1 invariants hold against the exchange's own record, 1 not exercised",
  ]);
  expect(soakMarkdown(report)).toMatch(/I21.*0 books compared.*not exercised/);
  expect(soakHtml(report)).toMatch(/0 books compared<\/td><td[^>]*>not exercised/);
  expect(soakHtml(report)).toContain('1 hold, 1 not exercised');
});
