import { gridOf, isSameGrid, type Instrument, type OrderGrid } from '../../../model/instrument.ts';
import type { Approved } from '../../../risk/gate.ts';
import { defined } from '../../../util/assert.ts';
import type { Clock } from '../../../util/clock.ts';
import type { JsonObject } from '../../../util/json.ts';
import { exchangeError, ExchangeError } from '../../errors.ts';
import { rowsIn } from '../codec/codec.ts';
import { instrumentIn } from '../codec/market-codec.ts';
import type { Rest } from './rest.ts';

/** A symbol that could not be told of is asked for again after so long. */
const ASK_AGAIN_MS = 10_000;

/** Of a symbol that cannot be read. */
export interface Strange {
  readonly why: string;
  /** By the exchange's own word; else it may be told another time. */
  readonly isCertain: boolean;
}

export function isStrange(instrument: object): instrument is Strange {
  return 'why' in instrument;
}

/** The instruments that the exchange has told of, and on which grids they are counted here. */
export class Instruments {
  readonly #rest: Pick<Rest, 'getPublic'>;
  readonly #known = new Map<string, Instrument>();
  /** Symbols whose grid stays what it was, with the grid that the exchange named last. */
  readonly #pinned = new Map<string, OrderGrid>();
  /** Symbols that cannot be read, and since when, monotonic. */
  readonly #strange = new Map<string, Strange & { readonly since: number }>();
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(rest: Pick<Rest, 'getPublic'>, clock: Pick<Clock, 'monotonic'>) {
    this.#rest = rest;
    this.#clock = clock;
  }

  /** One that has been read before. */
  known(symbol: string): Instrument | undefined {
    return this.#known.get(symbol);
  }

  /** From now on rows of these symbols are read on the grid that they have now: ticks and lots are being counted in it. */
  pin(symbols: readonly string[]): void {
    for (const symbol of symbols) this.#pinned.set(symbol, gridOf(defined(this.known(symbol), `instrument ${symbol}`)));
  }

  /** Others are traded, and this one is not. */
  isForeign(symbol: string): boolean {
    return this.#pinned.size > 0 && !this.#pinned.has(symbol);
  }

  /** The instrument that an order of this grid may leave for. Throws ExchangeError when the exchange counts in other steps now. */
  fitting({ symbol, clientOrderId, grid }: Approved<{ readonly symbol: string; readonly clientOrderId: string }>): Instrument {
    const instrument = defined(this.known(symbol), `instrument ${symbol}`);
    const now = this.#pinned.get(symbol) ?? gridOf(instrument);
    if (isSameGrid(grid, now) && isSameGrid(grid, gridOf(instrument))) return instrument;
    const steps = ({ tick, lot }: OrderGrid): string => `tick ${tick} and lot ${lot}`;
    const text = `${clientOrderId}: not sent, approved with ${steps(grid)}; the exchange has ${steps(now)} now`;
    throw new ExchangeError('rejected', 'not-applied', text, { unsent: 'grid_changed' });
  }

  /** As the exchange has it now. Rejects with ExchangeError. */
  async read(symbol: string): Promise<Instrument> {
    return this.#keep(instrumentIn(await this.#row(symbol)));
  }

  /** One that a row is about: of a symbol that nobody asked for, perhaps. */
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
      // A lost answer, a limit or the page of a proxy says nothing of the symbol.
      const found = { why: error.message, isCertain: row !== undefined || error.isExchangesWord, since: now };
      this.#strange.set(symbol, found);
      return found;
    }
  }

  /** As the exchange lists it. Rejects with ExchangeError. */
  async #row(symbol: string): Promise<JsonObject> {
    const { result } = await this.#rest.getPublic('v5/market/instruments-info', { category: 'linear', symbol }).catch((error: unknown) => {
      const { retCode, isExchangesWord, message } = exchangeError(error);
      if (!isExchangesWord) throw error;
      throw new ExchangeError('rejected', 'not-applied', `${symbol} is no linear instrument of the exchange: ${message}`, {
        retCode,
        cause: error,
      });
    });
    const row = rowsIn(result['list'], 'instruments-info').find((entry) => entry['symbol'] === symbol);
    if (row === undefined)
      throw new ExchangeError('rejected', 'not-applied', `${symbol} is no linear instrument of the exchange`, { byList: true });
    return row;
  }

  /** A pinned grid stays: its limits are renewed while it is the exchange's too. */
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
