/** The element at an index that the caller knows to be in range; saves hot loops a check that cannot fail. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  return list[index] as T;
}

/** The same for arrays of numbers only: in the hottest loops the call must not become polymorphic. */
export function numberAt(list: readonly number[], index: number): number {
  return list[index] as number;
}

/** Nearest-rank quantile of at least one value, in ascending order, 0 < q <= 1. */
export function nearestRank(ascending: ArrayLike<number>, q: number): number {
  return at(ascending, Math.max(0, Math.ceil(q * ascending.length) - 1));
}

/** Removes one element, without the array that `splice` allocates. */
export function removeAt(list: unknown[], index: number): void {
  for (let i = index + 1; i < list.length; i += 1) list[i - 1] = list[i];
  list.pop();
}
