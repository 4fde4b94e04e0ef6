import { notional, toAtoms } from '../../model/instrument.ts';
import { ATOMS_PER_COIN, lots, ticks } from '../../model/units.ts';
import type { VenueMarket, VenueTrade } from '../../simulator/venue/market-data.ts';
import { at } from '../../util/array.ts';

/** How often the book is looked at. */
export const LOOK_MS = 10;

/** Trades of one side that follow each other between two looks at the book: to an observer they are one order. */
export interface MarketOrder {
  /** Number of looks before it. */
  readonly look: number;
  /** 1: bought. */
  readonly sign: 1 | -1;
  /** Lots. */
  quantity: number;
  /** At the best price at the last look before it, lots. */
  readonly touch: number;
}

/** What an observer of the public feed of one symbol has seen. A look is every 10 ms. */
export interface MarketRecord {
  /** Ticks. */
  readonly mids: readonly number[];
  /** Lots at the best price. */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
  /** Number of looks at which the spread was one tick. */
  readonly oneTick: number;
  readonly orders: readonly MarketOrder[];
  /** Value of one lot at the first mid, settle coin. */
  readonly usdPerLot: number;
}

/** Keeps what the facts of a market are computed from. */
export class MarketWatch implements MarketRecord {
  readonly mids: number[] = [];
  readonly bids: number[] = [];
  readonly asks: number[] = [];
  readonly orders: MarketOrder[] = [];
  oneTick = 0;
  readonly #market: VenueMarket;

  constructor(market: VenueMarket) {
    this.#market = market;
  }

  get usdPerLot(): number {
    return toAtoms(notional(ticks(Math.round(at(this.mids, 0))), lots(1)), this.#market.instrument) / ATOMS_PER_COIN;
  }

  /** Before the book is whole, nothing is kept. */
  readonly look = (): void => {
    const [bid, ask] = [this.#market.book.bids.level(0), this.#market.book.asks.level(0)];
    if (bid === undefined || ask === undefined) return;
    this.mids.push((bid.price + ask.price) / 2);
    this.bids.push(bid.quantity);
    this.asks.push(ask.quantity);
    if (ask.price - bid.price === 1) this.oneTick += 1;
  };

  traded({ side, quantity }: VenueTrade): void {
    const look = this.mids.length;
    if (look === 0) return;
    const sign = side === 'buy' ? 1 : -1;
    const last = this.orders.at(-1);
    if (last?.look === look && last.sign === sign) last.quantity += quantity;
    else this.orders.push({ look, sign, quantity, touch: at(sign === 1 ? this.asks : this.bids, look - 1) });
  }
}
