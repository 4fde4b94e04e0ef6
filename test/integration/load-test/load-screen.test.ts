import { beforeAll, expect, test } from 'vitest';
import type { LoadOrigin } from '../../../src/reports/load/load-report.ts';
import { loadView } from '../../../src/reports/load/load-view.ts';
import { virtualLoad } from '../../support/bots/virtual-load.ts';

const PLAIN = { good: String, bad: String, dim: String, bold: String };

const ORIGIN: LoadOrigin = {
  version: '0.1.0',
  seed: '7',
  profile: 'defaults',
  configHash: '4e777be9ebad',
  clock: 'virtual',
  venue: 'embedded',
  symbols: ['BTCUSDT'],
  perSecond: 40,
  arrival: 'constant',
  transport: 'ws',
  amendRatio: 0.75,
  limiter: true,
  market: 'calm',
  limits: 'mm3',
  latency: 'none',
  warmUpMs: 2500,
  durationMs: 10_000,
  startedAt: '2026-01-01T00:00:00.000Z',
  repeat: '',
};

const COLUMNS = [80, 120, 200];
const viewsAt = new Map<number, string[][]>(COLUMNS.map((columns) => [columns, []]));

/** One search, shown at every width. */
beforeAll(async () => {
  await virtualLoad({
    durationMs: 5000,
    perSecond: 10,
    findsKnee: true,
    limits: 'vip0',
    onSample: (step) => {
      for (const [columns, views] of viewsAt) views.push(loadView(step, ORIGIN, columns, PLAIN));
    },
  });
});

test.each(COLUMNS)('the view of a running load keeps its height and fits %i columns, through all steps of a search', (columns) => {
  const views = viewsAt.get(columns) ?? [];
  expect(views.length).toBeGreaterThan(20);
  expect(new Set(views.map((view) => view.length)).size).toBe(1);
  expect(views.flat().filter((line) => line.length >= columns)).toEqual([]);
  expect(views[0]?.join('\n')).toContain('warming up');
  const last = views.at(-1)?.join('\n') ?? '';
  for (const shown of ['seed 7', 'passed so far', 'failed 10.31/s', 'of 40s', 'acknowledged', 'p99', 'gates now', 'errors'])
    expect(last).toContain(shown);
});
