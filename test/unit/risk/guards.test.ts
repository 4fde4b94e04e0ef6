import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { judgeGuards, type GuardInputs } from '../../../src/risk/guards.ts';

const { risk } = resolve({}).settings;
const judge = (inputs: Partial<GuardInputs>) =>
  judgeGuards({ volatilityBps: 0, latencyP95Ms: 0, inventoryRatio: 0, takerFills: 0, ...inputs }, risk);

describe('guards', () => {
  test.each([
    [{}, 'none', undefined],
    [{ volatilityBps: 15 }, 'soft', 'volatility_soft'],
    [{ volatilityBps: 25 }, 'hard', 'volatility_hard'],
    [{ latencyP95Ms: 299.9 }, 'none', undefined],
    [{ latencyP95Ms: 300 }, 'soft', 'latency_soft'],
    [{ latencyP95Ms: 450 }, 'hard', 'latency_hard'],
    [{ inventoryRatio: 0.06 }, 'soft', 'inventory_soft'],
    [{ inventoryRatio: 0.1 }, 'reducing', 'inventory_hard'],
    [{ takerFills: 12 }, 'soft', 'taker_fills_soft'],
    [{ takerFills: 20 }, 'hard', 'taker_fills_hard'],
  ] as const)('%j is %s', (inputs, level, reason) => {
    expect(judge(inputs)).toEqual({ level, reason });
  });

  test('the most severe decides', () => {
    expect(judge({ volatilityBps: 16, inventoryRatio: 0.2 }).level).toBe('reducing');
    expect(judge({ latencyP95Ms: 500, inventoryRatio: 0.2 }).level).toBe('hard');
  });

  test('what cannot be measured stops quoting', () => {
    expect(judge({ inventoryRatio: Number.NaN })).toEqual({ level: 'hard', reason: 'inventory_unknown' });
  });
});
