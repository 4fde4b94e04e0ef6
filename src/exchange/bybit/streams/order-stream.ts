import { textIn, type JsonObject } from '../../../util/json.ts';
import type { OrderListener } from '../../cancel-port.ts';
import { rowsIn } from '../codec/codec.ts';
import { newsIn } from '../codec/resting-rows.ts';
import { loginSocket, type LoginParts } from './login.ts';
import type { SocketClient } from './socket-client.ts';

export interface OrderStreamParts extends LoginParts {
  readonly listener: OrderListener;
}

const TOPICS = ['order', 'execution'] as const;

/** Orders and executions of every category and symbol from the account's private stream, without loading instruments. */
export class OrderStream {
  readonly #parts: OrderStreamParts;
  readonly #socket: SocketClient;

  constructor(parts: OrderStreamParts) {
    this.#parts = parts;
    this.#socket = loginSocket(parts, {
      onLogin: () => this.#socket.send({ op: 'subscribe', args: TOPICS }),
      onRefused: () => undefined,
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
    const topic = TOPICS.find((known) => textIn(message['topic']).startsWith(known));
    if (topic !== undefined) return this.#rows(topic, message);
    if (message['op'] !== 'subscribe' || this.#socket.isReady) return;
    if (message['success'] !== true) return this.#socket.restart('subscription refused');
    this.#socket.ready();
    this.#parts.listener.onState('up');
  }

  #rows(topic: 'order' | 'execution', message: JsonObject): void {
    for (const row of rowsIn(message['data'], topic)) {
      const news = newsIn(topic, row);
      if (news !== undefined) this.#parts.listener.onNews(news);
    }
  }
}
