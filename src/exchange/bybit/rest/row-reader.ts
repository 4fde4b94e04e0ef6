import { grid } from '../../../model/grid.ts';
import type { OrderGrid } from '../../../model/instrument.ts';
import { decimalOf, parseDecimal, toText } from '../../../util/decimal.ts';
import { textIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { OddRow } from '../../exchange.ts';
import type { RowInstrument } from '../codec/codec.ts';
import { unreadable, type OffGrid } from '../codec/decimal-fields.ts';
import { SETTLE_COIN } from '../settle-coins.ts';
import { isStrange, type Instruments } from './instruments.ts';
import type { OddRows } from '../codec/odd-rows.ts';

const LONGEST_SYMBOL = 40;

export interface RowReaderParts {
  readonly instruments: Instruments;
  readonly odd: OddRows;
}

/** Reads a row with the given instrument data. */
export type Reading<T> = (instrument: RowInstrument, onOffGrid: OffGrid) => T;

/** Reads rows of lists one by one, so that an unreadable row of a symbol that is not traded does not make the others unusable. */
export class RowReader {
  readonly #parts: RowReaderParts;

  constructor(parts: RowReaderParts) {
    this.#parts = parts;
  }

  /**
   * Undefined for a row that is not needed here: its symbol is unknown, or it is unreadable and of a symbol that is not traded. Rejects
   * with ExchangeError for any other unreadable row. `ofItsTime`: tick and lot size to use instead of the current ones.
   */
  async read<T>(list: OddRow['list'], row: JsonObject, reading: Reading<T>, ofItsTime?: OrderGrid): Promise<T | undefined> {
    const { odd, instruments } = this.#parts;
    const symbol = symbolOf(row);
    if (symbol === '') throw unreadable(`a row of the list of ${list}s without a symbol`);
    const tell = (what: OddRow['what'], detail: string): undefined => {
      odd.tell({ list, symbol, what, detail });
    };
    const instrument = ofItsTime === undefined ? await instruments.of(symbol) : this.#at(symbol, ofItsTime);
    if (isStrange(instrument)) return tell('unknown_symbol', instrument.why);
    try {
      return reading(instrument, this.#offGrid(list, symbol));
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      if (instruments.isForeign(symbol)) return tell('unreadable', error.message);
      throw named(error, list, symbol);
    }
  }

  /**
   * Reads a row that is needed even when its symbol is delisted: the steps are then taken from the decimals of the row. Rejects with
   * ExchangeError when it cannot be read, or not yet.
   */
  async readAnyway<T>(list: OddRow['list'], row: JsonObject, reading: Reading<T>, ofItsTime?: OrderGrid): Promise<T> {
    const symbol = symbolOf(row);
    if (symbol === '') throw unreadable(`a row of the list of ${list}s without a symbol`);
    const instrument = ofItsTime === undefined ? await this.#parts.instruments.of(symbol) : this.#at(symbol, ofItsTime);
    if (isStrange(instrument) && !instrument.isCertain) throw unreadable(`the steps of ${symbol}: ${instrument.why}`);
    const asWritten = { tick: stepOf(row, 'price'), lot: stepOf(row, 'qty', 'cumExecQty') };
    try {
      return reading(isStrange(instrument) ? this.#at(symbol, asWritten) : instrument, this.#offGrid(list, symbol));
    } catch (error) {
      throw error instanceof ExchangeError ? named(error, list, symbol) : error;
    }
  }

  #offGrid(list: OddRow['list'], symbol: string): OffGrid {
    return (what, text) => this.#parts.odd.tell({ list, symbol, what: 'off_grid', detail: `${what} ${text}` });
  }

  #at(symbol: string, { tick, lot }: OrderGrid): RowInstrument {
    return { symbol, settleCoin: SETTLE_COIN, tick: grid(tick), lot: grid(lot) };
  }
}

function named({ kind, outcome, message }: ExchangeError, list: OddRow['list'], symbol: string): ExchangeError {
  return new ExchangeError(kind, outcome, `${symbol} in the list of ${list}s: ${message}`);
}

function symbolOf(row: JsonObject): string {
  return textIn(row['symbol']).slice(0, LONGEST_SYMBOL);
}

function stepOf(row: JsonObject, ...fields: readonly string[]): string {
  return toText(decimalOf(1, Math.max(...fields.map((field) => parseDecimal(textIn(row[field]))?.scale ?? 0))));
}
