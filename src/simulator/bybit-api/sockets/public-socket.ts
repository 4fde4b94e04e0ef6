import type { Cancel } from '../../../util/clock.ts';
import { listIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { PublicFeeds } from '../feeds/public-feeds.ts';
import type { Category } from '../params/params.ts';
import { echoed, type Protocol, type Socket } from './socket.ts';

/** Most topics of one request on spot. */
const MOST_SPOT_TOPICS = 10;

/** `/v5/public/linear` and `/v5/public/spot`: ping, subscribe, unsubscribe. */
export class PublicProtocol implements Protocol {
  readonly #socket: Socket;
  readonly #feeds: PublicFeeds;
  readonly #category: Category;
  readonly #subscriptions = new Map<string, Cancel>();

  constructor(socket: Socket, feeds: PublicFeeds, category: Category) {
    this.#socket = socket;
    this.#feeds = feeds;
    this.#category = category;
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

  /** Subscribes to all topics or to none. */
  #subscribe(message: JsonObject, topics: readonly string[]): void {
    if (this.#category === 'spot' && topics.length > MOST_SPOT_TOPICS)
      return this.#answer(message, 'subscribe', `args size >${MOST_SPOT_TOPICS}`);
    const unknown = topics.find((topic) => this.#feeds.feedOf(topic) === undefined);
    if (unknown !== undefined) return this.#answer(message, 'subscribe', `error:handler not found,topic:${unknown}`);
    this.#answer(message, 'subscribe', this.#category === 'spot' ? 'subscribe' : '', true);
    for (const topic of topics) {
      if (this.#subscriptions.has(topic)) continue;
      const cancel = this.#feeds.feedOf(topic)?.subscribe((message) => this.#socket.push(message));
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

  /** On contracts the answer has a `req_id` even if the request had none. */
  #answer(message: JsonObject, op: string, text: string, success = false): void {
    const id = this.#category === 'spot' ? echoed(message, 'req_id') : { req_id: textIn(message['req_id']) };
    this.#socket.send({ success, ret_msg: text, conn_id: this.#socket.id, ...id, op });
  }
}
