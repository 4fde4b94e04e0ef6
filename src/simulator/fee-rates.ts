import type { FeeRates } from '../model/instrument.ts';
import { ppm } from '../model/units.ts';

/** Bybit's fee rates of linear contracts for an account without a VIP level. */
export const VIP0: FeeRates = { maker: ppm(200), taker: ppm(550) };
