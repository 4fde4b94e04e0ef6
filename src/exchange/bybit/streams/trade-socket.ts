import type { Cancel } from '../../../util/clock.ts';
import { numberIn, objectIn, textIn, type JsonObject } from '../../../util/json.ts';
import { randomId } from '../../../util/random.ts';
import { ExchangeError } from '../../errors.ts';
import type { Ack, LimitObservation } from '../../exchange.ts';
import { ackIn } from '../codec/codec.ts';
import { BAN_MS, limitObservation } from '../codec/limits.ts';
import { codeIn, detailsOf, isRateLimit, RESTARTING_CODE, verdictOf } from '../codec/ret-codes.ts';
import type { ClockRefusal } from '../rest/time-sampler.ts';
import { loginSocket, type LoginParts } from './login.ts';
import type { SocketClient, StreamState } from './socket-client.ts';

export type TradeOperation = 'create' | 'amend' | 'cancel';

export interface TradeSocketParts extends LoginParts {
  readonly recvWindowMs: number;
  readonly requestTimeoutMs: number;
  readonly onLimit: (observation: LimitObservation) => void;
  /** Called with the outcome of every request; undefined: accepted. */
  readonly onAnswered: (error: ExchangeError | undefined) => void;
  readonly onState: StreamState;
  readonly onRefused: (error: ExchangeError) => void;
  readonly onClockWrong: (refusal: ClockRefusal) => void;
  /** Removes the credentials from a text. */
  readonly redact: (text: string) => string;
}

interface Pending {
  readonly operation: TradeOperation;
  /** Monotonic time. */
  readonly sentAt: number;
  readonly resolve: (ack: Ack) => void;
  readonly reject: (error: ExchangeError) => void;
  readonly cancelDeadline: Cancel;
}

/** Order entry over a WebSocket. Replies are matched to requests by ids that are never reused. */
export class TradeSocket {
  readonly #parts: TradeSocketParts;
  readonly #socket: SocketClient;
  readonly #pending = new Map<string, Pending>();
  readonly #idPrefix: string;
  #requests = 0;
  #bannedUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: TradeSocketParts) {
    this.#parts = parts;
    this.#idPrefix = randomId(parts.random, 8);
    const listener = {
      onLogin: () => this.#loggedIn(),
      onRefused: (error: ExchangeError) => parts.onRefused(error),
      onMessage: (message: JsonObject) => this.#replied(message),
      onDown: (reason: string) => this.#down(reason),
    };
    this.#socket = loginSocket(parts, listener, 'socket');
  }

  /** False while disconnected or banned. */
  get isUsable(): boolean {
    return this.#socket.isReady && this.#parts.clock.monotonic() >= this.#bannedUntil;
  }

  start(): void {
    this.#socket.start();
  }

  close(): void {
    this.#socket.close();
    this.#abandon('closed before the reply came');
  }

  /** Sends a ping; rejects with ExchangeError when no pong arrives in time. */
  ping(): Promise<void> {
    const { clock, requestTimeoutMs } = this.#parts;
    if (!this.isUsable) return Promise.reject(new ExchangeError('unavailable', 'not-applied', 'ping: the trade socket is not connected'));
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(requestTimeoutMs, () =>
        reject(new ExchangeError('unavailable', 'unknown', `ping: no pong within ${requestTimeoutMs} ms`)),
      );
      this.#socket.probe(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Rejects with ExchangeError; without a reply in time, or when the connection breaks, the outcome is unknown. */
  request(operation: TradeOperation, parameters: JsonObject): Promise<Ack> {
    const { clock, serverTime, recvWindowMs, requestTimeoutMs } = this.#parts;
    this.#requests += 1;
    const reqId = `${this.#idPrefix}-${this.#requests.toString(36)}`;
    return new Promise((resolve, reject) => {
      const cancelDeadline = clock.schedule(requestTimeoutMs, () => {
        this.#pending.delete(reqId);
        this.#reject(reject, unproven(operation, `no reply within ${requestTimeoutMs} ms`));
        // Tests whether the connection is lost too.
        this.#socket.probe();
      });
      this.#pending.set(reqId, { operation, sentAt: clock.monotonic(), resolve, reject, cancelDeadline });
      this.#socket.send({
        reqId,
        header: { 'X-BAPI-TIMESTAMP': String(serverTime.now()), 'X-BAPI-RECV-WINDOW': String(recvWindowMs) },
        op: `order.${operation}`,
        args: [parameters],
      });
    });
  }

  #loggedIn(): void {
    if (this.#socket.isReady) return;
    this.#socket.ready();
    this.#parts.onState('up', '');
  }

  /** A reply without an id, or after the deadline of its request, is ignored: its order is queried anyway. */
  #replied(message: JsonObject): void {
    const code = codeIn(message['retCode']);
    const reqId = textIn(message['reqId']);
    const pending = this.#pending.get(reqId);
    if (pending !== undefined && message['op'] === `order.${pending.operation}`) {
      this.#pending.delete(reqId);
      pending.cancelDeadline();
      this.#settle(pending, code, message);
    }
    if (code === RESTARTING_CODE) this.#socket.restart('the trade service restarts');
  }

  #settle({ operation, sentAt, resolve, reject }: Pending, code: number | undefined, message: JsonObject): void {
    const { clock, serverTime, onLimit, onClockWrong, redact } = this.#parts;
    if (code === undefined) return this.#reject(reject, unproven(operation, 'a reply without a code'));
    const verdict = verdictOf(code, operation === 'create' ? 'create' : 'other', 'socket');
    const isThrottled = verdict !== 'accepted' && verdict.kind === 'throttled';
    const now = serverTime.now();
    const limit = limitObservation(operation, objectIn(message['header']), isRateLimit(code), { sentAt, now });
    onLimit(limit);
    if (verdict === 'accepted') return this.#accept(message, resolve, reject);
    if (verdict.kind === 'clock') onClockWrong({ sentAt, time: numberIn(objectIn(message['header'])['Timenow']) });
    if (verdict.kind === 'banned') this.#bannedUntil = clock.monotonic() + BAN_MS.socket;
    const text = redact(`order.${operation}: ${code} ${textIn(message['retMsg'])}`);
    const details = { ...detailsOf(code), ...(isThrottled ? { resetAt: limit.resetAt } : {}) };
    this.#reject(reject, new ExchangeError(verdict.kind, verdict.outcome, text, details));
  }

  #accept(message: JsonObject, resolve: Pending['resolve'], reject: Pending['reject']): void {
    try {
      resolve(ackIn(message['data']));
      this.#parts.onAnswered(undefined);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      this.#reject(reject, error);
    }
  }

  #down(reason: string): void {
    this.#abandon(`the connection broke before the reply came: ${reason}`);
    this.#parts.onState('down', reason);
  }

  #abandon(reason: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { operation, reject, cancelDeadline } of pending) {
      cancelDeadline();
      this.#reject(reject, unproven(operation, reason));
    }
  }

  #reject(reject: Pending['reject'], error: ExchangeError): void {
    this.#parts.onAnswered(error);
    reject(error);
  }
}

function unproven(operation: TradeOperation, reason: string): ExchangeError {
  return new ExchangeError('unavailable', 'unknown', `order.${operation}: ${reason}`);
}
