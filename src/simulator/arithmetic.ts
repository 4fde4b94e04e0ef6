/** a x b / c rounded toward zero, exact whatever the size of the product. All whole, c > 0. */
export function scaledTowardZero(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return (product - (product % c)) / c;
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** a x b / c rounded up, exact whatever the size of the product. All whole, c > 0. */
export function scaledUp(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) {
    const rest = product % c;
    return (product - rest) / c + (rest > 0 ? 1 : 0);
  }
  const dividend = BigInt(a) * BigInt(b);
  const divisor = BigInt(c);
  return Number(dividend / divisor + (dividend % divisor > 0n ? 1n : 0n));
}
