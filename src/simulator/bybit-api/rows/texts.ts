import { formatSteps } from '../../../model/grid.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { Side } from '../../../model/order.ts';
import { ATOMS_SCALE, type Atoms, type Lots, type Ppm, type TickLots, type Ticks } from '../../../model/units.ts';
import { unitsAt, unitsText } from '../../../util/decimal.ts';

/** The exchange’s decimal texts, all exact. */
export const priceText = (price: Ticks, { tick }: Instrument): string => formatSteps(price, tick);
export const quantityText = (quantity: Lots, { lot }: Instrument): string => formatSteps(quantity, lot);
export const coinText = (amount: number): string => unitsText(amount, ATOMS_SCALE);
/** Text of a rate in parts of 1e8. */
export const fundingText = (rate: number): string => coinText(rate);
export const rateText = (rate: Ppm): string => unitsText(rate, 6);
export const sideText = (side: Side): 'Buy' | 'Sell' => (side === 'buy' ? 'Buy' : 'Sell');

/** A value in settle coin, from tick-lots. A day’s turnover in atoms is too large for a number; on spot it is so even in tick-lots. */
export function valueText(value: number, { atomsPerTickLot }: Instrument): string {
  const amount = value * atomsPerTickLot;
  return unitsText(Number.isSafeInteger(amount) ? amount : BigInt(value) * BigInt(atomsPerTickLot), ATOMS_SCALE);
}

/** A value in tick-lots less fees. */
export function netText(value: TickLots, fees: Atoms, { atomsPerTickLot }: Instrument): string {
  return unitsText(BigInt(value) * BigInt(atomsPerTickLot) - BigInt(fees), ATOMS_SCALE);
}

/** Average price of `quantity` that cost `value`, to the nearest 1e-8; `0` without a quantity. */
export function averageText(value: TickLots, quantity: Lots, instrument: Instrument): string {
  if (quantity === 0) return '0';
  const size = BigInt(Math.abs(quantity));
  const cost = BigInt(Math.abs(value)) * unitsAt(instrument.tick.step, ATOMS_SCALE);
  return padded(unitsText((2n * cost + size) / (2n * size), ATOMS_SCALE), instrument.tick.decimals);
}

/** With at least `decimals` decimals. */
function padded(text: string, decimals: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return decimals === 0 ? text : `${whole}.${fraction.padEnd(decimals, '0')}`;
}
