import { fullOrderUsd } from '../config/derived.ts';
import type { Settings } from '../config/fields.ts';
import type { MarketView } from '../model/book.ts';
import { stepsToNumber } from '../model/grid.ts';
import { smallestQuantity, type Instrument } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import { toward, type Held } from '../model/position.ts';
import { lots, type Lots, type Ticks } from '../model/units.ts';
import { DEPTH_LEVELS } from './fair-value.ts';
import { floorLots, floorTickLots } from './rounding.ts';

export interface SizeInputs {
  readonly instrument: Instrument;
  readonly book: MarketView;
  /** Each side is sized for the end of the range that is worse for it. */
  readonly held: Held;
  /** Only orders that shrink the position are wanted. */
  readonly isReducing: boolean;
  /** Set by the risk guards: 1 unless a SOFT level is reached. */
  readonly sizeFactor: Readonly<Record<Side, number>>;
  readonly settings: Pick<Settings, 'quoting' | 'risk'>;
}

/** The full size of one order, before the position and the guards reduce it. */
export function fullSize({ instrument, settings }: SizeInputs, price: number): Lots {
  return floorLots(fullOrderUsd(settings) / stepsToNumber(price, instrument.tick), instrument.lot);
}

/** Why a level gets no order. */
export type Omission =
  /** The full size is below the smallest order that the exchange accepts. */
  | 'order_size'
  /** The allowed share of the displayed quantity is too small. */
  | 'impact_cap'
  /** The position leaves no room on this side. */
  | 'position_room'
  /** This side would not shrink the position, and only that is wanted. */
  | 'reducing'
  /** The exchange accepts no order as large as its smallest. */
  | 'instrument'
  /** No price above zero is left. */
  | 'price';

/** The quantities of one side's levels. */
export interface LevelSizer {
  /** The quantity of the next level; to be called nearest level first. 0: no order can be placed. */
  next(price: Ticks): Lots;
  /** Why the nearest level that got none got none. */
  readonly omission: Omission | undefined;
}

/**
 * Sizes the levels of one side; `best` is the price of the nearest. The sum is at most the room up to the maximum position or, when only
 * reducing, the position itself. It shrinks as the position nears its maximum on this side, and by the guards' factor: first every level
 * shrinks, down to the smallest order that the exchange accepts, then the number of levels. No order exceeds its allowed share of the
 * displayed quantity.
 */
export function levelSizer(side: Side, best: Ticks, levels: number, inputs: SizeInputs): LevelSizer {
  const { instrument, book, held, sizeFactor, settings, isReducing } = inputs;
  const known = toward(side, held);
  const limit = floorTickLots(settings.risk.maxPositionUsd, instrument);
  const full = fullSize(inputs, best);
  const room = Math.max(0, Math.min(1, 1 - (known * best) / limit));
  const smallest = smallestQuantity(instrument, best);
  const budget = Math.max(smallest, Math.floor(levels * full * sizeFactor[side] * room));
  const each = Math.min(full, Math.max(smallest, Math.floor(budget / levels)));
  const shown = Math.floor(settings.quoting.impactCapRatio * (side === 'buy' ? book.bids : book.asks).displayedQuantity(DEPTH_LEVELS));
  let used = 0;
  const omissionOf = (least: number, left: number): Omission => {
    if (left < least && isReducing) return 'reducing';
    if (each < least) return 'order_size';
    if (left < least) return 'position_room';
    return shown < least ? 'impact_cap' : 'instrument';
  };
  const sizer: LevelSizer & { omission: Omission | undefined } = {
    omission: undefined,
    next(price) {
      // As if all levels were at the highest price.
      const left = isReducing ? -known : Math.floor(limit / Math.max(best, price)) - known;
      const quantity = Math.min(each, budget - used, shown, left - used, instrument.maxQuantity);
      const least = smallestQuantity(instrument, price);
      if (quantity >= least) {
        used += quantity;
        return lots(quantity);
      }
      // The nearest level says why.
      sizer.omission ??= omissionOf(least, left - used);
      return lots(0);
    },
  };
  return sizer;
}
