import { describe, expect, it } from 'vitest';
import { PLANNED } from '../../support/statistics/made-campaign.ts';
import { coverageOf, percent, raceFiguresOf } from '../../support/statistics/proofs.ts';

// The same for more worlds, correlations and sizes: test/slow/campaign-statistics.test.ts.

describe('made campaigns whose truth is known', () => {
  it.each([8, 20, 40])('have it in their 95 %% intervals as often as they say, with %d seeds', (seeds) => {
    const { own, paired, wider } = coverageOf(PLANNED, seeds, 1000);
    console.log(
      `${seeds} seeds: own edge ${percent(own)}, paired difference ${percent(paired)}, unpaired ${wider.toFixed(2)} times as wide`,
    );
    expect(own).toBeGreaterThanOrEqual(0.92);
    expect(own).toBeLessThanOrEqual(0.98);
    expect(paired).toBeGreaterThanOrEqual(0.93);
    expect(paired).toBeLessThanOrEqual(0.97);
    expect(wider).toBeGreaterThanOrEqual(2);
  });

  it('are won by the winner of the full grid with a third of its runs', () => {
    const { near, share } = raceFiguresOf({ world: PLANNED, setups: 12, seeds: 40, block: 5, truth: (random) => 5 * random.uniform() }, 60);
    console.log(`winner of the full grid, or as good: ${percent(near)}, with ${percent(share)} of its runs`);
    expect(near).toBeGreaterThanOrEqual(0.95);
    expect(share).toBeLessThanOrEqual(0.35);
  });
});
