import { expect, test } from 'vitest';
import { runAsShipped } from './as-shipped.ts';
import type { DecideRounds } from './decide-rounds.ts';

/** Decisions a second of the Python original, measured on the same kind of machine. */
const PYTHON = 3272;

test('decisions a second: 50 book levels, three levels a side, every part of the decision on', { timeout: 120_000 }, async () => {
  const figures = (await runAsShipped('decide-rounds.ts')) as DecideRounds;
  console.table([
    {
      'decisions/s, best': Math.round(figures.best),
      median: Math.round(figures.median),
      'of the Python original': `${Math.round(figures.median / PYTHON)} x`,
      'p50 us': figures.p50Us,
      'p99 us': figures.p99Us,
      'changes per decision': figures.changesPerDecision.toFixed(2),
      'heap growth, bytes per decision': figures.heapGrowthPerDecision.toFixed(2),
    },
  ]);
  expect(figures.changesPerDecision).toBeGreaterThan(0.1);
  expect(figures.heapGrowthPerDecision).toBeLessThan(100);
});
