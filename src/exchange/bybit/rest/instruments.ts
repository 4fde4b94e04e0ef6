import { gridOf, isSameGrid, type Instrument, type OrderGrid } from '../../../model/instrument.ts';
import type { Approved } from '../../../risk/gate.ts';
import { defined } from '../../../util/assert.ts';
import type { Clock } from '../../../util/clock.ts';
import type { JsonObject } from '../../../util/json.ts';
import { exchangeError, ExchangeError } from '../../errors.ts';
import { rowsIn } from '../codec/codec.ts';
import { instrumentIn } from '../codec/market-codec.ts';
import type { Rest } from './rest.ts';

/** A symbol that could not be read is queried again after this time. */
const ASK_AGAIN_MS = 10_000;

/** A symbol that cannot be read. */
export interface Strange {
  readonly why: string;
  /** True when the exchange itself says so; otherwise a later query may succeed. */
  readonly isCertain: boolean;
}

export function isStrange(instrument: object): instrument is Strange {
  return 'why' in instrument;
}

/** The instruments read from the exchange, with the tick and lot sizes that are used here. */
export class Instruments {
  readonly #rest: Pick<Rest, 'getPublic'>;
  readonly #known = new Map<string, Instrument>();
  /** Symbols whose tick and lot size stay fixed here, with the values that the exchange named last. */
  readonly #pinned = new Map<string, OrderGrid>();
  /** Symbols that cannot be read, with the monotonic time of the last attempt. */
  readonly #strange = new Map<string, Strange & { readonly since: number }>();
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(rest: Pick<Rest, 'getPublic'>, clock: Pick<Clock, 'monotonic'>) {
    this.#rest = rest;
    this.#clock = clock;
  }

  /** An instrument that was read before. */
  known(symbol: string): Instrument | undefined {
    return this.#known.get(symbol);
  }

  /** Fixes the tick and lot sizes of these symbols: from now on prices and quantities are counted in these units. */
  pin(symbols: readonly string[]): void {
    for (const symbol of symbols) this.#pinned.set(symbol, gridOf(defined(this.known(symbol), `instrument ${symbol}`)));
  }

  /** True when other symbols are traded but not this one. */
  isForeign(symbol: string): boolean {
    return this.#pinned.size > 0 && !this.#pinned.has(symbol);
  }

  /** The instrument for an approved order. Throws ExchangeError when the exchange now has another tick or lot size. */
  fitting({ symbol, clientOrderId, grid }: Approved<{ readonly symbol: string; readonly clientOrderId: string }>): Instrument {
    const instrument = defined(this.known(symbol), `instrument ${symbol}`);
    const now = this.#pinned.get(symbol) ?? gridOf(instrument);
    if (isSameGrid(grid, now) && isSameGrid(grid, gridOf(instrument))) return instrument;
    const steps = ({ tick, lot }: OrderGrid): string => `tick ${tick} and lot ${lot}`;
    const text = `${clientOrderId}: not sent, approved with ${steps(grid)}; the exchange has ${steps(now)} now`;
    throw new ExchangeError('rejected', 'not-applied', text, { unsent: 'grid_changed' });
  }

  /** Reads the current instrument. Rejects with ExchangeError. */
  async read(symbol: string): Promise<Instrument> {
    return this.#keep(instrumentIn(await this.#row(symbol)));
  }

  /** The instrument of a row, whose symbol may not have been read before. */
  async of(symbol: string): Promise<Instrument | Strange> {
    const known = this.known(symbol);
    if (known !== undefined) return known;
    const now = this.#clock.monotonic();
    const strange = this.#strange.get(symbol);
    if (strange !== undefined && (strange.isCertain || now - strange.since < ASK_AGAIN_MS)) return strange;
    let row: JsonObject | undefined;
    try {
      row = await this.#row(symbol);
      return this.#keep(instrumentIn(row));
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      // A lost response, a rate limit or the page of a proxy proves nothing about the symbol.
      const found = { why: error.message, isCertain: row !== undefined || error.isExchangesWord, since: now };
      this.#strange.set(symbol, found);
      return found;
    }
  }

  /** Reads the row of the exchange's list. Rejects with ExchangeError. */
  async #row(symbol: string): Promise<JsonObject> {
    const { result } = await this.#rest.getPublic('v5/market/instruments-info', { category: 'linear', symbol }).catch((error: unknown) => {
      const { retCode, isExchangesWord, message } = exchangeError(error);
      if (!isExchangesWord) throw error;
      throw new ExchangeError('rejected', 'not-applied', `${symbol} is not a linear instrument of the exchange: ${message}`, {
        retCode,
        cause: error,
      });
    });
    const row = rowsIn(result['list'], 'instruments-info').find((entry) => entry['symbol'] === symbol);
    if (row === undefined)
      throw new ExchangeError('rejected', 'not-applied', `${symbol} is not a linear instrument of the exchange`, { byList: true });
    return row;
  }

  /** Stores the instrument. With a pinned grid, it is updated only while the exchange's tick and lot size are the same. */
  #keep(instrument: Instrument): Instrument {
    const { symbol } = instrument;
    const grid = gridOf(instrument);
    const known = this.known(symbol);
    const isPinned = this.#pinned.has(symbol);
    if (isPinned) this.#pinned.set(symbol, grid);
    if (!isPinned || known === undefined || isSameGrid(grid, gridOf(known))) this.#known.set(symbol, instrument);
    return instrument;
  }
}
