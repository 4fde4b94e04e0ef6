import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Settings } from '../../config/fields.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Clock } from '../../util/clock.ts';

/** One response without a symbol does not prove that it is delisted: the query is repeated. */
const ASK_AGAIN_MS = 10_000;

export interface ListingWatchParts {
  readonly exchange: Pick<Exchange, 'instruments' | 'now'>;
  readonly clock: Clock;
  readonly symbols: readonly string[];
  readonly states: ReadonlyMap<string, { readonly instrument: Instrument }>;
  readonly settings: Pick<Settings, 'risk'>;
  readonly freeze: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** Watches whether the exchange still trades our symbols. Before trading ends: first a hold, then a freeze with a proven cancel-all. */
export class ListingWatch {
  readonly #parts: ListingWatchParts;
  /** Symbols that the exchange does not list, with the monotonic time of the first such response. */
  readonly #gone = new Map<string, number>();
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ListingWatchParts) {
    this.#parts = parts;
  }

  /** The symbols that the exchange lists. Rejects with ExchangeError when the query fails. */
  async listed(): Promise<readonly string[]> {
    const { symbols, clock } = this.#parts;
    this.#askedAt = clock.monotonic();
    for (const symbol of symbols) this.#judge(symbol, await this.#isListed(symbol));
    return symbols.filter((symbol) => !this.#gone.has(symbol));
  }

  /** To be called periodically. */
  look(): void {
    const { symbols, settings, clock, freeze, onFault } = this.#parts;
    for (const symbol of symbols) {
      const leftMs = this.#leftMs(symbol);
      if (leftMs !== undefined && leftMs <= settings.risk.deliveryFreezeMs) freeze(`${symbol} is about to be delivered`);
    }
    if (this.#gone.size === 0 || clock.monotonic() - this.#askedAt < ASK_AGAIN_MS) return;
    this.listed().catch((error: unknown) => {
      if (!(error instanceof ExchangeError)) onFault(error);
    });
  }

  heldBy(symbol: string): 'instrument_gone' | 'delivery_ahead' | undefined {
    if (this.#gone.has(symbol)) return 'instrument_gone';
    const leftMs = this.#leftMs(symbol);
    return leftMs !== undefined && leftMs <= this.#parts.settings.risk.deliveryHoldMs ? 'delivery_ahead' : undefined;
  }

  #judge(symbol: string, isListed: boolean): void {
    const { clock, freeze } = this.#parts;
    const since = this.#gone.get(symbol);
    if (isListed) this.#gone.delete(symbol);
    else if (since === undefined) this.#gone.set(symbol, clock.monotonic());
    else if (clock.monotonic() - since >= ASK_AGAIN_MS) freeze(`${symbol} is gone from the exchange's list`);
  }

  async #isListed(symbol: string): Promise<boolean> {
    try {
      await this.#parts.exchange.instruments([symbol]);
      return true;
    } catch (error) {
      if (error instanceof ExchangeError && error.isExchangesWord) return false;
      throw error;
    }
  }

  #leftMs(symbol: string): number | undefined {
    const { states, exchange } = this.#parts;
    const deliveryAt = states.get(symbol)?.instrument.deliveryAt;
    return deliveryAt === undefined ? undefined : deliveryAt - exchange.now();
  }
}
