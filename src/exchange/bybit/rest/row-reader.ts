import { grid } from '../../../model/grid.ts';
import type { OrderGrid } from '../../../model/instrument.ts';
import { decimalOf, parseDecimal, toText } from '../../../util/decimal.ts';
import { textIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { OddRow } from '../../exchange.ts';
import type { RowInstrument } from '../codec/codec.ts';
import { unreadable, type OffGrid } from '../codec/decimal-fields.ts';
import { isStrange, type Instruments } from './instruments.ts';
import type { OddRows } from '../codec/odd-rows.ts';

const LONGEST_SYMBOL = 40;

export interface RowReaderParts {
  readonly instruments: Instruments;
  readonly odd: OddRows;
  readonly settleCoin: string;
}

/** What reads a row, given the grid. */
export type Reading<T> = (instrument: RowInstrument, onOffGrid: OffGrid) => T;

/** Reads rows of lists one by one: those that nothing here depends on cannot spoil the others. */
export class RowReader {
  readonly #parts: RowReaderParts;

  constructor(parts: RowReaderParts) {
    this.#parts = parts;
  }

  /**
   * Undefined for a row that nothing here depends on: of a symbol that cannot be read, or unreadable while other symbols are
   * traded. Rejects with ExchangeError for any other that is unreadable. `ofItsTime`: a grid to read it on instead of today's.
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
   * A row that is wanted, whatever has become of its symbol: of one that is gone, by the decimals that it is written with. Rejects with
   * ExchangeError when it cannot be read, or not yet: it is there all the same.
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
    return { symbol, settleCoin: this.#parts.settleCoin, tick: grid(tick), lot: grid(lot) };
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
