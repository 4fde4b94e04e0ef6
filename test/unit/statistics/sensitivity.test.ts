import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/statistics/estimate.ts';
import { fullGrid, type Settings } from '../../../src/statistics/search-space.ts';
import { sensitivityOf, type Tried } from '../../../src/statistics/sensitivity.ts';
import { defined } from '../../../src/util/assert.ts';
import { randomNormal, seededRandom } from '../../../src/util/random.ts';

const AXES = [
  { key: 'spread', values: [1, 2, 3] },
  { key: 'model', values: ['plain', 'other'] },
];
/** What each value does to the edge, bps: the means are zero. */
const PLANTED: Readonly<Record<string, readonly number[]>> = { spread: [-2, 0.5, 1.5], model: [0, 0] };
const SEEDS = Array.from({ length: 12 }, (_, i) => `seed ${i}`);

function tried(settings: Settings, seeds = SEEDS): Tried {
  const effects = AXES.map(({ key, values }) => PLANTED[key]?.[(values as unknown[]).indexOf(settings[key])] ?? 0);
  const runs = seeds.map((seed): [string, Run] => {
    const market = 5 * randomNormal(seededRandom(seed));
    const luck = 0.5 * randomNormal(seededRandom(`${seed} ${JSON.stringify(settings)}`));
    return [seed, { netUsd: (1 + market + luck + effects.reduce((a, b) => a + b)) / 10, turnoverUsd: 1000 }];
  });
  return { settings, runs: new Map(runs) };
}

describe('sensitivity', () => {
  it('finds what each value does, and that a key does nothing', () => {
    const [spread, model] = sensitivityOf(
      AXES,
      fullGrid(AXES).map((settings) => tried(settings)),
    );
    expect(spread).toMatchObject({ key: 'spread', combinations: 2, seeds: 12 });
    for (const [i, { bps, interval }] of defined(spread, 'spread').effects.entries()) {
      const planted = defined(PLANTED['spread']?.[i], 'effect');
      expect(Math.abs(bps - planted)).toBeLessThan(0.3);
      const [low, high] = defined(interval, 'interval');
      expect(high - low).toBeLessThan(1);
      expect(low < 0 && high > 0).toBe(false);
    }
    expect(model).toMatchObject({ key: 'model', combinations: 3 });
    for (const { interval } of defined(model, 'model').effects) {
      const [low, high] = defined(interval, 'interval');
      expect(low < 0 && high > 0).toBe(true);
    }
  });

  it('of a grid with holes uses the combinations that are complete, on common seeds', () => {
    const setups = fullGrid(AXES).map((settings) => tried(settings, settings['model'] === 'other' ? SEEDS : SEEDS.slice(3)));
    const [spread, model] = sensitivityOf(AXES, setups.slice(1));
    expect(spread).toMatchObject({ combinations: 1, seeds: 12 });
    expect(model).toMatchObject({ combinations: 2, seeds: 9 });
  });

  it('leaves out combinations in which a setup did not trade', () => {
    const setups = fullGrid(AXES).map((settings) => tried(settings));
    const idle = new Map(SEEDS.map((seed) => [seed, { netUsd: 0, turnoverUsd: 0 }]));
    const [spread] = sensitivityOf(AXES, setups.with(0, { ...defined(setups[0], 'setup'), runs: idle }));
    expect(spread?.combinations).toBe(1);
  });

  it('says nothing where no combination is complete', () => {
    expect(sensitivityOf(AXES, [tried({ spread: 1, model: 'plain' })])).toEqual([
      { key: 'spread', combinations: 0, seeds: 0, effects: [] },
      { key: 'model', combinations: 0, seeds: 0, effects: [] },
    ]);
  });
});
