import { sleep } from '../../../util/clock.ts';
import type { JsonObject } from '../../../util/json.ts';
import { ExchangeError } from '../../errors.ts';
import type { Ack } from '../../exchange.ts';
import { ackIn } from '../codec/codec.ts';
import type { Rest } from '../rest/rest.ts';
import { TradeSocket, type TradeSocketParts } from '../streams/trade-socket.ts';

/** After a ban or repeated failures, HTTP is not used for this long while the socket is usable. */
const REST_PAUSE_MS = 5000;
/** Lost responses in a row after which HTTP counts as dead. */
const LOST_IN_ROW = 3;
/** How long a single cancel waits for the socket to connect. */
const SOCKET_PATIENCE_MS = 2000;
const LOOK_MS = 20;

export interface CancelFailoverParts {
  readonly rest: Rest;
  readonly socket: Omit<TradeSocketParts, 'onState' | 'onRefused' | 'onClockWrong' | 'onAnswered'>;
  /** Awaited before a cancel that HTTP refused is sent over the socket. */
  readonly beforeResend: () => Promise<void>;
}

/** Sends single cancels over HTTP or, when that is banned or dead, over the trade socket. Sending a cancel twice does no harm. */
export class CancelFailover {
  readonly #parts: CancelFailoverParts;
  #socket: TradeSocket | undefined;
  /** When HTTP may be used again, monotonic. */
  #restFreeAt = Number.NEGATIVE_INFINITY;
  #lostInRow = 0;

  constructor(parts: CancelFailoverParts) {
    this.#parts = parts;
  }

  async cancel(parameters: JsonObject): Promise<Ack> {
    const { rest, socket } = this.#parts;
    const isPaused = rest.gate.isShut || socket.clock.monotonic() < this.#restFreeAt;
    if (this.#socket?.isUsable === true && isPaused) return this.#socket.request('cancel', parameters);
    try {
      const { result } = await rest.post('v5/order/cancel', parameters);
      this.#lostInRow = 0;
      return ackIn(result);
    } catch (error) {
      if (error instanceof ExchangeError) return this.#failed(parameters, error);
      throw error;
    }
  }

  /** Connects the trade socket, before it is needed. */
  openSocket(): TradeSocket {
    if (this.#socket !== undefined) return this.#socket;
    const { rest, socket } = this.#parts;
    const ignore = (): void => undefined;
    this.#socket = new TradeSocket({
      ...socket,
      onState: ignore,
      onRefused: ignore,
      onAnswered: ignore,
      onClockWrong: (refusal) => rest.time.refused(refusal),
    });
    this.#socket.start();
    return this.#socket;
  }

  close(): void {
    this.#socket?.close();
  }

  async #failed(parameters: JsonObject, error: ExchangeError): Promise<Ack> {
    const { clock } = this.#parts.socket;
    this.#lostInRow = error.kind === 'unavailable' ? this.#lostInRow + 1 : 0;
    const isDead = this.#lostInRow >= LOST_IN_ROW;
    if (error.kind === 'banned' || isDead) this.#restFreeAt = clock.monotonic() + REST_PAUSE_MS;
    if (isDead) this.openSocket();
    // A cancel that may have arrived is not resent at once: the next look shows whether that is necessary.
    if (error.kind !== 'banned') throw error;
    const socket = this.openSocket();
    for (let waited = 0; !socket.isUsable && waited < SOCKET_PATIENCE_MS; waited += LOOK_MS) await sleep(clock, LOOK_MS);
    if (!socket.isUsable) throw error;
    await this.#parts.beforeResend();
    return socket.request('cancel', parameters);
  }
}
