import type { BookView } from '../../model/book.ts';
import type { FeeRates, Instrument } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { Lots, Ticks } from '../../model/units.ts';

/** Public data of one symbol. Live: read it now, do not keep it. */
export interface VenueMarket {
  readonly instrument: Instrument;
  readonly fees: FeeRates;
  readonly book: BookView;
  /** Grows with every change of the book and with trades: the public `seq`. */
  readonly sequence: number;
  /** Engine time of the last change, ms. */
  readonly changedAt: number;
  readonly lastPrice: Ticks;
  readonly markPrice: Ticks;
  readonly indexPrice: Ticks;
  /** Newest last; at most 1000. */
  readonly recentTrades: readonly VenueTrade[];
  readonly day: DayStatistics;
  readonly openInterest: Lots;
  /** The worst price that a new order of this side may have now. */
  priceLimit(side: Side): Ticks;
  /** Undefined on spot, which has no funding. */
  readonly funding: FundingView | undefined;
}

/** Funding of a contract. Rates in parts of 1e8; longs pay a positive rate. */
export interface FundingView {
  /** The rate that would be settled now. */
  readonly rate: number;
  /** ms. */
  readonly nextAt: number;
  /** Newest last. */
  readonly settlements: readonly FundingSettlement[];
}

export interface FundingSettlement {
  readonly rate: number;
  readonly at: number;
}

export interface DayStatistics {
  readonly open: Ticks;
  readonly hourOpen: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly volume: Lots;
  /** Tick-lots, as exact as a float. */
  readonly turnover: number;
}

export interface VenueTrade {
  readonly id: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Side of the taker. */
  readonly side: Side;
  readonly at: number;
  readonly sequence: number;
}

/** A liquidation of a client’s position. */
export interface VenueLiquidation {
  /** Side of the position: `buy` for a long one. */
  readonly side: Side;
  readonly quantity: Lots;
  /** Price at which its margin is used up. */
  readonly price: Ticks;
  readonly at: number;
}
