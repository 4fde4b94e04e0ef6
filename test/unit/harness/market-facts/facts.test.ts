import { expect, test } from 'vitest';
import { factsOf } from '../../../../src/harness/market-facts/facts.ts';
import { KNOWN_FACTS } from '../../../../src/harness/market-facts/known-facts.ts';
import type { MarketOrder, MarketRecord } from '../../../../src/harness/market-facts/market-watch.ts';
import { at } from '../../../../src/util/array.ts';
import { randomNormal, seededRandom } from '../../../../src/util/random.ts';

const LOOKS_PER_SECOND = 100;

/** A record of these mids, with a touch of ten lots on both sides. */
function record(mids: readonly number[], orders: readonly MarketOrder[] = [], bids = mids.map(() => 10)): MarketRecord {
  return { mids, bids, asks: mids.map(() => 10), oneTick: mids.length, orders, usdPerLot: 2 };
}

function fact(of: MarketRecord, name: string): number {
  return factsOf(of).find((each) => each.name === name)?.value ?? expect.fail(`no ${name}`);
}

/** A price whose change in each look is `next` of the change before. */
function walk(seconds: number, next: (before: number, shock: number) => number): number[] {
  const random = seededRandom('walk');
  let change = 0;
  let price = 1e6;
  return Array.from({ length: seconds * LOOKS_PER_SECOND }, () => {
    change = next(change, randomNormal(random));
    return (price += change);
  });
}

test('the variance ratio of a random walk is 1, more in a trend, less where the price returns', () => {
  const ratio = (next: Parameters<typeof walk>[1]): number => fact(record(walk(6000, next)), 'variance ratio 30 s to 1 s');
  expect(ratio((_, shock) => shock)).toBeCloseTo(1, 0);
  // Half of a change comes again in the next second and a half.
  expect(ratio((before, shock) => 0.99 * before + shock)).toBeGreaterThan(1.5);
  const base = walk(6000, (_, shock) => shock);
  const noisy = base.map((price, i) => price + 30 * Math.sin(i / 80));
  expect(fact(record(noisy), 'variance ratio 30 s to 1 s')).toBeLessThan(0.8);
});

test('too short a record has no figure', () => {
  const short = record(walk(300, (_, shock) => shock));
  expect(fact(short, 'variance ratio 30 s to 1 s')).toBeNaN();
  expect(fact(short, 'variance ratio 5 s to 0.1 s')).not.toBeNaN();
  expect(fact(short, 'markout of takers 1 s, bps')).toBeNaN();
  expect(factsOf(record([])).every(({ value }) => Number.isNaN(value))).toBe(true);
});

test('a market order that moves the price by a basis point has that markout, and what the queue is worth is the difference to all', () => {
  const mids = Array.from({ length: 60_000 }, () => 10_000);
  const orders: MarketOrder[] = [];
  // Every second order takes the touch, and the price goes up by 1 bps with it; the others leave it where it is.
  for (let look = 500, i = 0; look < 59_000; look += 500, i += 1) {
    orders.push({ look, sign: 1, quantity: i % 2 === 0 ? 10 : 1, touch: 10 });
    if (i % 2 === 0) for (let later = look; later < mids.length; later += 1) mids[later] = at(mids, later) * 1.0001;
  }
  const seen = record(mids, orders);
  expect(fact(seen, 'markout of takers 1 s, bps')).toBeCloseTo(0.5, 1);
  expect(fact(seen, 'front of the queue over its back, bps')).toBeCloseTo(0.5, 1);
  expect(fact(seen, 'orders >= touch')).toBeCloseTo(0.5, 1);
  expect(fact(seen, 'touch, USD')).toBe(20);
});

test('an imbalance that tells the next second has that correlation', () => {
  const mids = walk(600, (_, shock) => shock);
  const known = mids.map((mid, i) => ((mids[i + LOOKS_PER_SECOND] ?? mid) > mid ? 20 : 5));
  expect(fact(record(mids, [], known), 'imbalance of the touch and the next second')).toBeGreaterThan(0.7);
  expect(
    Math.abs(
      fact(
        record(
          mids,
          [],
          mids.map((_, i) => 5 + (i % 7)),
        ),
        'imbalance of the touch and the next second',
      ),
    ),
  ).toBeLessThan(0.15);
});

test('every known fact is one that is measured', () => {
  const names = factsOf(record([1, 1])).map(({ name }) => name);
  expect(KNOWN_FACTS.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
});
