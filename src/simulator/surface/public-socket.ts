import type { Cancel } from '../../util/clock.ts';
import { listIn, textIn, type JsonObject } from '../../util/json.ts';
import type { PublicFeeds } from './public-feeds.ts';
import type { Protocol, Socket } from './socket.ts';

/** `/v5/public/linear`: ping, subscribe, unsubscribe. */
export class PublicProtocol implements Protocol {
  readonly #socket: Socket;
  readonly #feeds: PublicFeeds;
  readonly #subscriptions = new Map<string, Cancel>();

  constructor(socket: Socket, feeds: PublicFeeds) {
    this.#socket = socket;
    this.#feeds = feeds;
    socket.onEnd(() => {
      for (const cancel of this.#subscriptions.values()) cancel();
    });
  }

  receive(message: JsonObject | undefined): void {
    const topics = listIn(message?.['args']).map(textIn);
    const op = textIn(message?.['op']);
    if (message === undefined) this.#answer({}, '', 'error:invalid json');
    else if (op === 'ping') this.#answer(message, op, 'pong', true);
    else if (op === 'subscribe') this.#subscribe(message, topics);
    else if (op === 'unsubscribe') this.#unsubscribe(message, topics);
    else this.#answer(message, op, `error:unknown op,op:${op}`);
  }

  /** All topics or none. */
  #subscribe(message: JsonObject, topics: readonly string[]): void {
    const unknown = topics.find((topic) => this.#feeds.feedOf(topic) === undefined);
    if (unknown !== undefined) return this.#answer(message, 'subscribe', `error:handler not found,topic:${unknown}`);
    this.#answer(message, 'subscribe', '', true);
    for (const topic of topics) {
      if (this.#subscriptions.has(topic)) continue;
      const cancel = this.#feeds.feedOf(topic)?.subscribe((text) => this.#socket.push(text));
      if (cancel !== undefined) this.#subscriptions.set(topic, cancel);
    }
  }

  #unsubscribe(message: JsonObject, topics: readonly string[]): void {
    for (const topic of topics) {
      this.#subscriptions.get(topic)?.();
      this.#subscriptions.delete(topic);
    }
    this.#answer(message, 'unsubscribe', '', true);
  }

  #answer(message: JsonObject, op: string, text: string, success = false): void {
    this.#socket.send({ success, ret_msg: text, conn_id: this.#socket.id, req_id: textIn(message['req_id']), op });
  }
}
