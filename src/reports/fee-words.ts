import type { FeeRates } from '../model/instrument.ts';
import { PPM_PER_BPS } from '../model/units.ts';
import { VIP0 } from '../simulator/fee-rates.ts';

/** Fee rates, bps of the value; negative is a rebate. */
export interface FeeFigures {
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
}

export function feeFigures({ maker, taker }: FeeRates): FeeFigures {
  return { makerFeeBps: maker / PPM_PER_BPS, takerFeeBps: taker / PPM_PER_BPS };
}

/** `maker -0.5 bps, taker 5.5 bps`. */
function feeText({ makerFeeBps, takerFeeBps }: FeeFigures): string {
  return `maker ${makerFeeBps} bps, taker ${takerFeeBps} bps`;
}

/** Undefined for the fees of an account without a VIP level, which the embedded exchange charges by default. */
export function chosenFees(fees: FeeFigures): FeeFigures | undefined {
  return feeText(fees) === feeText(feeFigures(VIP0)) ? undefined : fees;
}

/** What to say of the fees: nothing when they were not chosen. */
export function feeWords(fees: FeeFigures | null): readonly string[] {
  const chosen = fees === null ? undefined : chosenFees(fees);
  return chosen === undefined ? [] : [feeText(chosen)];
}
