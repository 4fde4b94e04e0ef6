import { EXIT, MmbotError } from '../errors.ts';
import type { InstrumentTerms } from '../model/instrument.ts';
import { ppm, type Ppm } from '../model/units.ts';

/** One contract of the embedded exchange: its listing at Bybit and the starting point of its market. Decimal texts. */
export interface InstrumentPreset {
  readonly terms: InstrumentTerms;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly maxMarketQuantity: string;
  /** Bybit’s ratio X: a buy may be priced this far above the mark price plus premium, a sell this far below. */
  readonly priceLimit: Ppm;
  /** Bybit’s ratio Y: the maximum distance from the mark price, at any premium. */
  readonly outerPriceLimit: Ppm;
  readonly maintenanceMargin: Ppm;
  /** ms since the epoch. */
  readonly launchAt: number;
  readonly startPrice: string;
  /** Size of the orders of the background flow relative to BTCUSDT. */
  readonly depthRatio: number;
  /** How far its price moves relative to BTCUSDT. SOL: range of a day on Bybit (2026-08-09), 2.7 times that of BTC; the others are assumed. */
  readonly volatilityRatio: number;
  /** Open interest of others than the client accounts, in base coin. */
  readonly openInterest: string;
}

type Row = readonly [
  baseCoin: string,
  tickSize: string,
  priceDecimals: number,
  maxPrice: string,
  qtyStep: string,
  maxQuantity: string,
  maxMarketQuantity: string,
  maxLeverage: string,
  priceLimitPpm: number,
  outerPriceLimitPpm: number,
  launchAt: number,
  startPrice: string,
  depthRatio: number,
  volatilityRatio: number,
  openInterest: string,
];

/** Grids and limits as listed by Bybit in August 2026; DOT and TRX are plausible values. */
const ROWS: readonly Row[] = [
  ['BTC', '0.10', 2, '1999999.80', '0.001', '1190.000', '500.000', '100.00', 10_000, 20_000, 1585526400000, '65000.00', 1, 1, '59891.732'],
  ['ETH', '0.01', 2, '199999.98', '0.01', '10000.00', '2000.00', '100.00', 20_000, 40_000, 1615766400000, '1900.00', 0.7, 1.4, '810000.00'],
  [
    'SOL',
    '0.010',
    3,
    '199999.980',
    '0.1',
    '96000.0',
    '12000.0',
    '100.00',
    50_000,
    100_000,
    1634256000000,
    '77.300',
    0.15,
    2.5,
    '6738053.9',
  ],
  [
    'XRP',
    '0.0001',
    4,
    '1999.9998',
    '0.1',
    '7500000.0',
    '1500000.0',
    '100.00',
    50_000,
    100_000,
    1620777600000,
    '1.1000',
    0.3,
    2.5,
    '181000000.0',
  ],
  [
    'DOGE',
    '0.00001',
    5,
    '199.99998',
    '1',
    '43678900',
    '5991100',
    '75.00',
    50_000,
    100_000,
    1622592000000,
    '0.07040',
    0.3,
    2.5,
    '2100000000',
  ],
  ['BNB', '0.10', 2, '1999999.80', '0.01', '940.00', '370.00', '50.00', 50_000, 100_000, 1624838400000, '590.00', 0.2, 2.5, '79000.00'],
  ['ADA', '0.0001', 4, '1999.9998', '1', '1500000', '590000', '75.00', 50_000, 100_000, 1610668800000, '0.2400', 0.2, 2.5, '310000000'],
  ['AVAX', '0.001', 3, '19999.998', '0.1', '110000.0', '22000.0', '50.00', 20_000, 100_000, 1631664000000, '6.700', 0.15, 2.5, '4300000.0'],
  ['LINK', '0.001', 3, '19999.998', '0.1', '41000.0', '15000.0', '50.00', 50_000, 100_000, 1605744000000, '8.300', 0.15, 2.5, '5200000.0'],
  ['LTC', '0.01', 2, '199999.98', '0.1', '8800.0', '3000.0', '50.00', 50_000, 100_000, 1605744000000, '44.20', 0.15, 2.5, '700000.0'],
  [
    'DOT',
    '0.0001',
    4,
    '1999.9998',
    '0.1',
    '300000.0',
    '90000.0',
    '50.00',
    50_000,
    100_000,
    1610668800000,
    '1.3000',
    0.1,
    2.5,
    '14000000.0',
  ],
  ['TRX', '0.00001', 5, '199.99998', '1', '8000000', '2600000', '75.00', 50_000, 100_000, 1624492800000, '0.30000', 0.1, 2.5, '240000000'],
];

/** All symbols that can be listed, the most liquid first. */
export const LISTED_SYMBOLS: readonly string[] = ROWS.map(([baseCoin]) => `${baseCoin}USDT`);

/** Throws for an unlisted symbol; the error names the listed ones. */
export function presetOf(symbol: string): InstrumentPreset {
  const row = ROWS.find(([baseCoin]) => `${baseCoin}USDT` === symbol);
  if (row !== undefined) return presetFrom(row);
  throw new MmbotError({
    code: 'unknown_symbol',
    exitCode: EXIT.usage,
    message: `symbol: the embedded exchange has no '${symbol}'`,
    hint: `use one of ${LISTED_SYMBOLS.join(', ')}`,
  });
}

function presetFrom(row: Row): InstrumentPreset {
  const [baseCoin, tickSize, priceDecimals, maxPrice, qtyStep, maxQuantity, maxMarketQuantity, maxLeverage] = row;
  const [, , , , , , , , priceLimit, outerPriceLimit, launchAt, startPrice, depthRatio, volatilityRatio, openInterest] = row;
  return {
    terms: {
      symbol: `${baseCoin}USDT`,
      baseCoin,
      quoteCoin: 'USDT',
      settleCoin: 'USDT',
      status: 'trading',
      tickSize,
      qtyStep,
      minQuantity: qtyStep,
      maxQuantity,
      minNotional: '5',
      maxLeverage,
      priceDecimals,
    },
    minPrice: tickSize,
    maxPrice,
    maxMarketQuantity,
    priceLimit: ppm(priceLimit),
    outerPriceLimit: ppm(outerPriceLimit),
    maintenanceMargin: ppm(5000),
    launchAt,
    startPrice,
    depthRatio,
    volatilityRatio,
    openInterest,
  };
}
