import type { LedgerPosition } from '../../../simulator/ledger/ledger.ts';

const DAY_MS = 86_400_000;

/** Since midnight UTC. */
export function dayOf(wallAt: number): number {
  return Math.floor(wallAt / DAY_MS);
}

/** The account's loss since midnight UTC, or since the first look where that is later. */
export class DailyLoss {
  readonly #limit: number;
  #day: number | undefined;
  #base = 0;
  #beyondSince: number | undefined;

  /** `limit`: positive, settle coin. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  sample(positions: readonly LedgerPosition[], wallAt: number, at: number): void {
    const day = dayOf(wallAt);
    const pnl = positions.reduce((total, row) => {
      return total + Number(row.realisedPnl) + Number(row.unrealisedPnl) - Number(row.fees) - Number(row.funding);
    }, 0);
    if (this.#day !== day) [this.#day, this.#base] = [day, pnl];
    if (pnl - this.#base > -this.#limit) this.#beyondSince = undefined;
    else this.#beyondSince ??= at;
  }

  /** ms; 0 while it is inside. */
  beyondLimitFor(at: number): number {
    return this.#beyondSince === undefined ? 0 : at - this.#beyondSince;
  }
}
