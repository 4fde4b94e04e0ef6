import type { Cancel, Clock } from '../../../util/clock.ts';
import { listIn, textIn, type JsonObject } from '../../../util/json.ts';
import type { AccountId } from '../../venue/account-state.ts';
import type { DisconnectProtection } from '../dcp.ts';
import type { KeyRing } from '../keys.ts';
import { privateTopicOf, type PrivateStreams, type PrivateTopic } from './private-streams.ts';
import type { Refusal } from '../routes/replies.ts';
import { authenticateSocket } from '../signature.ts';
import { echoed, type Protocol, type Socket } from './socket.ts';

export interface PrivateParts {
  readonly streams: PrivateStreams;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly protection: DisconnectProtection;
}

/** `/v5/private`: auth first, then topics. A failed auth ends the connection. */
export class PrivateProtocol implements Protocol {
  readonly #socket: Socket;
  readonly #streams: PrivateStreams;
  readonly #keys: KeyRing;
  readonly #clock: Clock;
  readonly #protection: DisconnectProtection;
  readonly #subscriptions = new Map<string, Cancel>();
  #account: AccountId | undefined;

  constructor(socket: Socket, { streams, keys, clock, protection }: PrivateParts) {
    this.#socket = socket;
    this.#streams = streams;
    this.#keys = keys;
    this.#clock = clock;
    this.#protection = protection;
    socket.onEnd(() => {
      for (const cancel of this.#subscriptions.values()) cancel();
    });
  }

  receive(message: JsonObject | undefined): void {
    const op = textIn(message?.['op']);
    if (message === undefined) this.#answer({}, '', 'error:invalid json');
    else if (op === 'ping') this.#pong(message);
    else if (op === 'auth') this.#auth(message);
    else if (op === 'subscribe') this.#subscribe(message);
    else if (op === 'unsubscribe') this.#unsubscribe(message);
    else this.#answer(message, op, `error:unknown op,op:${op}`);
  }

  #pong(message: JsonObject): void {
    this.#socket.send({ ...echoed(message, 'req_id'), op: 'pong', args: [String(this.#clock.now())], conn_id: this.#socket.id });
  }

  #auth(message: JsonObject): void {
    const owner = authenticateSocket(listIn(message['args']), this.#keys, this.#clock.now());
    if (!owner.ok) return this.#refuse(message, owner);
    this.#account = owner.account;
    this.#answer(message, 'auth', '', true);
  }

  #refuse(message: JsonObject, { code, message: text }: Refusal): void {
    this.#socket.send({ success: false, ...echoed(message, 'req_id'), op: 'auth', retCode: code, retMsg: text, connId: this.#socket.id });
    this.#socket.close(1000, 'auth failed');
  }

  /** Subscribes to all topics or to none. */
  #subscribe(message: JsonObject): void {
    const names = listIn(message['args']).map(textIn);
    const topics = names.flatMap((name) => privateTopicOf(name) ?? []);
    const account = this.#account;
    if (account === undefined) return this.#answer(message, 'subscribe', 'error:not authorized');
    const unknown = names.find((name) => privateTopicOf(name) === undefined);
    if (unknown !== undefined) return this.#answer(message, 'subscribe', `error:handler not found,topic:${unknown}`);
    if (isMixed(topics)) return this.#answer(message, 'subscribe', 'error:all-in-one and categorised topics cannot share a request');
    this.#answer(message, 'subscribe', '', true);
    for (const topic of topics) {
      if (this.#subscriptions.has(topic.name)) continue;
      const unsubscribe = this.#streams.subscribe(account, topic, (message) => this.#socket.push(message));
      const unprotect = this.#protection.subscribed(account, topic.name);
      this.#subscriptions.set(topic.name, () => {
        unsubscribe();
        unprotect();
      });
    }
  }

  #unsubscribe(message: JsonObject): void {
    for (const name of listIn(message['args']).map(textIn)) {
      this.#subscriptions.get(name)?.();
      this.#subscriptions.delete(name);
    }
    this.#answer(message, 'unsubscribe', '', true);
  }

  #answer(message: JsonObject, op: string, text: string, success = false): void {
    this.#socket.send({ success, ret_msg: text, op, conn_id: this.#socket.id, ...echoed(message, 'req_id') });
  }
}

function isMixed(topics: readonly PrivateTopic[]): boolean {
  const categorised = topics.filter(({ category }) => category !== undefined).length;
  return categorised > 0 && categorised < topics.length;
}
