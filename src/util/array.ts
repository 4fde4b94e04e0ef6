/** The element at an index that the caller knows to be inside; spares hot loops a check that cannot fail. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  return list[index] as T;
}
