import { textIn, type JsonObject } from '../../util/json.ts';
import { CATEGORIES, type OrderNews } from '../cancel-port.ts';
import { restingIn } from './cancel-calls.ts';
import { rowsIn, statusIn } from './codec.ts';
import type { ServerTime } from './server-time.ts';
import { authMessage, type Credentials } from './signature.ts';
import { SocketClient, type SocketParts } from './socket-client.ts';
import { AUTH_AHEAD_MS, authAnswer } from './stream-state.ts';

export interface OrderStreamParts extends SocketParts {
  readonly credentials: Credentials;
  readonly serverTime: ServerTime;
  readonly onNews: (news: OrderNews) => void;
}

/** Orders of every category and symbol as the account's private stream tells them, without any instrument being known. */
export class OrderStream {
  readonly #parts: OrderStreamParts;
  readonly #socket: SocketClient;

  constructor(parts: OrderStreamParts) {
    this.#parts = parts;
    this.#socket = new SocketClient(parts, {
      onOpen: () => this.#socket.send(authMessage(parts.credentials, parts.serverTime.now() + AUTH_AHEAD_MS)),
      onMessage: (message) => this.#received(message),
      onDown: () => undefined,
    });
  }

  start(): void {
    this.#socket.start();
  }

  close(): void {
    this.#socket.close();
  }

  #received(message: JsonObject): void {
    if (message['topic'] === 'order') return this.#rows(message);
    const auth = authAnswer(message);
    if (auth === 'accepted') return this.#socket.send({ op: 'subscribe', args: ['order'] });
    if (auth !== undefined) return this.#socket.restart(auth.message);
    if (message['op'] === 'subscribe' && message['success'] === true && !this.#socket.isReady) this.#socket.ready();
  }

  #rows(message: JsonObject): void {
    for (const row of rowsIn(message['data'], 'order')) {
      const category = CATEGORIES.find((known) => known === textIn(row['category']));
      if (category !== undefined) this.#parts.onNews({ order: restingIn(row, category), isOpen: statusIn(row) === 'open' });
    }
  }
}
