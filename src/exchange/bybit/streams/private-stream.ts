import type { Instrument } from '../../../model/instrument.ts';
import { numberIn, textIn, type JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { ExchangeEvent, OddRow } from '../../exchange.ts';
import { fillIn, fundingIn, orderReportIn, positionIn, rowsIn, walletIn } from '../codec/codec.ts';
import type { OffGrid } from '../codec/decimal-fields.ts';
import type { OddRows } from '../codec/odd-rows.ts';
import type { PositionLots } from '../codec/position-lots.ts';
import { newsIn } from '../codec/resting-rows.ts';
import { SETTLE_COIN } from '../settle-coins.ts';
import { loginSocket, type LoginParts } from './login.ts';
import type { SocketClient, StreamState } from './socket-client.ts';

const TOPICS = ['order', 'execution', 'position', 'wallet'];
/** A topic without messages: the exchange's cancel-on-disconnect watches the connections that subscribe to it. */
const ALIVE_TOPIC = 'dcp.future';

export interface PrivateStreamParts extends LoginParts {
  /** The exchange was requested to cancel the orders when this stream disconnects. */
  readonly keepsOrdersAlive: boolean;
  /** Undefined for symbols whose instrument was not loaded. */
  readonly instrument: (symbol: string) => Instrument | undefined;
  /** True when mmbot trades other symbols but not this one. */
  readonly isForeign: (symbol: string) => boolean;
  readonly odd: OddRows;
  readonly positions: PositionLots;
  readonly emit: (event: ExchangeEvent) => void;
  readonly onState: StreamState;
  readonly onRefused: (error: ExchangeError) => void;
}

/**
 * Orders, executions, positions and wallet of the account. There is no snapshot on subscribing and no replay after a reconnect: the
 * exchange's lists must be read after every `up`.
 */
export class PrivateStream {
  readonly #parts: PrivateStreamParts;
  readonly #socket: SocketClient;
  /** Number of subscriptions that wait for their confirmation. */
  #unconfirmed = 0;

  constructor(parts: PrivateStreamParts) {
    this.#parts = parts;
    this.#socket = loginSocket(parts, {
      onLogin: () => this.#subscribe(),
      onRefused: (error) => parts.onRefused(error),
      onMessage: (message) => this.#received(message),
      onDown: (reason) => parts.onState('down', reason),
    });
  }

  start(): void {
    this.#socket.start();
  }

  close(): void {
    this.#socket.close();
  }

  #received(message: JsonObject): void {
    const topic = message['topic'];
    if (typeof topic === 'string') return this.#rows(topic, message);
    if (message['op'] !== 'subscribe' || this.#socket.isReady) return;
    if (message['success'] !== true) return this.#socket.restart(`subscription refused: ${textIn(message['ret_msg'])}`);
    this.#unconfirmed -= 1;
    if (this.#unconfirmed > 0) return;
    this.#socket.ready();
    this.#parts.onState('up', '');
  }

  #subscribe(): void {
    const requests = [TOPICS, ...(this.#parts.keepsOrdersAlive ? [[ALIVE_TOPIC]] : [])];
    this.#unconfirmed = requests.length;
    for (const args of requests) this.#socket.send({ op: 'subscribe', req_id: args[0], args });
  }

  /** An unreadable row of a traded symbol restarts the connection, after which the lists are read again. */
  #rows(topic: string, message: JsonObject): void {
    if (!TOPICS.includes(topic)) return;
    const at = numberIn(message['creationTime']) ?? this.#parts.serverTime.now();
    for (const row of rowsIn(message['data'], topic)) {
      const event = this.#event(topic, row, at);
      // A report cannot express an unknown owner, so the order is also reported as `otherOrder`.
      const unowned = event?.type === 'order' && typeof row['orderLinkId'] !== 'string' ? otherOrder(topic, row) : undefined;
      if (unowned !== undefined) this.#parts.emit(unowned);
      if (event !== undefined) this.#parts.emit(event);
    }
  }

  /** An unreadable wallet row is skipped, because no order and no position depends on it. */
  #wallet(row: JsonObject, at: number): ExchangeEvent | undefined {
    try {
      return { type: 'wallet', report: walletIn(row, SETTLE_COIN), at };
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      this.#parts.odd.tell({ list: 'wallet', symbol: SETTLE_COIN, what: 'unreadable', detail: error.message });
      return undefined;
    }
  }

  #event(topic: string, row: JsonObject, at: number): ExchangeEvent | undefined {
    if (topic === 'wallet') return this.#wallet(row, at);
    const instrument = row['category'] === 'linear' ? this.#parts.instrument(textIn(row['symbol'])) : undefined;
    if (instrument === undefined) return otherOrder(topic, row);
    try {
      return this.#eventOf(topic, row, instrument, at);
    } catch (error) {
      const { isForeign, odd } = this.#parts;
      const { symbol } = instrument;
      if (!(error instanceof ExchangeError) || !isForeign(symbol)) throw error;
      const list = topic === 'order' || topic === 'position' ? topic : 'execution';
      odd.tell({ list, symbol, what: 'unreadable', detail: error.message });
      return otherOrder(topic, row);
    }
  }

  #eventOf(topic: string, row: JsonObject, instrument: Instrument, at: number): ExchangeEvent | undefined {
    const { odd, positions } = this.#parts;
    const { symbol } = instrument;
    const offGrid =
      (list: OddRow['list']): OffGrid =>
      (what, text) =>
        odd.tell({ list, symbol, what: 'off_grid', detail: `${what} ${text}` });
    if (topic === 'order') return { type: 'order', report: orderReportIn(row, instrument, offGrid('order')), at };
    if (topic === 'position') return positionEvent(row, instrument, positions, at);
    const fill = fillIn(row, instrument, offGrid('execution'));
    if (fill !== undefined) return { type: 'fill', fill, at };
    const payment = fundingIn(row, instrument);
    return payment === undefined ? undefined : { type: 'funding', payment, at };
  }
}

/** News of an order that may be mmbot's and may have to be canceled. */
function otherOrder(topic: string, row: JsonObject): ExchangeEvent | undefined {
  const isTelling = row['category'] === 'linear' && (topic === 'order' || topic === 'execution');
  const news = isTelling ? newsIn(topic, row) : undefined;
  return news === undefined ? undefined : { type: 'otherOrder', news };
}

/** Skipped in hedge mode, where one row is only the long or the short side. */
function positionEvent(row: JsonObject, instrument: Instrument, counted: PositionLots, at: number): ExchangeEvent | undefined {
  if ((numberIn(row['positionIdx']) ?? 0) !== 0) return undefined;
  return { type: 'position', report: positionIn(row, instrument, counted), at };
}
