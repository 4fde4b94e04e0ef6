import { beforeAll, expect, test } from 'vitest';
import { soakView } from '../../../src/reports/soak/soak-view.ts';
import type { SoakOrigin } from '../../../src/reports/soak/soak-report.ts';
import { judgeGates } from '../../../src/harness/measures/gates.ts';
import { measureRun } from '../../../src/harness/measures/measures.ts';
import { MemorySamples } from '../../../src/harness/measures/memory-samples.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const PLAIN = { good: String, bad: String, dim: String, bold: String };

const ORIGIN: SoakOrigin = {
  version: '0.1.0',
  seed: '7',
  profile: 's1',
  configHash: '4e777be9ebad',
  clock: 'virtual',
  symbols: ['BTCUSDT'],
  market: 'btc',
  knobs: { psi: 0.3, phi: 0.05 },
  faults: 'none',
  fees: { makerFeeBps: 2, takerFeeBps: 5.5 },
  durationMs: 60_000,
  startedAt: '2026-01-01T00:00:00.000Z',
  repeat: '',
};

const COLUMNS = [80, 120, 200];
const viewsAt = new Map<number, string[][]>(COLUMNS.map((columns) => [columns, []]));

/** One soak, shown at every width. */
beforeAll(async () => {
  const settings = settingsOf('s1');
  await virtualSoak({
    settings,
    seed: '7',
    durationMs: 60_000,
    onSample: (statistics) => {
      const gates = judgeGates(measureRun(statistics, new MemorySamples(), false), settings.thresholds);
      const shown = { origin: ORIGIN, statistics, gates, realMs: 20 * statistics.elapsedMs ** 0.5 };
      for (const [columns, views] of viewsAt) views.push(soakView(shown, columns, PLAIN));
    },
  });
});

test.each(COLUMNS)('the view of a running soak keeps its height and fits %i columns, from the first second to the last', (columns) => {
  const views = viewsAt.get(columns) ?? [];
  expect(views.length).toBeGreaterThan(50);
  expect(new Set(views.map((view) => view.length)).size).toBe(1);
  expect(views.flat().filter((line) => line.length >= columns)).toEqual([]);
  const last = views.at(-1)?.join('\n') ?? '';
  for (const shown of ['seed 7', 'psi 0.3', 'phi 0.05', '59s of 1m 00s', 'BTCUSDT', 'p95', 'gates now', 'quoting'])
    expect(last).toContain(shown);
});
