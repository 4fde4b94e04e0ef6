/** What a setup earned, and what it risked for it. */
export interface Tradeoff {
  readonly edgeBps: number;
  /** For instance the mean absolute position, USD. */
  readonly risk: number;
}

/** Those that no other beats in one and equals in the other, best edge first. Equal ones stay together. */
export function paretoFront<T extends Tradeoff>(setups: readonly T[]): T[] {
  const beats = (a: Tradeoff, b: Tradeoff): boolean =>
    a.edgeBps >= b.edgeBps && a.risk <= b.risk && (a.edgeBps > b.edgeBps || a.risk < b.risk);
  return setups.filter((setup) => !setups.some((other) => beats(other, setup))).toSorted((a, b) => b.edgeBps - a.edgeBps);
}
