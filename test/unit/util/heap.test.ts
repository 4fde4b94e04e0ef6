import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from '../../../src/util/heap.ts';

function drained(heap: Heap<number>): number[] {
  const all: number[] = [];
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) all.push(next);
  return all;
}

it('gives back in order what was kept', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), (first, second, divisor) => {
      const heap = new Heap<number>((a, b) => a < b);
      const isKept = (value: number): boolean => value % divisor === 0;
      for (const value of first) heap.push(value);
      heap.keep(isKept);
      for (const value of second) heap.push(value);
      expect(drained(heap)).toEqual([...first.filter(isKept), ...second].toSorted((a, b) => a - b));
    }),
  );
});
