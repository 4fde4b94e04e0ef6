import { describe, expect, test } from 'vitest';
import { resolve } from '../../../../src/config/resolve.ts';
import { judgeGates, samplesFor, verdictOf, type Measure, type Threshold } from '../../../../src/harness/measures/gates.ts';

const { thresholds } = resolve({}).settings;
const GOOD: Record<Threshold, Measure> = {
  orderLatencyP95Ms: { value: 340, samples: 200, needed: 200 },
  orderLatencyP99Ms: { value: 12, samples: 1000, needed: 1000 },
  riskRatioP95: { value: 0.1, samples: 100, needed: 30 },
  makerShare: { value: 0.85, samples: 100, needed: 30 },
  errorRate: { value: 0.02, samples: 100, needed: 100 },
  netEdgeBps: { value: 0, samples: 100, needed: 30 },
  quoteUptime: { value: 0.9, samples: 100, needed: 30 },
  memorySlopeMbPerHour: { value: -3, samples: 700, needed: 660 },
};
const judge = (changes: Partial<Record<Threshold, Measure>>) => judgeGates({ ...GOOD, ...changes }, thresholds);
const statusOf = (key: Threshold, measure: Measure) => judge({ [key]: measure }).find((gate) => gate.key === `thresholds.${key}`)?.status;

describe('gates', () => {
  test('a value on its bound passes, on either side', () => {
    expect(verdictOf(judge({}), 0)).toBe('PASS');
  });

  test.each([
    ['orderLatencyP95Ms', 340.01],
    ['orderLatencyP99Ms', 500.01],
    ['riskRatioP95', 0.11],
    ['makerShare', 0.849],
    ['errorRate', 0.021],
    ['netEdgeBps', -0.01],
    ['quoteUptime', 0.89],
    ['memorySlopeMbPerHour', 51],
  ] as const)('%s fails at %d, and with it the run', (key, value) => {
    expect(statusOf(key, { ...GOOD[key], value })).toBe('fail');
    expect(verdictOf(judge({ [key]: { ...GOOD[key], value } }), 0)).toBe('FAIL');
  });

  test('a gate without enough samples never passes, however good its value', () => {
    expect(statusOf('orderLatencyP99Ms', { value: 1, samples: 999, needed: 1000 })).toBe('too_few_samples');
    expect(statusOf('makerShare', { value: undefined, samples: 0, needed: 30 })).toBe('too_few_samples');
    expect(verdictOf(judge({ makerShare: { value: 1, samples: 29, needed: 30 } }), 0)).toBe('INCONCLUSIVE');
  });

  test.each([
    [[0.01, 2], 'pass', 'PASS'],
    [[0, 2], 'pass', 'PASS'],
    [[-1, 1.5], 'too_few_samples', 'INCONCLUSIVE'],
    [[-2, 0], 'too_few_samples', 'INCONCLUSIVE'],
    [[-2, -0.01], 'fail', 'FAIL'],
  ] as const)('an interval of %j decides only when the bound lies outside: %s', (interval, status, verdict) => {
    const netEdgeBps = { value: (interval[0] + interval[1]) / 2, samples: 100, needed: 30, interval };
    expect(statusOf('netEdgeBps', netEdgeBps)).toBe(status);
    expect(verdictOf(judge({ netEdgeBps }), 0)).toBe(verdict);
  });

  test('an interval is narrower by the square root of the samples: that is how many it takes', () => {
    const neededFor = (measure: Measure) => judge({ netEdgeBps: measure }).find(({ name }) => name === 'net edge')?.needed;
    const measure = { value: 1, samples: 100, needed: 30, interval: [-2, 3] } as const;
    expect(neededFor(measure)).toBe(900);
    expect(neededFor({ ...measure, value: -1, interval: [-5, 1] })).toBe(400);
    expect(neededFor({ ...measure, value: 0 })).toBe(10_000);
    expect(neededFor({ ...measure, samples: 29 })).toBe(30);
    expect(neededFor({ ...measure, interval: [0.5, 3] })).toBe(30);
    expect(neededFor({ ...measure, interval: [0.5, 3], neededToPass: 500 })).toBe(500);
  });

  test('with few samples it takes more than the interval to pass, and no more to fail', () => {
    const measure = { value: 1, samples: 100, needed: 30, neededToPass: 101, interval: [0.5, 3] } as const;
    expect(statusOf('netEdgeBps', measure)).toBe('too_few_samples');
    expect(statusOf('netEdgeBps', { ...measure, value: 3, interval: [2.5, 5] })).toBe('pass');
    expect(statusOf('netEdgeBps', { ...measure, samples: 101 })).toBe('pass');
    expect(statusOf('netEdgeBps', { ...measure, value: -2, interval: [-3, -1] })).toBe('fail');
  });

  test('a value that is not a number fails', () => {
    expect(statusOf('netEdgeBps', { value: Number.NaN, samples: 100, needed: 30 })).toBe('fail');
  });

  test('what cannot be measured in a run leaves its verdict alone; a broken invariant decides it', () => {
    const gates = judge({ memorySlopeMbPerHour: { value: undefined, samples: 0, needed: 660, notMeasured: 'simulated time' } });
    expect(verdictOf(gates, 0)).toBe('PASS');
    expect(verdictOf(gates, 1)).toBe('FAIL');
  });

  test('a quantile needs ten samples beyond it', () => {
    expect([samplesFor(0.5), samplesFor(0.95), samplesFor(0.99)]).toEqual([20, 200, 1000]);
  });
});
