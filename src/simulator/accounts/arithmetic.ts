// Of whole numbers below 2^53 the quotient is rounded to a whole one only when it is whole: truncating it is exact.

/** a x b / c rounded toward zero, exact whatever the size of the product. All whole, c > 0. */
export function scaledTowardZero(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.trunc(product / c);
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** a x b / c rounded up, exact whatever the size of the product. All whole, c > 0. */
export function scaledUp(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.ceil(product / c);
  const dividend = BigInt(a) * BigInt(b);
  const divisor = BigInt(c);
  return Number(dividend / divisor + (dividend % divisor > 0n ? 1n : 0n));
}
