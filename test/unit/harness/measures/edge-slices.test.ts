import { expect, test } from 'vitest';
import { EdgeSlices } from '../../../../src/harness/measures/edge-slices.ts';
import { seededRandom, type Random } from '../../../../src/util/random.ts';

const TRUE_BPS = -2;

/** A run of `seconds` with a fill of 100 USD every other second, whose edges move slowly around the true one, sampled once a second. */
function runOf(random: Random, seconds: number): EdgeSlices {
  const slices = new EdgeSlices();
  let [fills, netUsd, turnoverUsd, drift] = [0, 0, 0, 0];
  for (let second = 0; second < seconds; second += 1) {
    drift = 0.8 * drift + (random.uniform() - 0.5) * 3;
    if (random.uniform() < 0.5) {
      fills += 1;
      turnoverUsd += 100;
      netUsd += (100 * (TRUE_BPS + drift)) / 10_000;
    }
    slices.sample({ fills, netUsd, turnoverUsd }, second * 1000);
  }
  return slices;
}

function shareThatCovers(seconds: number): number {
  const random = seededRandom(`covers ${seconds}`);
  const runs = Array.from({ length: 1000 }, () => runOf(random, seconds).intervalBps() ?? [0, 0]);
  return runs.filter(([low, high]) => low <= TRUE_BPS && TRUE_BPS <= high).length / runs.length;
}

test.each([300, 3000])(
  'the interval of a run of %i seconds contains the true edge in 90 to 98 of 100 runs, although fills are alike',
  (seconds) => {
    expect(shareThatCovers(seconds)).toBeGreaterThan(0.9);
    expect(shareThatCovers(seconds)).toBeLessThan(0.98);
  },
);

test('a longer run has a narrower interval', () => {
  const width = (seconds: number): number => {
    const [low, high] = runOf(seededRandom('width'), seconds).intervalBps() ?? [0, 0];
    return high - low;
  };
  expect(width(4 * 3600)).toBeLessThan(width(600) / 3);
});

test('a run that is short or has few fills has no interval', () => {
  const short = runOf(seededRandom('short'), 40);
  expect(short.intervalBps()).toBeUndefined();
  // A fill every other second: at this rate there is an interval after 50 s.
  expect(short.neededFills).toBeGreaterThan(20);
  expect(short.neededFills).toBeLessThan(40);
  expect(short.neededToPass).toBeGreaterThan(750);
  expect(short.neededToPass).toBeLessThan(1200);
  expect(runOf(seededRandom('short'), 1800).neededToPass).toBe(30);
  expect(runOf(seededRandom('short'), 3000).neededToPass).toBe(30);
  const quiet = new EdgeSlices();
  for (let second = 0; second < 3600; second += 1) quiet.sample({ fills: 29, netUsd: 1, turnoverUsd: 2900 }, second * 1000);
  expect([quiet.intervalBps(), quiet.neededFills]).toEqual([undefined, 30]);
});
