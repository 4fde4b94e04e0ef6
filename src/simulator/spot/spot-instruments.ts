import { ppm } from '../../model/units.ts';
import { defined } from '../../util/assert.ts';
import { presetOf, type InstrumentPreset } from '../instruments.ts';

/** One spot pair: its listing at Bybit, and each account’s initial balance of its base coin. */
export interface SpotPreset extends InstrumentPreset {
  readonly quotePrecision: string;
  /** Largest value of an order; listed but not enforced, as at Bybit. */
  readonly maxNotional: string;
  readonly deposit: string;
}

type Row = readonly [
  baseCoin: string,
  tickSize: string,
  basePrecision: string,
  minQuantity: string,
  maxQuantity: string,
  maxMarketQuantity: string,
  priceLimitPpm: number,
  outerPriceLimitPpm: number,
  deposit: string,
];

/** BTC as in Bybit’s documentation; the others are plausible values. Accounts start with some coins, as Bybit’s demo accounts do. */
const ROWS: readonly Row[] = [
  ['BTC', '0.1', '0.000001', '0.000011', '83', '41.5', 5000, 10_000, '1'],
  ['ETH', '0.01', '0.00001', '0.00038', '2700', '1350', 5000, 10_000, '20'],
  ['SOL', '0.01', '0.001', '0.009', '40000', '20000', 10_000, 20_000, '500'],
  ['XRP', '0.0001', '0.01', '0.65', '2500000', '1250000', 10_000, 20_000, '40000'],
  ['DOGE', '0.00001', '0.1', '9.9', '20000000', '10000000', 10_000, 20_000, '500000'],
  ['BNB', '0.1', '0.0001', '0.0012', '900', '450', 10_000, 20_000, '60'],
  ['ADA', '0.0001', '0.01', '2.96', '3000000', '1500000', 10_000, 20_000, '150000'],
  ['AVAX', '0.001', '0.001', '0.104', '50000', '25000', 20_000, 40_000, '5000'],
  ['LINK', '0.001', '0.001', '0.084', '40000', '20000', 20_000, 40_000, '4000'],
  ['LTC', '0.01', '0.00001', '0.01582', '8000', '4000', 20_000, 40_000, '800'],
  ['DOT', '0.0001', '0.001', '0.538', '200000', '100000', 20_000, 40_000, '25000'],
  ['TRX', '0.00001', '0.01', '2.33', '7000000', '3500000', 20_000, 40_000, '120000'],
];

/** Throws for an unlisted symbol; the error names the listed ones. */
export function spotPresetOf(symbol: string): SpotPreset {
  const derivative = presetOf(symbol);
  const row = ROWS.find(([baseCoin]) => baseCoin === derivative.terms.baseCoin);
  return presetFrom(defined(row, `spot pair of ${symbol}`), derivative);
}

function presetFrom(row: Row, derivative: InstrumentPreset): SpotPreset {
  const [baseCoin, tickSize, basePrecision, minQuantity, maxQuantity, maxMarketQuantity, priceLimit, outerPriceLimit, deposit] = row;
  return {
    ...derivative,
    terms: {
      ...derivative.terms,
      symbol: `${baseCoin}USDT`,
      tickSize,
      qtyStep: basePrecision,
      minQuantity,
      maxQuantity,
      minNotional: '5',
      maxLeverage: '1',
      priceDecimals: 0,
    },
    minPrice: tickSize,
    maxMarketQuantity,
    priceLimit: ppm(priceLimit),
    outerPriceLimit: ppm(outerPriceLimit),
    maintenanceMargin: ppm(0),
    openInterest: '0',
    quotePrecision: '0.0000001',
    maxNotional: '8000000',
    deposit,
  };
}
