import { numberIn, textIn, type JsonObject } from '../../util/json.ts';
import { CATEGORIES, type OrderListener } from '../cancel-port.ts';
import { rowsIn, statusIn } from './codec.ts';
import { restingIn } from './resting-rows.ts';
import type { ServerTime } from './server-time.ts';
import { authMessage, type Credentials } from './signature.ts';
import { SocketClient, type SocketParts } from './socket-client.ts';
import { AUTH_AHEAD_MS, authAnswer } from './stream-state.ts';

export interface OrderStreamParts extends SocketParts {
  readonly credentials: Credentials;
  readonly serverTime: ServerTime;
  readonly listener: OrderListener;
}

const TOPICS = ['order', 'execution'];

/** Orders and executions of every category and symbol as the account's private stream tells them, without any instrument being known. */
export class OrderStream {
  readonly #parts: OrderStreamParts;
  readonly #socket: SocketClient;

  constructor(parts: OrderStreamParts) {
    this.#parts = parts;
    this.#socket = new SocketClient(parts, {
      onOpen: () => this.#socket.send(authMessage(parts.credentials, parts.serverTime.now() + AUTH_AHEAD_MS)),
      onMessage: (message) => this.#received(message),
      onDown: () => parts.listener.onState('down'),
    });
  }

  start(): void {
    this.#socket.start();
  }

  close(): void {
    this.#socket.close();
  }

  #received(message: JsonObject): void {
    if (message['topic'] === 'order') return this.#orders(message);
    if (textIn(message['topic']).startsWith('execution')) return this.#executions(message);
    const auth = authAnswer(message);
    if (auth === 'accepted') return this.#socket.send({ op: 'subscribe', args: TOPICS });
    if (auth !== undefined) return this.#socket.restart(auth.message);
    if (message['op'] !== 'subscribe' || this.#socket.isReady) return;
    if (message['success'] !== true) return this.#socket.restart('subscription refused');
    this.#socket.ready();
    this.#parts.listener.onState('up');
  }

  #orders(message: JsonObject): void {
    for (const row of rowsIn(message['data'], 'order')) this.#tell(row, statusIn(row) === 'open');
  }

  /** What is executed in part is alive. */
  #executions(message: JsonObject): void {
    for (const row of rowsIn(message['data'], 'execution')) {
      const leaves = numberIn(row['leavesQty']);
      if (textIn(row['execType']) === 'Trade' && leaves !== undefined) this.#tell(row, leaves > 0);
    }
  }

  #tell(row: JsonObject, isOpen: boolean): void {
    const category = CATEGORIES.find((known) => known === textIn(row['category']));
    if (category !== undefined) this.#parts.listener.onNews({ order: restingIn(row, { category }), isOpen });
  }
}
