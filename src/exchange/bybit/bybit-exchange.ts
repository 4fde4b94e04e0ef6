import type { FeeRates, Instrument } from '../../model/instrument.ts';
import type { Amend, Fill, NewOrder, OrderReport } from '../../model/order.ts';
import type { FundingPayment } from '../../model/position.ts';
import { formatSteps } from '../../model/grid.ts';
import type { Approved } from '../../risk/gate.ts';
import { assert, defined } from '../../util/assert.ts';
import { every, type Cancel, type Clock } from '../../util/clock.ts';
import { listIn, numberIn, objectIn, type JsonObject } from '../../util/json.ts';
import type { Random } from '../../util/random.ts';
import { redactor } from '../../util/redact.ts';
import type { CancelPort } from '../cancel-port.ts';
import { ExchangeError } from '../errors.ts';
import type {
  Ack,
  Exchange,
  ExchangeEvent,
  FillScope,
  KeyFacts,
  LimitObservation,
  OddRow,
  OrderRef,
  OrderScope,
  PositionReport,
  StreamName,
  Transport,
  WalletReport,
} from '../exchange.ts';
import type { Stamped } from '../complete.ts';
import { awaitStreams, type AwaitedStreams } from './streams/awaited-streams.ts';
import { cancelCalls } from './cancel/cancel-calls.ts';
import { ackIn, createParameters, refParameters } from './codec/codec.ts';
import { BAN_MS } from './codec/limits.ts';
import { Instruments } from './rest/instruments.ts';
import { OddRows } from './codec/odd-rows.ts';
import { PositionLots } from './codec/position-lots.ts';
import { PrivateStream } from './streams/private-stream.ts';
import { PublicStream } from './streams/public-stream.ts';
import { Queries } from './rest/queries.ts';
import type { ReadAgain } from './rest/read-again.ts';
import { NO_PERMISSION } from './codec/ret-codes.ts';
import { Rest } from './rest/rest.ts';
import { ServerTime } from './server-time.ts';
import type { Credentials } from './wire/signature.ts';
import type { SocketParts } from './streams/socket-client.ts';
import type { StreamState } from './streams/stream-state.ts';
import { TradeSocket, type TradeOperation, type TradeSocketParts } from './streams/trade-socket.ts';
import type { Wire } from './wire/wire.ts';

const TIME_REFRESH_MS = 60_000;

export interface BybitOptions {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: Credentials;
  /** `http://host:port`, no path. */
  readonly restUrl: string;
  /** `ws://host:port`, no path. */
  readonly wsUrl: string;
  /** URL of the public streams, when they are not at `wsUrl`. */
  readonly publicWsUrl?: string;
  /** False when the exchange cannot report fee rates: then the highest ordinary rates are assumed. Default: true. */
  readonly tellsFees?: boolean;
  /** The exchange refuses a request that arrives later than this after signing, ms; at most 2000. */
  readonly recvWindowMs: number;
  readonly requestTimeoutMs: number;
  /** Order entry. `socket`: over the trade WebSocket while it is usable, else over REST; `rest`: always over REST. Default: `socket`. */
  readonly orderEntry?: 'socket' | 'rest';
  /** Awaited before every signed read, for rate limiting. */
  readonly beforeQuery?: () => Promise<void>;
  /** Decides whether and when a failed read is retried. Default: never. */
  readonly readAgain?: ReadAgain;
}

/** Linear perpetuals of Bybit, or of any server that implements its protocol over `wire`. */
export function createBybitExchange(options: BybitOptions): Exchange {
  return new BybitExchange(options);
}

interface Streams {
  readonly public: PublicStream;
  readonly private: PrivateStream;
  /** Undefined when orders are sent over REST only. */
  readonly trade: TradeSocket | undefined;
}

class BybitExchange implements Exchange {
  readonly #options: BybitOptions;
  readonly #serverTime: ServerTime;
  readonly #rest: Rest;
  readonly #instruments: Instruments;
  readonly #queries: Queries;
  readonly #redact: (text: string) => string;
  readonly banMs = BAN_MS;
  readonly cancelPort: CancelPort;
  readonly #odd = new OddRows((row) => this.#heardOdd(row));
  readonly #positions = new PositionLots();
  #streams: Streams | undefined;
  #isDisconnectArmed = false;
  #listener: ((event: ExchangeEvent) => void) | undefined;
  #timers: Cancel[] = [];
  /** Set while `connect` waits for the streams. */
  #awaited: AwaitedStreams | undefined;

  constructor(options: BybitOptions) {
    const { wire, clock, credentials, restUrl, recvWindowMs, requestTimeoutMs } = options;
    assert(recvWindowMs > 0 && recvWindowMs <= 2000, 'recvWindowMs is from 1 to 2000');
    this.#options = options;
    this.#redact = redactor([credentials.secret, credentials.apiKey]);
    this.#serverTime = new ServerTime(clock);
    this.#rest = new Rest({
      wire,
      clock,
      credentials,
      url: restUrl,
      recvWindowMs,
      requestTimeoutMs,
      beforeQuery: options.beforeQuery,
      readAgain: options.readAgain,
      serverTime: this.#serverTime,
      onLimit: (observation) => this.#limit(observation),
      onAnswered: (error) => this.#listener?.({ type: 'answered', via: 'http', error }),
      redact: this.#redact,
    });
    this.cancelPort = cancelCalls(this.#rest, (parameters) => this.#enter('cancel', parameters));
    const { tellsFees = true } = options;
    this.#instruments = new Instruments(this.#rest, clock);
    this.#queries = new Queries({
      rest: this.#rest,
      clock,
      serverTime: this.#serverTime,
      tellsFees,
      instruments: this.#instruments,
      odd: this.#odd,
      positions: this.#positions,
    });
  }

  serverTime(): Promise<number> {
    return this.#rest.readTime();
  }

  now(): number {
    return this.#serverTime.now();
  }

  prepareAccount(): Promise<boolean> {
    return this.#granted('v5/account/set-limit-px-action', { category: 'linear', modifyEnable: false });
  }

  async armDisconnectCancel(afterSeconds: number): Promise<boolean> {
    assert(
      this.#streams === undefined,
      'armDisconnectCancel must be called before connect: the private stream then subscribes to a topic for it',
    );
    const wanted = { product: 'DERIVATIVES', timeWindow: afterSeconds };
    if (!(await this.#granted('v5/order/disconnected-cancel-all', wanted))) return false;
    // The response is only an acknowledgment: the setting is read back as confirmation.
    const { result } = await this.#rest.get('v5/account/query-dcp-info', {});
    this.#isDisconnectArmed = listIn(result['dcpInfos'])
      .map(objectIn)
      .some((row) => row['product'] === 'DERIVATIVES' && row['dcpStatus'] === 'ON' && numberIn(row['timeWindow']) === afterSeconds);
    return this.#isDisconnectArmed;
  }

  keyFacts(): Promise<KeyFacts> {
    return this.#queries.keyFacts();
  }

  instruments(symbols: readonly string[]): Promise<Instrument[]> {
    return Promise.all(symbols.map((symbol) => this.#instruments.read(symbol)));
  }

  feeRates(symbol: string): Promise<FeeRates> {
    return this.#queries.feeRates(symbol);
  }

  positionMode(symbol: string): Promise<'one_way' | 'hedge'> {
    return this.#queries.positionMode(symbol);
  }

  openOrders(scope: OrderScope = {}): Promise<Stamped<readonly OrderReport[]>> {
    return this.#queries.openOrders(scope);
  }

  findOrder(order: OrderRef): Promise<Stamped<OrderReport | undefined>> {
    return this.#queries.findOrder(order);
  }

  fills(scope: FillScope): Promise<Stamped<readonly Fill[]>> {
    return this.#queries.fills(scope);
  }

  funding(scope: { readonly since: number }): Promise<Stamped<readonly FundingPayment[]>> {
    return this.#queries.funding(scope);
  }

  positions(scope?: { readonly symbol: string }): Promise<Stamped<readonly PositionReport[]>> {
    return this.#queries.positions(scope);
  }

  wallet(): Promise<WalletReport> {
    return this.#queries.wallet();
  }

  entries(): readonly Transport[] {
    const socket = this.#streams?.trade?.isUsable === true ? (['socket'] as const) : [];
    return this.#rest.gate.isShut ? socket : [...socket, 'http'];
  }

  probe(via: Transport): Promise<unknown> {
    const trade = this.#streams?.trade;
    return via === 'socket' && trade !== undefined ? trade.ping() : this.#rest.time.sample();
  }

  forceProbes(): void {
    this.#rest.gate.forceProbes();
  }

  async place(order: Approved<NewOrder>, via?: Transport): Promise<Ack> {
    return this.#enter('create', createParameters(order, this.#instruments.fitting(order)), via);
  }

  async amend(change: Approved<Amend>, via?: Transport): Promise<Ack> {
    const { symbol, clientOrderId, price, quantity } = change;
    const { tick, lot } = this.#instruments.fitting(change);
    const terms = { qty: formatSteps(quantity, lot), price: formatSteps(price, tick) };
    return this.#enter('amend', { ...refParameters({ symbol, clientOrderId }), ...terms }, via);
  }

  async cancel(order: OrderRef, via?: Transport): Promise<Ack> {
    return this.#enter('cancel', refParameters(order), via);
  }

  async connect(symbols: readonly string[], listener: (event: ExchangeEvent) => void): Promise<void> {
    assert(this.#streams === undefined, 'connected already');
    const { clock } = this.#options;
    this.#listener = listener;
    this.#instruments.pin(symbols);
    const instruments = symbols.map((symbol) => this.#instrument(symbol));
    await this.#rest.readTime();
    const awaited = awaitStreams(clock, this.#entersBySocket ? ['public', 'private', 'trade'] : ['public', 'private']);
    this.#awaited = awaited;
    this.#streams = this.#newStreams(instruments, (stream) => this.#awaited?.up(stream));
    this.#streams.public.start();
    this.#streams.private.start();
    this.#streams.trade?.start();
    try {
      await awaited.ready;
    } catch (error) {
      this.#stopStreams();
      throw error;
    } finally {
      this.#awaited = undefined;
    }
    this.#timers.push(every(clock, TIME_REFRESH_MS, () => this.#refreshTime()));
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    this.#awaited?.abandon(new ExchangeError('unavailable', 'not-applied', 'closed before the streams were up'));
    this.#stopStreams();
    for (const cancel of this.#timers) cancel();
    this.#rest.sender.close();
    await this.#options.wire.close();
  }

  #newStreams(instruments: readonly Instrument[], onUp: (stream: StreamName) => void): Streams {
    const { credentials } = this.#options;
    const emit = (event: ExchangeEvent): void => this.#listener?.(event);
    const onState =
      (stream: StreamName) =>
      (state: 'up' | 'down', reason: string): void => {
        emit({ type: 'stream', stream, state, reason: this.#redact(reason) });
        if (state === 'up') onUp(stream);
      };
    // A refused API key ends `connect` only; later refusals are retried like any lost connection.
    const onRefused = (error: ExchangeError): void => {
      if (error.kind === 'clock') this.#rest.time.refused();
      if (error.kind === 'auth') this.#awaited?.abandon(new ExchangeError('auth', 'not-applied', this.#redact(error.message), error));
    };
    const account = { credentials, serverTime: this.#serverTime, onRefused };
    return {
      public: new PublicStream({ ...this.#socket('public', '/v5/public/linear'), instruments, emit, onState: onState('public') }),
      private: new PrivateStream({
        ...this.#socket('private', '/v5/private'),
        ...account,
        keepsOrdersAlive: this.#isDisconnectArmed,
        instrument: (symbol) => this.#instruments.known(symbol),
        isForeign: (symbol) => this.#instruments.isForeign(symbol),
        odd: this.#odd,
        positions: this.#positions,
        emit,
        onState: onState('private'),
      }),
      trade: this.#entersBySocket ? this.#newTradeSocket(account, onState('trade')) : undefined,
    };
  }

  #newTradeSocket(account: Pick<TradeSocketParts, 'credentials' | 'serverTime' | 'onRefused'>, onState: StreamState): TradeSocket {
    const { recvWindowMs, requestTimeoutMs } = this.#options;
    return new TradeSocket({
      ...this.#socket('trade', '/v5/trade'),
      ...account,
      recvWindowMs,
      requestTimeoutMs,
      onLimit: (observation) => this.#limit(observation),
      onAnswered: (error) => this.#listener?.({ type: 'answered', via: 'socket', error }),
      onState,
      onClockWrong: () => this.#rest.time.refused(),
      redact: this.#redact,
    });
  }

  #socket(name: StreamName, path: string): SocketParts {
    const { wire, clock, random, wsUrl, publicWsUrl = wsUrl } = this.#options;
    return { wire, clock, random: random.fork(name), url: `${name === 'public' ? publicWsUrl : wsUrl}${path}` };
  }

  /** Changes an account setting; false when it is not available to this account. */
  async #granted(path: string, parameters: JsonObject): Promise<boolean> {
    try {
      await this.#rest.postSafely(path, parameters);
      return true;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const isOfAccount = error.kind === 'auth' && error.concern === 'account';
      const isRefused = error.kind === 'rejected' || error.retCode === NO_PERMISSION || isOfAccount;
      if (!isRefused) throw error;
      return false;
    }
  }

  get #entersBySocket(): boolean {
    return this.#options.orderEntry !== 'rest';
  }

  /** The transport is chosen before sending; a request that was sent is never sent again over the other transport. */
  async #enter(operation: TradeOperation, parameters: JsonObject, via: Transport = 'socket'): Promise<Ack> {
    const time = this.#rest.time.known(operation === 'cancel');
    if (time !== undefined) await time;
    const trade = this.#streams?.trade;
    if (via === 'socket' && trade?.isUsable === true) return trade.request(operation, parameters);
    const { result } = await this.#rest.post(`v5/order/${operation}`, parameters);
    return ackIn(result);
  }

  #instrument(symbol: string): Instrument {
    return defined(this.#instruments.known(symbol), `instrument ${symbol}`);
  }

  #heardOdd(row: OddRow): boolean {
    this.#listener?.({ type: 'oddRow', row });
    return this.#listener !== undefined;
  }

  #limit(observation: LimitObservation): void {
    this.#listener?.({ type: 'limit', observation });
  }

  #refreshTime(): void {
    // When the exchange cannot be reached, the old estimate stays.
    this.#rest.time.sample().catch(() => undefined);
  }

  #stopStreams(): void {
    this.#streams?.public.close();
    this.#streams?.private.close();
    this.#streams?.trade?.close();
    this.#streams = undefined;
  }
}
