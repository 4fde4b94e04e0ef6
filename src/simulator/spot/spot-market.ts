import { touchOf } from '../../model/book.ts';
import type { FeeRates, Instrument } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import { ATOMS_SCALE, ticks, type Ticks } from '../../model/units.ts';
import { decimal, unitsAt } from '../../util/decimal.ts';
import { EmbeddedMarket, type MarketMatchListener, type SelfMatchOfMarket } from '../embedded-market.ts';
import type { SpotPreset } from './spot-instruments.ts';

const MILLION = 1_000_000;
/** Two minutes at one sample a second. */
const SAMPLES = 120;

/** While the maker fee rate of a pair is positive, each side pays its fee in the coin that it receives. */
export function spotFeeCoin(side: Side, { baseCoin, quoteCoin }: Instrument): string {
  return side === 'buy' ? baseCoin : quoteCoin;
}

interface SpotMarketParts {
  readonly onMatch: MarketMatchListener;
  readonly onSelfMatch: SelfMatchOfMarket;
  readonly now: () => number;
}

/** A spot pair. Prices outside its band are rejected; the band follows the index and the mean premium (bybit-v5.md §3.12). */
export class SpotMarket extends EmbeddedMarket {
  readonly pair: SpotPreset;
  /** One lot, in atoms of the base coin. */
  readonly atomsPerLot: number;
  readonly #premiums: number[] = [];

  constructor(pair: SpotPreset, fees: FeeRates, { onMatch, onSelfMatch, now }: SpotMarketParts) {
    super(pair, fees, onMatch, now, undefined, onSelfMatch);
    this.pair = pair;
    this.atomsPerLot = Number(unitsAt(decimal(pair.terms.qtyStep), ATOMS_SCALE));
  }

  override feeCoin(side: Side): string {
    return spotFeeCoin(side, this.instrument);
  }

  /** To be called once a second. */
  override samplePremium(): void {
    const touch = touchOf(this.book);
    if (touch === undefined) return;
    this.#premiums.push((touch.bid.price + touch.ask.price) / 2 - this.indexPrice);
    if (this.#premiums.length > SAMPLES) this.#premiums.shift();
  }

  /** Highest buy = min(max(I, I(1+X) + P), I(1+Y)); lowest sell = max(min(I, I(1-X) + P), I(1-Y)), rounded to the stricter tick. */
  override priceLimit(side: Side): Ticks {
    const { indexPrice, pair, maxPrice } = this;
    const premium = this.#premiums.reduce((sum, each) => sum + each, 0) / Math.max(1, this.#premiums.length);
    const at = (ratio: number): number => (indexPrice * (MILLION + ratio)) / MILLION;
    if (side === 'buy') {
      const highest = Math.min(Math.max(indexPrice, at(pair.priceLimit) + premium), at(pair.outerPriceLimit));
      return ticks(Math.min(maxPrice, Math.floor(highest)));
    }
    const lowest = Math.max(Math.min(indexPrice, at(0 - pair.priceLimit) + premium), at(0 - pair.outerPriceLimit));
    return ticks(Math.max(1, Math.ceil(lowest)));
  }
}
