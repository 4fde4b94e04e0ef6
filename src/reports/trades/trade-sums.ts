import { ATOMS_PER_COIN } from '../../model/units.ts';

/** Sums over executions and payments: of a symbol, a day, a run, or all of them. */
export class TradeSums {
  fills = 0;
  makerFills = 0;
  turnoverUsd = 0;
  /** Paid; negative when received. Whole, so that they add up exactly. */
  feeAtoms = 0;
  fundingAtoms = 0;
  /** Gain of the trades and of the position, before fees and funding. */
  grossUsd = 0;

  get netUsd(): number {
    return this.grossUsd - (this.feeAtoms + this.fundingAtoms) / ATOMS_PER_COIN;
  }
}
