import { at } from '../util/array.ts';
import { defined } from '../util/assert.ts';

const BITS = 32;

/**
 * Primitive polynomials and first direction numbers of dimensions 2 and up: new-joe-kuo-6 of Joe and Kuo (2008), "Constructing Sobol
 * sequences with better two-dimensional projections". The first dimension needs none.
 */
const DIRECTIONS: readonly (readonly [polynomial: number, first: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
  [11, [1, 1, 5, 1, 1]],
  [13, [1, 1, 1, 3, 11]],
  [14, [1, 3, 5, 5, 31]],
  [1, [1, 3, 3, 9, 7, 49]],
  [13, [1, 1, 1, 15, 21, 21]],
  [16, [1, 3, 1, 13, 27, 49]],
  [19, [1, 1, 1, 15, 7, 5]],
  [22, [1, 3, 1, 15, 13, 25]],
  [25, [1, 1, 5, 5, 19, 61]],
  [1, [1, 3, 7, 11, 23, 15, 103]],
  [4, [1, 3, 7, 13, 13, 15, 69]],
  [7, [1, 1, 3, 13, 7, 35, 63]],
  [8, [1, 3, 5, 9, 1, 25, 53]],
  [14, [1, 3, 1, 13, 9, 35, 107]],
];

export const MOST_DIMENSIONS = DIRECTIONS.length + 1;

/**
 * The first `count` points of the Sobol sequence in [0, 1)^dimensions: they fill the space evenly however many are taken, most evenly at
 * powers of two. The first point is the origin. RangeError above `MOST_DIMENSIONS`.
 */
export function sobolPoints(count: number, dimensions: number): number[][] {
  if (dimensions > MOST_DIMENSIONS) throw new RangeError(`${dimensions} keys to vary, at most ${MOST_DIMENSIONS} are possible`);
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionsOf(dimension));
  const state = directions.map(() => 0);
  return Array.from({ length: count }, (_, index) => {
    // From one point to the next one bit changes in each dimension (Gray code): the lowest that is set in the index.
    if (index > 0) for (let d = 0; d < dimensions; d += 1) state[d] = at(state, d) ^ at(at(directions, d), trailingZeros(index));
    return state.map((bits) => (bits >>> 0) / 2 ** BITS);
  });
}

/** The bits that a dimension flips, as unsigned 32-bit fractions. */
function directionsOf(dimension: number): number[] {
  if (dimension === 0) return Array.from({ length: BITS }, (_, bit) => (1 << (BITS - 1 - bit)) >>> 0);
  const [polynomial, first] = defined(DIRECTIONS[dimension - 1], `dimension ${dimension}`);
  const degree = first.length;
  const directions = first.map((number, bit) => (number << (BITS - 1 - bit)) >>> 0);
  for (let bit = degree; bit < BITS; bit += 1) {
    const before = at(directions, bit - degree);
    let value = before ^ (before >>> degree);
    for (let k = 1; k < degree; k += 1) if ((polynomial >> (degree - 1 - k)) & 1) value ^= at(directions, bit - k);
    directions.push(value >>> 0);
  }
  return directions;
}

function trailingZeros(index: number): number {
  return 31 - Math.clz32(index & -index);
}
