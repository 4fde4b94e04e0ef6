/** The element at an index that the caller knows to be inside; spares hot loops a check that cannot fail. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  return list[index] as T;
}

/** The same for numbers alone: in the hottest loops the engine must not have to ask what kind of list it is given. */
export function numberAt(list: readonly number[], index: number): number {
  return list[index] as number;
}

/** Takes one element out; `splice` makes an array of it. */
export function removeAt(list: unknown[], index: number): void {
  for (let i = index + 1; i < list.length; i += 1) list[i - 1] = list[i];
  list.pop();
}
