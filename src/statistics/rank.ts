/** What is known of the edge of a setup. */
export interface Ranked {
  /** Undefined without turnover. */
  readonly bps: number | undefined;
  /** Seeds with turnover. */
  readonly traded: number;
  /** A run of it has no result and will have none. */
  readonly failed?: boolean;
}

/** Best first. Behind all others, in this order: a setup that traded with one of several seeds, one without turnover, one that failed. */
export function byEdge(seeds: number): (a: Ranked, b: Ranked) => number {
  const unknown = ({ bps, traded, failed = false }: Ranked): number =>
    failed ? 3 : bps === undefined ? 2 : traded < 2 && seeds > 1 ? 1 : 0;
  return (a, b) => unknown(a) - unknown(b) || (unknown(a) === 0 ? (b.bps ?? 0) - (a.bps ?? 0) : 0);
}
