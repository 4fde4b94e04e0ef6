import type { VenueMarket } from '../../venue/market-data.ts';
import { instrumentRow, tickerRow } from './market-rows.ts';
import type { Category } from '../params/params.ts';
import { spotInstrumentRow, spotTickerRow } from './spot-market-rows.ts';
import { spotPresetOf } from '../../spot/spot-instruments.ts';

/** The rows of one category’s markets, and the default size of its lists. */
export interface MarketLine {
  readonly category: Category;
  instrumentRow(market: VenueMarket): object;
  tickerRow(market: VenueMarket): object;
  /** Whether instruments are listed in pages. */
  readonly hasPages: boolean;
  readonly usualDepth: number;
  readonly usualTrades: number;
  readonly mostTrades: number;
}

export const LINEAR_MARKETS: MarketLine = {
  category: 'linear',
  instrumentRow,
  tickerRow,
  hasPages: true,
  usualDepth: 25,
  usualTrades: 500,
  mostTrades: 1000,
};

export const SPOT_MARKETS: MarketLine = {
  category: 'spot',
  instrumentRow: ({ instrument }) => spotInstrumentRow(spotPresetOf(instrument.symbol)),
  tickerRow: spotTickerRow,
  hasPages: false,
  usualDepth: 1,
  usualTrades: 60,
  mostTrades: 60,
};
