import { expect, test } from 'vitest';
import { sumUp } from '../../../src/harness/measures/measures.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test.each(['1', '2', '4'])(
  'what is filled after the last sample counts in the slices of the net edge and in the drawdown (seed %s)',
  async (seed) => {
    let [sampled, slices] = [0, 0];
    const { statistics } = await virtualSoak({
      settings: settingsOf('s1'),
      seed,
      durationMs: 20_990,
      onSample: (now) => ([sampled, slices] = [now.symbols.get('BTCUSDT')?.fills ?? 0, now.edge.slices.length]),
    });
    const { fills, netUsd, turnoverUsd } = sumUp(statistics);
    expect(fills).toBeGreaterThan(sampled);
    expect(sum(statistics.edge.slices.map(({ weight }) => weight))).toBeCloseTo(turnoverUsd, 9);
    expect(sum(statistics.edge.slices.map(({ value }) => value))).toBeCloseTo(netUsd, 9);
    // A slice of its own would be shorter than the others.
    expect(statistics.edge.slices).toHaveLength(slices);
    expect(statistics.drawdownUsd).toBeGreaterThanOrEqual(-netUsd);
  },
);
