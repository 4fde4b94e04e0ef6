import { describe, expect, test } from 'vitest';
import { DEFAULT_FLOW, Flow } from '../../../src/strategy/flow.ts';
import { randomExponential, seededRandom } from '../../../src/util/random.ts';

/** Market orders of both sides at `2 · perSecond`, each reaching an exponential depth. */
function fed(perSecond: number, decayPerBps: number, seconds: number): Flow {
  const random = seededRandom('flow');
  const flow = new Flow();
  for (let now = 0; now < seconds * 1000; now += randomExponential(random, 1000 / (2 * perSecond)))
    flow.traded(now, randomExponential(random, 1 / decayPerBps));
  return flow;
}

describe('flow of market orders', () => {
  test.each([
    [0.5, 1.5],
    [1.3, 0.6],
    [3, 4],
  ])('finds A = %d a second and k = %d per bps again from the orders themselves', (perSecond, decayPerBps) => {
    const reading = fed(perSecond, decayPerBps, 1800).reading(1_800_000);
    expect(reading.isDefault).toBe(false);
    expect(reading.perSecond / perSecond).toBeGreaterThan(0.8);
    expect(reading.perSecond / perSecond).toBeLessThan(1.25);
    expect(reading.decayPerBps / decayPerBps).toBeGreaterThan(0.8);
    expect(reading.decayPerBps / decayPerBps).toBeLessThan(1.25);
  });

  test('is the default until there are enough orders, and says how many there were', () => {
    const flow = new Flow();
    expect(flow.reading(0)).toEqual(DEFAULT_FLOW);
    for (let i = 0; i < 49; i += 1) flow.traded(i * 1000, 0.3 + (i % 5));
    expect(flow.reading(49_000)).toMatchObject({ ...DEFAULT_FLOW, samples: expect.any(Number) });
    expect(flow.reading(49_000).samples).toBeGreaterThan(40);
  });

  test('is the default until there was time enough: a burst of one instant has no rate', () => {
    const flow = new Flow();
    for (let i = 0; i < 500; i += 1) flow.traded(1000, 0.2 + (i % 7));
    expect(flow.reading(2000)).toMatchObject({ isDefault: true, samples: 499 });
    expect(flow.reading(2000).perSecond).toBe(DEFAULT_FLOW.perSecond);
  });

  test('forgets: orders of an hour ago no longer count', () => {
    const flow = fed(2, 1, 600);
    expect(flow.reading(600_000).isDefault).toBe(false);
    expect(flow.reading(4_200_000)).toMatchObject({ isDefault: true });
  });

  test('stays within bounds whatever is fed, and drops what is no distance', () => {
    const flow = new Flow();
    for (let i = 0; i < 500; i += 1) flow.traded(100 * i, [Number.NaN, Number.POSITIVE_INFINITY, 0, 1e9, 0.5, 1.1, 40][i % 7] ?? 0);
    const { perSecond, decayPerBps } = flow.reading(60_000);
    expect(perSecond).toBeGreaterThanOrEqual(0.001);
    expect(perSecond).toBeLessThanOrEqual(100);
    expect(decayPerBps).toBeGreaterThanOrEqual(0.05);
    expect(decayPerBps).toBeLessThanOrEqual(20);
  });
});
