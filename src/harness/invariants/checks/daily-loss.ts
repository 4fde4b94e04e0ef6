import type { LedgerPosition } from '../../../simulator/ledger/ledger.ts';

const DAY_MS = 86_400_000;

/** Number of the UTC day. */
export function dayOf(wallAt: number): number {
  return Math.floor(wallAt / DAY_MS);
}

/** The account’s loss since midnight UTC, or since the first sample of the day if that is later. */
export class DailyLoss {
  readonly #limit: number;
  #day: number | undefined;
  #base = 0;
  #beyondSince: number | undefined;

  /** `limit`: positive, in settle coin. */
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

  /** How long the loss has been beyond the limit, ms; 0 while it is within. */
  beyondLimitFor(at: number): number {
    return this.#beyondSince === undefined ? 0 : at - this.#beyondSince;
  }
}
