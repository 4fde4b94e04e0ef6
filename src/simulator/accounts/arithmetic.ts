// For whole numbers below 2^53 a float quotient is whole only if the exact quotient is, so truncating it or rounding it up is exact.

/** a x b / c rounded toward zero, exact for products of any size. All whole, c > 0. */
export function scaledTowardZero(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.trunc(product / c);
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** a x b / c rounded up, exact for products of any size. All whole, c > 0. */
export function scaledUp(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.ceil(product / c);
  const dividend = BigInt(a) * BigInt(b);
  const divisor = BigInt(c);
  return Number(dividend / divisor + (dividend % divisor > 0n ? 1n : 0n));
}
