import { expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { judgeGates, type Measure, type Threshold } from '../../../src/harness/measures/gates.ts';
import { failedGates, openGates } from '../../../src/reports/soak/soak-rows.ts';

const MINUTES = 60_000;
const GOOD = { value: 0, samples: 1000, needed: 30 };
const gatesWith = (netEdgeBps: Measure, others: Partial<Record<Threshold, Measure>> = {}) => {
  const measures = { makerShare: { ...GOOD, value: 1 }, quoteUptime: { ...GOOD, value: 1 }, netEdgeBps, ...others };
  const rest = { orderLatencyP95Ms: GOOD, orderLatencyP99Ms: GOOD, riskRatioP95: GOOD, errorRate: GOOD, memorySlopeMbPerHour: GOOD };
  return judgeGates({ ...rest, ...measures }, resolve({}).settings.thresholds);
};

test('an interval that includes the bound is named, with the time that would do', () => {
  const gates = gatesWith({ value: 0.5, samples: 100, needed: 30, interval: [-0.5, 1.4] });
  const found = 'too few samples for net edge (100 of 400, 95 %: -0.50 to +1.40 bps, allowed at least 0.00 bps)';
  expect(openGates(gates, 60 * MINUTES)).toBe(`${found}; about 5h at this rate`);
  expect(openGates(gates, 60 * MINUTES, (time) => `: try --duration ${time}`)).toBe(`${found}; about 5h at this rate: try --duration 5h`);
});

test('where no time would do, it says so; few samples alone are no such case', () => {
  expect(openGates(gatesWith({ value: 0.01, samples: 100, needed: 30, interval: [-1, 1] }), 60 * MINUTES)).toContain(
    '; more than 111h at this rate',
  );
  const few = gatesWith({ ...GOOD, interval: [1, 2], value: 1.5 }, { orderLatencyP95Ms: { value: 1, samples: 1, needed: 200 } });
  expect(openGates(few, MINUTES)).toBe('too few samples for order latency p95 (1 of 200); about 4h at this rate');
});

test('of many open gates four are named', () => {
  const none = { value: undefined, samples: 1, needed: 30 };
  const keys = ['orderLatencyP95Ms', 'orderLatencyP99Ms', 'riskRatioP95', 'errorRate', 'quoteUptime'] as const;
  const many = gatesWith({ ...GOOD, value: 1 }, Object.fromEntries(keys.map((key) => [key, none])));
  expect(openGates(many, MINUTES)).toMatch(/error rate \(1 of 30\) and 1 more; about/);
});

test('a failure has its interval', () => {
  expect(failedGates(gatesWith({ value: -2, samples: 100, needed: 30, interval: [-3, -1] }))).toEqual([
    'net edge -2.00 bps (95 %: -3.00 to -1.00), allowed at least 0.00 bps',
  ]);
});
