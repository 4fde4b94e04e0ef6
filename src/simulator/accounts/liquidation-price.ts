import { ticks, type Ticks } from '../../model/units.ts';
import type { EmbeddedMarket } from '../embedded-market.ts';
import type { Holding } from './holding.ts';
import { maintenanceMargin } from './margin.ts';
import type { VenueWallet } from '../venue/account-state.ts';

const MILLION = 1_000_000;

/** The mark price at which a position would be liquidated if no other price moved; undefined if there is none. */
export function liquidationPrice(holding: Holding, market: EmbeddedMarket, wallet: VenueWallet): Ticks | undefined {
  if (holding.quantity === 0) return undefined;
  const others = wallet.maintenanceMargin - maintenanceMargin(holding, market);
  const price = priceWhereLeft(holding, market, wallet.equity - others, market.preset.maintenanceMargin);
  const whole = holding.quantity > 0 ? Math.ceil(price) : Math.floor(price);
  return whole > 0 && Number.isSafeInteger(whole) ? ticks(whole) : undefined;
}

/** The price at which closing as a taker would use up `equity`. One tick on the safe side, because each execution rounds its fee up. */
export function bustPrice(holding: Holding, market: EmbeddedMarket, equity: number): Ticks {
  const price = priceWhereLeft(holding, market, equity, market.fees.taker);
  return ticks(Math.max(1, holding.quantity > 0 ? Math.ceil(price) + 1 : Math.floor(price) - 1));
}

/**
 * The price at which a position has lost so much of `equity` that only `share` (in ppm) of its value is left:
 * equity + (price - mark) x quantity = share x price x |quantity|. In ticks, a float.
 */
function priceWhereLeft({ quantity }: Holding, { markPrice, instrument }: EmbeddedMarket, equity: number, share: number): number {
  const perTick = quantity * instrument.atomsPerTickLot;
  return (markPrice * perTick - equity) / (perTick - (Math.abs(perTick) * share) / MILLION);
}
