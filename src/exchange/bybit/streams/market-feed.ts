import type { Instrument } from '../../../model/instrument.ts';
import { defined } from '../../../util/assert.ts';
import type { ExchangeEvent } from '../../exchange.ts';
import type { ConnectionOptions } from '../connection.ts';
import { Instruments } from '../rest/instruments.ts';
import { publicOnly } from '../wire/public-only-wire.ts';
import { PublicStream } from './public-stream.ts';
import { Rest } from '../rest/rest.ts';
import { ServerTime } from '../server-time.ts';

const ROUND_TRIPS = 5;

export type MarketFeedOptions = Omit<ConnectionOptions, 'credentials' | 'recvWindowMs'>;

/** Public market data only: the same streams and checks as the trading adapter, without API keys, an account or order entry. */
export class MarketFeed {
  readonly #options: MarketFeedOptions;
  readonly #rest: Rest;
  readonly #instruments: Instruments;
  #stream: PublicStream | undefined;

  constructor(options: MarketFeedOptions) {
    const { clock } = options;
    this.#options = { ...options, wire: publicOnly(options.wire) };
    const serverTime = new ServerTime(clock);
    this.#rest = new Rest({
      ...this.#options,
      url: options.restUrl,
      credentials: { apiKey: '', secret: '' },
      recvWindowMs: 1000,
      beforeQuery: undefined,
      serverTime,
      onLimit: () => undefined,
      redact: (text) => text,
    });
    this.#instruments = new Instruments(this.#rest, clock);
  }

  /** Rejects with ExchangeError. */
  instruments(symbols: readonly string[]): Promise<Instrument[]> {
    return Promise.all(symbols.map((symbol) => this.#instruments.read(symbol)));
  }

  /** The shortest of some round trips, ms. Rejects with ExchangeError. */
  async roundTripMs(): Promise<number> {
    const { clock } = this.#options;
    const trips: number[] = [];
    for (let i = 0; i < ROUND_TRIPS; i += 1) {
      const askedAt = clock.monotonic();
      await this.#rest.readTime();
      trips.push(clock.monotonic() - askedAt);
    }
    return Math.min(...trips);
  }

  /** Streams books, trades and tickers of symbols whose instruments were loaded, until `close`; reconnects automatically. */
  connect(symbols: readonly string[], listener: (event: ExchangeEvent) => void): void {
    const { wire, clock, random, wsUrl } = this.#options;
    this.#stream = new PublicStream({
      wire,
      clock,
      random: random.fork('public'),
      url: `${wsUrl}/v5/public/linear`,
      instruments: symbols.map((symbol) => defined(this.#instruments.known(symbol), `instrument ${symbol}`)),
      emit: listener,
      onState: (state, reason) => listener({ type: 'stream', stream: 'public', state, reason }),
    });
    this.#stream.start();
  }

  async close(): Promise<void> {
    this.#stream?.close();
    this.#rest.sender.close();
    await this.#options.wire.close();
  }
}
