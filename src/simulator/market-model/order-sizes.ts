import { toAtoms } from '../../model/instrument.ts';
import { ATOMS_PER_COIN, lots, tickLots, type Lots } from '../../model/units.ts';
import { randomNormal, type Random } from '../../util/random.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';

/** A random whole number with mean `expected`. */
export function wholeOf(expected: number, random: Random): number {
  return Math.floor(expected + random.uniform());
}

/** Lognormal order sizes. `median`: in USDT for BTCUSDT, less for thinner symbols. */
export function orderSizes(market: EmbeddedMarket, median: number, sigma: number, random: Random): (ratio?: number) => Lots {
  const { instrument, preset, markPrice } = market;
  const usdtPerLot = toAtoms(tickLots(markPrice), instrument) / ATOMS_PER_COIN;
  const medianLots = (median * preset.depthRatio) / usdtPerLot;
  const least = Math.max(instrument.minQuantity, 1);
  return (ratio = 1) => {
    const size = medianLots * ratio * Math.exp(sigma * randomNormal(random));
    return lots(Math.round(Math.min(Math.max(size, least), instrument.maxQuantity)));
  };
}
