import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/resolve.ts';
import { CALM, judgeGuards, type GuardLevels } from '../../../src/risk/guards.ts';

const { risk } = resolve({}).settings;
const QUIET = { volatilityBps: 0, moveBps: 0, latencyP95Ms: 0, inventoryRatio: 0, takerFills: 0 };
const judge = (inputs: Partial<typeof QUIET>, before: GuardLevels = CALM) => {
  const { volatilityBps, moveBps, latencyP95Ms, inventoryRatio, takerFills } = { ...QUIET, ...inputs };
  const view = { volatility: { perSampleBps: volatilityBps }, moveBps, activity: { latencyP95Ms, takerFills } };
  return judgeGuards(view, inventoryRatio, risk, before);
};

describe('guards', () => {
  test.each([
    [{}, 'none', undefined],
    [{ volatilityBps: 15 }, 'soft', 'volatility_soft'],
    [{ volatilityBps: 25 }, 'hard', 'volatility_hard'],
    [{ moveBps: 60 }, 'soft', 'move_soft'],
    [{ moveBps: 100 }, 'hard', 'move_hard'],
    [{ latencyP95Ms: 299.9 }, 'none', undefined],
    [{ latencyP95Ms: 300 }, 'soft', 'latency_soft'],
    [{ latencyP95Ms: 450 }, 'hard', 'latency_hard'],
    [{ inventoryRatio: 0.06 }, 'soft', 'inventory_soft'],
    [{ inventoryRatio: 0.1 }, 'reducing', 'inventory_hard'],
    [{ takerFills: 12 }, 'soft', 'taker_fills_soft'],
    [{ takerFills: 20 }, 'hard', 'taker_fills_hard'],
  ] as const)('%j is %s', (inputs, level, reason) => {
    expect(judge(inputs)).toMatchObject({ level, reason });
  });

  test('the most severe decides', () => {
    expect(judge({ volatilityBps: 16, inventoryRatio: 0.2 }).level).toBe('reducing');
    expect(judge({ latencyP95Ms: 500, inventoryRatio: 0.2 }).level).toBe('hard');
  });

  test('inventory makes only the orders smaller that add to it', () => {
    expect(judge({}).shrinks).toBe('neither');
    expect(judge({ inventoryRatio: 0.06 }).shrinks).toBe('growing');
    expect(judge({ inventoryRatio: 0.06, takerFills: 12 }).shrinks).toBe('both');
    expect(judge({ inventoryRatio: 0.06, moveBps: 60 }).shrinks).toBe('both');
  });

  test('of several at one level the first of the table gives the reason', () => {
    expect(judge({ takerFills: 12, inventoryRatio: 0.06 }).reason).toBe('inventory_soft');
    expect(judge({ takerFills: 20, inventoryRatio: 0.2 }).reason).toBe('taker_fills_hard');
  });

  test('what cannot be measured stops quoting', () => {
    for (const name of ['volatilityBps', 'moveBps', 'latencyP95Ms', 'inventoryRatio', 'takerFills'] as const)
      expect(judge({ [name]: Number.NaN }).level).toBe('hard');
    expect(judge({ inventoryRatio: Number.NaN }).reason).toBe('inventory_unknown');
  });

  test('a level is left only below 90 % of where it was entered', () => {
    const levelsOf = (values: readonly number[]): (string | undefined)[] => {
      let before = CALM;
      return values.map((volatilityBps) => {
        const verdict = judge({ volatilityBps }, before);
        before = verdict.levels;
        return verdict.level;
      });
    };
    expect(levelsOf([14.9, 15, 14, 13.5, 13.49, 14.9])).toEqual(['none', 'soft', 'soft', 'soft', 'none', 'none']);
    expect(levelsOf([25, 24, 22.5, 22.4, 14, 13.4])).toEqual(['hard', 'hard', 'hard', 'soft', 'soft', 'none']);
  });

  test('a value that hovers at a threshold changes the level once, not at every turn', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 13.6, max: 16, noNaN: true }), { minLength: 1, maxLength: 100 }), (values) => {
        let before = CALM;
        let changes = 0;
        for (const volatilityBps of values) {
          const { levels } = judge({ volatilityBps }, before);
          if (levels !== before) changes += 1;
          before = levels;
        }
        expect(changes).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});
