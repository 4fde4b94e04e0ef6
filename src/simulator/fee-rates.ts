import type { FeeRates } from '../model/instrument.ts';
import { ppm, type Ppm } from '../model/units.ts';

/** What an account of a tier pays. */
interface Tier {
  readonly maker: Ppm;
  /** Undefined: that of another tier, which the account has too. */
  readonly taker: Ppm | undefined;
}

function tier(maker: number, taker?: number): Tier {
  return { maker: ppm(maker), taker: taker === undefined ? undefined : ppm(taker) };
}

/** Bybit's fee rates of linear contracts for an account without a VIP level. */
export const VIP0: FeeRates = { maker: ppm(200), taker: ppm(550) };

/** Bybit's tiers of linear contracts, from its help center: trading fees (2026), Market Maker Incentive Program (2025). */
export const FEE_TIERS: ReadonlyMap<string, Tier> = new Map([
  ['vip0', VIP0],
  ['vip1', tier(180, 400)],
  ['vip2', tier(160, 375)],
  ['vip3', tier(140, 350)],
  ['vip4', tier(120, 320)],
  ['vip5', tier(100, 320)],
  ['supreme', tier(0, 300)],
  ['mm1', tier(-25)],
  ['mm2', tier(-50)],
]);
