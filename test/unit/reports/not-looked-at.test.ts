import { expect, test } from 'vitest';
import { soakHtml } from '../../../src/reports/soak-html.ts';
import { soakMarkdown } from '../../../src/reports/soak-markdown.ts';
import { reasonOf } from '../../../src/reports/soak-rows.ts';
import { soakReport, type SoakOrigin } from '../../../src/reports/soak-report.ts';
import { summaryLines } from '../../../src/reports/soak-summary.ts';
import { longSoak } from '../../support/long-soak.ts';

const ORIGIN: SoakOrigin = {
  version: '0.1.0',
  seed: 'long',
  profile: 's1',
  configHash: 'abc123',
  clock: 'virtual',
  symbols: ['BTCUSDT'],
  market: 'btc',
  knobs: { psi: 0.3, phi: 0.05 },
  faults: 'stalled-body',
  durationMs: 86_400_000,
  startedAt: '2026-01-01T00:00:00.000Z',
  repeat: 'mmbot soak --clock virtual --duration 24h --seed long',
};

test('a rule against which nothing was held is named so, wherever the others are', async () => {
  const run = await longSoak(1, ['BTCUSDT']);
  const held = { id: 'I8', name: 'no order rests', sources: ['ledger' as const], found: '0 open', holds: true, lookedAt: true };
  const idle = { ...held, id: 'I21', name: 'the book is the exchange’s', found: '0 books compared', lookedAt: false };
  const report = soakReport({ ...run, verdict: 'PASS', invariants: [held, idle] }, ORIGIN);
  expect(report.invariants).toEqual([held, idle]);
  expect(reasonOf(report)).toBe('every invariant that was looked at holds and every gate passed');
  expect(summaryLines(report, undefined)).toContainEqual([
    'Ledger',
    "1 of 1 invariants hold against the exchange's own record, 1 not looked at",
  ]);
  expect(soakMarkdown(report)).toMatch(/I21.*0 books compared.*not looked at/);
  expect(soakHtml(report)).toMatch(/0 books compared<\/td><td[^>]*>not looked at/);
  expect(soakHtml(report)).toContain('1 hold, 1 not looked at');
});
