import type { LevelChange } from '../../../model/book.ts';
import { parseSteps, type Grid } from '../../../model/grid.ts';
import { instrumentOf, type Instrument } from '../../../model/instrument.ts';
import { lots, ticks } from '../../../model/units.ts';
import { AssertionError } from '../../../util/assert.ts';
import { listIn, numberIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { Trade } from '../../exchange.ts';
import { unreadable } from './decimal-fields.ts';

/** Codec for Bybit's market data. */

const MOST_DECIMALS = 18;

/** A row of `instruments-info`. */
export function instrumentIn(row: JsonObject): Instrument {
  const symbol = textIn(row['symbol']);
  const lotSize = objectIn(row['lotSizeFilter']);
  try {
    return instrumentOf({
      symbol,
      baseCoin: textIn(row['baseCoin']),
      quoteCoin: textIn(row['quoteCoin']),
      settleCoin: textIn(row['settleCoin']),
      status: row['status'] === 'Trading' ? 'trading' : 'other',
      tickSize: textIn(objectIn(row['priceFilter'])['tickSize']),
      qtyStep: textIn(lotSize['qtyStep']),
      minQuantity: textIn(lotSize['minOrderQty']),
      maxQuantity: textIn(lotSize['maxOrderQty']),
      minNotional: textIn(lotSize['minNotionalValue']) || '0',
      maxLeverage: textIn(objectIn(row['leverageFilter'])['maxLeverage']) || '1',
      deliveryAt: deliveryIn(row['deliveryTime']),
      priceDecimals: decimalsIn(row['priceScale']),
    });
  } catch (error) {
    if (error instanceof AssertionError) throw unreadable(`instrument ${symbol}: ${error.message}`);
    throw error;
  }
}

/** Implausible scales are ignored: they would make every price text extremely long. */
function decimalsIn(value: unknown): number {
  const decimals = numberIn(value) ?? 0;
  return Number.isSafeInteger(decimals) && decimals >= 0 && decimals <= MOST_DECIMALS ? decimals : 0;
}

/** `"0"` means never. For a perpetual it is the time of delisting. */
function deliveryIn(value: unknown): number | undefined {
  const at = numberIn(value) ?? 0;
  return at > 0 ? at : undefined;
}

/** One side of a book message, `[["65114.20","0.5"], ...]`; undefined when a level is off the grid or unreadable. */
export function levelsIn(value: unknown, { tick, lot }: Instrument): readonly LevelChange[] | undefined {
  const levels: LevelChange[] = [];
  for (const row of listIn(value)) {
    const [price, quantity] = listIn(row);
    const steps = wholeSteps(price, tick);
    const size = wholeSteps(quantity, lot);
    if (steps === undefined || size === undefined) return undefined;
    levels.push({ price: ticks(steps), quantity: lots(size) });
  }
  return levels;
}

/** Reads a row of `publicTrade`; undefined for block trades, which happen outside the order book, and for unreadable rows. */
export function tradeIn(row: JsonObject, { tick, lot }: Instrument): Trade | undefined {
  const price = wholeSteps(row['p'], tick);
  const quantity = wholeSteps(row['v'], lot);
  const side = row['S'];
  const at = numberIn(row['T']);
  if (row['BT'] === true || (side !== 'Buy' && side !== 'Sell')) return undefined;
  if (price === undefined || quantity === undefined || at === undefined) return undefined;
  return { price: ticks(price), quantity: lots(quantity), side: side === 'Buy' ? 'buy' : 'sell', at };
}

function wholeSteps(value: unknown, grid: Grid): number | undefined {
  const steps = parseSteps(textIn(value), grid);
  return steps === undefined || steps < 0 ? undefined : steps;
}
