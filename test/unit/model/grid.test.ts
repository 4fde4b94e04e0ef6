import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSteps, formatStepsShort, grid, parseSteps, stepsToNumber } from '../../../src/model/grid.ts';
import { centiBps, lots, ticks } from '../../../src/model/units.ts';

const STEPS = ['0.00000001', '0.0001', '0.01', '0.05', '0.10', '0.5', '1', '10'];

describe('grid', () => {
  test('text to steps and back is the identity, for every step from 1e-8 to 10', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STEPS),
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 10 }),
        (step, steps, decimals) => {
          const on = grid(step, decimals);
          expect(parseSteps(formatSteps(steps, on), on)).toBe(steps);
          expect(parseSteps(formatStepsShort(steps, on), on)).toBe(steps);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('texts are exact beyond the largest safe integer too', () => {
    expect(formatSteps(Number.MAX_SAFE_INTEGER, grid('0.05', 10))).toBe('450359962737049.5500000000');
    expect(formatStepsShort(-Number.MAX_SAFE_INTEGER, grid('0.05'))).toBe('-450359962737049.55');
    expect(formatSteps(-3, grid('0.05'))).toBe('-0.15');
    expect(formatSteps(0, grid('0.10', 2))).toBe('0.00');
    expect(formatStepsShort(200, grid('0.05'))).toBe('10');
    expect(() => formatSteps(0.5, grid('0.10', 2))).toThrow('0.5 steps');
  });

  test('prices that floats get wrong are exact', () => {
    expect(parseSteps('0.29', grid('0.01'))).toBe(29);
    expect(parseSteps('65114.20', grid('0.10', 2))).toBe(651_142);
    expect(formatSteps(651_142, grid('0.10', 2))).toBe('65114.20');
    expect(Math.floor(0.29 / 0.01)).not.toBe(29);
  });

  test('numbers for people and programs have the digits that the exchange writes', () => {
    expect(stepsToNumber(650_792, grid('0.10', 2))).toBe(65_079.2);
    fc.assert(
      fc.property(fc.constantFrom(...STEPS), fc.integer({ min: -1e9, max: 1e9 }), (step, steps) => {
        const on = grid(step);
        expect(stepsToNumber(steps, on)).toBe(Number(formatStepsShort(steps, on)));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['0.105', '1e3', '', ' 1', '1,0', '0x10', 'NaN', 'Infinity', '1.', '.5', '--1'])('refuses %j', (text) => {
    expect(parseSteps(text, grid('0.10'))).toBeUndefined();
  });

  test('integers only: units refuse fractions, NaN and what floats cannot count', () => {
    for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => ticks(bad)).toThrow('whole number of ticks');
      expect(() => lots(bad)).toThrow('whole number of lots');
      expect(() => centiBps(bad)).toThrow('whole number of centi-bps');
    }
    expect(Object.is(ticks(-0), 0)).toBe(true);
  });
});
