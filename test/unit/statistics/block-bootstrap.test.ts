import { expect, test } from 'vitest';
import { ratioInterval, type Slice } from '../../../src/statistics/block-bootstrap.ts';
import { randomNormal, seededRandom, type Random } from '../../../src/util/random.ts';

const TRUE_RATIO = -2;

/** Weights that vary, values whose ratio wanders around the true one: the share `alike` of its deviation stays to the next slice. */
function planted(random: Random, { slices, alike }: { slices: number; alike: number }): Slice[] {
  let deviation = 0;
  return Array.from({ length: slices }, () => {
    deviation = alike * deviation + randomNormal(random);
    const weight = random.uniform() < 0.3 ? 0 : 50 + 100 * random.uniform();
    return { weight, value: weight * (TRUE_RATIO + deviation) };
  });
}

function shareThatCovers(runs: number, seed: string, kind: Parameters<typeof planted>[1]): number {
  const random = seededRandom(seed);
  const covered = Array.from({ length: runs }, () => {
    const [low, high] = ratioInterval(planted(random, kind)) ?? [0, 0];
    return low <= TRUE_RATIO && TRUE_RATIO <= high;
  });
  return covered.filter(Boolean).length / runs;
}

test.each([
  { slices: 30, alike: 0 },
  { slices: 60, alike: 0.3 },
  { slices: 150, alike: 0.6 },
  { slices: 240, alike: 0.8 },
])('contains the true ratio in 92 to 98 of 100 runs, although neighbors are alike: %j', (kind) => {
  const share = shareThatCovers(500, `covers ${kind.slices}`, kind);
  expect(share).toBeGreaterThanOrEqual(0.92);
  expect(share).toBeLessThanOrEqual(0.98);
});

test('a short burst of trades has no interval, however alike they are', () => {
  const burst = (traded: number): Slice[] =>
    Array.from({ length: 300 }, (_, i) => ({ weight: i < traded ? 100 : 0, value: i < traded ? i % 3 : 0 }));
  expect(ratioInterval(burst(4))).toBeUndefined();
  expect(ratioInterval(burst(100))).toBeUndefined();
  expect(ratioInterval(burst(250))).toBeDefined();
});

test('the same slices give the same interval, and their scale does not matter', () => {
  const slices = planted(seededRandom('same'), { slices: 100, alike: 0.5 });
  const [low, high] = ratioInterval(slices) ?? [0, 0];
  expect(ratioInterval(slices)).toEqual([low, high]);
  const scaled = ratioInterval(slices.map(({ value, weight }) => ({ value: 10 * value, weight: 1000 * weight }))) ?? [0, 0];
  expect(scaled[0]).toBeCloseTo(low / 100, 9);
  expect(scaled[1]).toBeCloseTo(high / 100, 9);
});

test('what each unit of weight costs moves the interval by just that', () => {
  const slices = planted(seededRandom('fee'), { slices: 100, alike: 0.5 });
  const [low, high] = ratioInterval(slices) ?? [0, 0];
  const costly = ratioInterval(slices.map(({ value, weight }) => ({ value: value - 3 * weight, weight }))) ?? [0, 0];
  expect(costly[0]).toBeCloseTo(low - 3, 9);
  expect(costly[1]).toBeCloseTo(high - 3, 9);
});

test('four times the slices halve it', () => {
  const widthOf = (slices: number): number => {
    const random = seededRandom('width');
    const widths = Array.from({ length: 50 }, () => ratioInterval(planted(random, { slices, alike: 0 })) ?? [0, 0]);
    return widths.reduce((sum, [low, high]) => sum + high - low, 0);
  };
  expect(widthOf(240) / widthOf(60)).toBeGreaterThan(0.4);
  expect(widthOf(240) / widthOf(60)).toBeLessThan(0.6);
});

test.each([
  ['too few slices', planted(seededRandom('few'), { slices: 15, alike: 0 })],
  ['no weight', Array.from({ length: 100 }, () => ({ value: 1, weight: 0 }))],
])('there is none with %s', (_, slices) => {
  expect(ratioInterval(slices)).toBeUndefined();
});

test('without any spread it is the ratio', () => {
  expect(ratioInterval(Array.from({ length: 100 }, () => ({ value: 2, weight: 1 })))).toEqual([2, 2]);
});
