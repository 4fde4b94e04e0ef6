import type { Settings } from '../config/fields.ts';
import type { MarketView } from '../model/book.ts';
import { stepsToNumber } from '../model/grid.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import { toward, type Held } from '../model/position.ts';
import { lots, type Lots, type Ticks } from '../model/units.ts';
import { DEPTH_LEVELS } from './fair-value.ts';
import { floorLots, floorTickLots } from './rounding.ts';

export interface SizeInputs {
  readonly instrument: Instrument;
  readonly book: MarketView;
  /** Each side's quotes are made for the end that is worse for it. */
  readonly held: Held;
  /** Only what shrinks the position is wanted. */
  readonly isReducing: boolean;
  /** From the risk guards: 1 unless a SOFT level is reached. */
  readonly sizeFactor: Readonly<Record<Side, number>>;
  readonly settings: Pick<Settings, 'quoting' | 'risk'>;
}

/** One order in full, before the position and the guards make it smaller. */
export function fullSize({ instrument, settings: { quoting, risk } }: SizeInputs, price: number): Lots {
  const usd = Math.min(quoting.orderSizeUsd, quoting.maxDeltaRatio * risk.maxPositionUsd, risk.maxOrderUsd);
  return floorLots(usd / stepsToNumber(price, instrument.tick), instrument.lot);
}

/**
 * Hands out the quantities of one side's levels, nearest first, `best` being the price of the nearest. Together they are at
 * most what the position leaves of the maximum, or, when only reducing, of itself; in full they shrink as the position
 * nears its maximum on their side, and by the guards' factor. They shrink to what the exchange still takes, not to nothing:
 * first every level, then the number of levels. No order is more than its share of the quantity shown. 0: cannot be placed.
 */
export function levelSizer(side: Side, best: Ticks, levels: number, inputs: SizeInputs): (price: Ticks) => Lots {
  const { instrument, book, held, sizeFactor, settings, isReducing } = inputs;
  const known = toward(side, held);
  const limit = floorTickLots(settings.risk.maxPositionUsd, instrument);
  const full = fullSize(inputs, best);
  const room = Math.max(0, Math.min(1, 1 - (known * best) / limit));
  const smallest = smallestQuantity(instrument, best);
  const budget = Math.max(smallest, Math.floor(levels * full * sizeFactor[side] * room));
  const each = Math.min(full, Math.max(smallest, Math.floor(budget / levels)));
  const shown = Math.floor(settings.quoting.impactCapRatio * (side === 'buy' ? book.bids : book.asks).shown(DEPTH_LEVELS));
  let used = 0;
  return (price) => {
    // All of them at the dearest price.
    const left = isReducing ? -known : Math.floor(limit / Math.max(best, price)) - known;
    const quantity = Math.min(each, budget - used, shown, left - used, instrument.maxQuantity);
    if (!(quantity >= smallestQuantity(instrument, price))) return lots(0);
    used += quantity;
    return lots(quantity);
  };
}

function smallestQuantity({ minQuantity, minNotional }: Instrument, price: Ticks): number {
  return Math.max(minQuantity, Math.ceil(minNotional / price));
}
