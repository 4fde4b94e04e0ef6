import { expect, test } from 'vitest';
import { ReferencePrice } from '../../../../src/simulator/market-model/reference-price.ts';
import { seededRandom } from '../../../../src/util/random.ts';

const PRICE = 650_000;
/** Of a basis point, ticks. */
const BP = PRICE / 10_000;

function reference(bandBps: number): ReferencePrice {
  const made = new ReferencePrice(bandBps, seededRandom('reference'), 0.01);
  made.step(PRICE, 0);
  return made;
}

test('stays while the price moves within the band, and leans to where the price is', () => {
  const made = reference(1);
  for (const [bps, lean] of [
    [0.5, 0.5],
    [-0.9, -0.9],
    [0.99, 0.99],
  ] as const) {
    made.step(PRICE + bps * BP, 0);
    expect(made.value).toBe(PRICE);
    expect(made.lean).toBeCloseTo(lean, 3);
  }
});

test('follows at once, and whole, when the price leaves the band', () => {
  const made = reference(1);
  made.step(PRICE + 1.5 * BP, 0);
  expect(made.value).toBe(PRICE + 1.5 * BP);
  expect(made.lean).toBe(0);
  made.step(PRICE + 0.6 * BP, 0);
  expect(made.value).toBe(PRICE + 1.5 * BP);
});

test('where a tick is wide the band is more than half of it: the quotes do not flicker', () => {
  const made = new ReferencePrice(0.1, seededRandom('reference'), 0.01);
  made.step(7730, 0);
  made.step(7730.55, 0);
  expect(made.value).toBe(7730);
  made.step(7730.65, 0);
  expect(made.value).toBe(7730.65);
});

test('errors of the makers grow with the volatility, and are the same with the same seed', () => {
  const path = (sigma: number): number[] => {
    const made = reference(0.0001);
    return Array.from({ length: 1000 }, () => {
      made.step(PRICE, sigma);
      return made.value - PRICE;
    });
  };
  const size = (errors: readonly number[]): number => Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(path(1)).toEqual(path(1));
  expect(size(path(2)) / size(path(1))).toBeCloseTo(2, 1);
});
