import type { Instrument } from '../../../model/instrument.ts';
import { ExchangeError } from '../../errors.ts';
import type { ExchangeEvent, StreamName } from '../../exchange.ts';
import type { OddRows } from '../codec/odd-rows.ts';
import type { PositionLots } from '../codec/position-lots.ts';
import type { ConnectionOptions } from '../connection.ts';
import type { Instruments } from '../rest/instruments.ts';
import type { TimeSampler } from '../rest/time-sampler.ts';
import type { ServerTime } from '../server-time.ts';
import { awaitStreams, type AwaitedStreams } from './awaited-streams.ts';
import { PrivateStream } from './private-stream.ts';
import { PublicStream } from './public-stream.ts';
import type { SocketParts, StreamState } from './socket-client.ts';
import { TradeSocket, type TradeSocketParts } from './trade-socket.ts';

export interface StreamsParts extends Omit<ConnectionOptions, 'restUrl'> {
  /** URL of the public streams. */
  readonly publicWsUrl: string;
  /** False: no trade socket. */
  readonly entersBySocket: boolean;
  readonly time: TimeSampler;
  readonly serverTime: ServerTime;
  readonly instruments: Instruments;
  readonly odd: OddRows;
  readonly positions: PositionLots;
  /** Receives states of the streams, rate limits and outcomes of requests. */
  readonly emit: Listener;
  /** Removes the credentials from a text. */
  readonly redact: (text: string) => string;
}

interface OpenStreams {
  readonly public: PublicStream;
  readonly private: PrivateStream;
  /** Undefined when orders are sent over REST only. */
  readonly trade: TradeSocket | undefined;
}

type Listener = (event: ExchangeEvent) => void;
type Account = Pick<TradeSocketParts, 'credentials' | 'serverTime' | 'onRefused'>;

/** The public stream, the private stream and the trade socket of one account. */
export class Streams {
  readonly #parts: StreamsParts;
  #streams: OpenStreams | undefined;
  /** Set while `open` waits for the streams. */
  #awaited: AwaitedStreams | undefined;

  constructor(parts: StreamsParts) {
    this.#parts = parts;
  }

  get areOpen(): boolean {
    return this.#streams !== undefined;
  }

  get trade(): TradeSocket | undefined {
    return this.#streams?.trade;
  }

  /**
   * Resolves when every stream is up for the first time; rejects with ExchangeError, without an open stream. `keepsOrdersAlive`: the
   * exchange cancels the orders when the private stream disconnects. `listener`: receives market and account events.
   */
  async open(instruments: readonly Instrument[], keepsOrdersAlive: boolean, listener: Listener): Promise<void> {
    const { clock, entersBySocket } = this.#parts;
    const awaited = awaitStreams(clock, entersBySocket ? ['public', 'private', 'trade'] : ['public', 'private']);
    this.#awaited = awaited;
    this.#streams = this.#newStreams(instruments, keepsOrdersAlive, listener);
    this.#streams.public.start();
    this.#streams.private.start();
    this.#streams.trade?.start();
    try {
      await awaited.ready;
    } catch (error) {
      this.#stop();
      throw error;
    } finally {
      this.#awaited = undefined;
    }
  }

  close(): void {
    this.#awaited?.abandon(new ExchangeError('unavailable', 'not-applied', 'closed before the streams were up'));
    this.#stop();
  }

  #newStreams(instruments: readonly Instrument[], keepsOrdersAlive: boolean, emit: Listener): OpenStreams {
    const { credentials, serverTime, odd, positions, entersBySocket, instruments: known } = this.#parts;
    const account = { credentials, serverTime, onRefused: (error: ExchangeError) => this.#refused(error) };
    return {
      public: new PublicStream({ ...this.#socket('public', '/v5/public/linear'), instruments, emit, onState: this.#onState('public') }),
      private: new PrivateStream({
        ...this.#socket('private', '/v5/private'),
        ...account,
        keepsOrdersAlive,
        instrument: (symbol) => known.known(symbol),
        isForeign: (symbol) => known.isForeign(symbol),
        odd,
        positions,
        emit,
        onState: this.#onState('private'),
      }),
      trade: entersBySocket ? this.#newTradeSocket(account) : undefined,
    };
  }

  #newTradeSocket(account: Account): TradeSocket {
    const { recvWindowMs, requestTimeoutMs, time, emit, redact } = this.#parts;
    return new TradeSocket({
      ...this.#socket('trade', '/v5/trade'),
      ...account,
      recvWindowMs,
      requestTimeoutMs,
      onLimit: (observation) => emit({ type: 'limit', observation }),
      onAnswered: (error) => emit({ type: 'answered', via: 'socket', error }),
      onState: this.#onState('trade'),
      onClockWrong: (refusal) => time.refused(refusal),
      redact,
    });
  }

  #socket(name: StreamName, path: string): SocketParts {
    const { wire, clock, random, wsUrl, publicWsUrl } = this.#parts;
    return { wire, clock, random: random.fork(name), url: `${name === 'public' ? publicWsUrl : wsUrl}${path}` };
  }

  #onState(stream: StreamName): StreamState {
    const { emit, redact } = this.#parts;
    return (state, reason) => {
      emit({ type: 'stream', stream, state, reason: redact(reason) });
      if (state === 'up') this.#awaited?.up(stream);
    };
  }

  /** A refused API key ends `open` only; later refusals are retried like any lost connection. */
  #refused(error: ExchangeError): void {
    const { time, redact } = this.#parts;
    if (error.kind === 'clock') time.refused();
    if (error.kind === 'auth') this.#awaited?.abandon(new ExchangeError('auth', 'not-applied', redact(error.message), error));
  }

  #stop(): void {
    this.#streams?.public.close();
    this.#streams?.private.close();
    this.#streams?.trade?.close();
    this.#streams = undefined;
  }
}
