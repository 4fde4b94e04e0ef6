import { describe, expect, it } from 'vitest';
import { differenceOf, edgeOf, type Runs } from '../../../src/statistics/edge.ts';
import { estimateOf, type Run } from '../../../src/statistics/estimate.ts';
import { sampleOf } from '../../../src/statistics/sample.ts';
import { defined } from '../../../src/util/assert.ts';

/** Net edge in bps and turnover of each seed. */
function runs(seeds: Readonly<Record<string, readonly [bps: number, turnoverUsd: number]>>): Runs {
  return new Map(
    Object.entries(seeds).map(([seed, [bps, turnoverUsd]]): [string, Run] => [seed, { netUsd: (bps * turnoverUsd) / 10_000, turnoverUsd }]),
  );
}

describe('the edge of a setup', () => {
  it('is all net over all turnover, with the median and the worst of its seeds', () => {
    const edge = edgeOf(runs({ a: [10, 100], b: [-2, 900], c: [1, 1000] }));
    expect(edge.bps).toBeCloseTo(0.1, 9);
    expect(edge).toMatchObject({ seeds: 3, worst: { seed: 'b' } });
    expect(edge.median).toBeCloseTo(1, 9);
  });

  it('has the interval of the mean when all seeds trade the same', () => {
    const edges = { a: 3, b: -1, c: 2, d: 5, e: 0 };
    const edge = edgeOf(runs(Object.fromEntries(Object.entries(edges).map(([seed, bps]) => [seed, [bps, 700]]))));
    const mean = sampleOf(Object.values(edges))?.interval;
    expect(edge.interval?.[0]).toBeCloseTo(defined(mean, 'interval')[0], 9);
    expect(edge.interval?.[1]).toBeCloseTo(defined(mean, 'interval')[1], 9);
  });

  it('counts runs without turnover as seeds, and nothing else', () => {
    const traded = { a: [3, 100], b: [1, 300], c: [2, 200] } as const;
    const edge = edgeOf(runs({ ...traded, idle: [0, 0] }));
    expect(edge).toMatchObject({ seeds: 4, worst: { seed: 'b' } });
    expect(edge.bps).toBeCloseTo(defined(edgeOf(runs(traded)).bps, 'edge'), 12);
    expect(edge.interval?.every(Number.isFinite)).toBe(true);
  });

  it('is unknown when nothing was traded, and has no interval when one seed was', () => {
    const nothing = { traded: 0, bps: undefined, interval: undefined, median: undefined, worst: undefined };
    expect(edgeOf(runs({ a: [0, 0], b: [0, 0] }))).toEqual({ seeds: 2, ...nothing });
    expect(edgeOf(runs({}))).toEqual({ seeds: 0, ...nothing });
    const one = edgeOf(runs({ a: [0, 0], b: [2, 100] }));
    expect(one.bps).toBeCloseTo(2, 12);
    expect(one.interval).toBeUndefined();
  });

  it('shifts by a seed as much as it would change without the seed', () => {
    const all = [...runs({ a: [3, 100], b: [-4, 350], c: [2, 50], d: [0.5, 500] }).values()];
    const estimate = defined(estimateOf(all), 'estimate');
    const without = all.map((_, i) => estimate.bps - defined(estimateOf(all.toSpliced(i, 1)), 'estimate').bps);
    estimate.shifts.forEach((shift, i) => expect(shift).toBeCloseTo(defined(without[i], 'shift'), 9));
  });
});

describe('the difference of two setups', () => {
  it('takes what both met out of the interval', () => {
    const market = { a: 12, b: -9, c: 3, d: -14, e: 8 };
    const setup = (plus: readonly number[]): Runs =>
      runs(Object.fromEntries(Object.entries(market).map(([seed, bps], i) => [seed, [bps + (plus[i] ?? 0), 100]])));
    const difference = differenceOf(setup([1.1, 0.9, 1, 1.2, 0.8]), setup([0, 0, 0, 0, 0]));
    expect(difference?.bps).toBeCloseTo(1, 9);
    expect(difference?.interval?.[0]).toBeGreaterThan(0.7);
    expect(difference?.unpaired?.[0]).toBeLessThan(-10);
  });

  it('uses and counts the common seeds only', () => {
    const a = runs({ x: [5, 100], y: [6, 100], only: [-90, 9000] });
    const b = runs({ other: [70, 9000], y: [4, 100], x: [3, 100] });
    expect(differenceOf(a, b)).toMatchObject({ seeds: 2 });
    expect(differenceOf(a, b)?.bps).toBeCloseTo(2, 9);
  });

  it('of a setup to itself is exactly zero', () => {
    const a = runs({ x: [5, 100], y: [6, 170], z: [-90, 9000] });
    expect(differenceOf(a, a)).toMatchObject({ bps: 0, interval: [0, 0] });
  });

  it('is unknown when one did not trade or no seed is common', () => {
    const a = runs({ x: [5, 100], y: [6, 170] });
    expect(differenceOf(a, runs({ x: [0, 0], y: [0, 0] }))).toBeUndefined();
    expect(differenceOf(a, runs({ z: [1, 100] }))).toBeUndefined();
  });

  it('is the same to the last bit in any order of the seeds', () => {
    const a = runs({ x: [5.1, 103], y: [6.7, 170], z: [-90, 9001], w: [0.3, 77] });
    const b = runs({ x: [1.3, 97], y: [2.9, 60], z: [-80, 7001], w: [0.9, 78] });
    const turned = (setup: Runs): Runs => new Map([...setup].toReversed());
    expect(differenceOf(turned(a), b)).toEqual(differenceOf(a, turned(b)));
    expect(edgeOf(turned(a))).toEqual(edgeOf(a));
  });
});
