import type { Wire, WireRequest, WireResponse, WireSocket, WireSocketListener } from '../../../src/exchange/bybit/wire/wire.ts';
import { isObject, listIn, objectIn, parseJson, textIn, type JsonObject } from '../../../src/util/json.ts';
import { Message } from '../../../src/util/message.ts';
import type { Hostility } from './hostility.ts';
import type { Call, Frame, Operation, SocketName } from './kind.ts';

/** Sees what the client sends and what really reaches it, damage included. */
export interface Witness {
  sends(operation: Operation): void;
  hearsAnswer(path: string, body: unknown): void;
  hearsReply(operation: Operation, reply: JsonObject): void;
  hearsRows(topic: string, rows: readonly JsonObject[]): void;
}

const OPERATION = /^v5\/order\/(create|amend|cancel|cancel-all|cancel-batch)$/;

/** The wire of one client, with the damage of the session dealt on it. */
export function hostileWire(inner: Wire, hostility: Hostility, witness: Witness): Wire {
  const connections = new Set<Connection>();
  const client = {
    say(socket: SocketName, message: JsonObject): void {
      for (const connection of connections) if (connection.name === socket) connection.deliver(JSON.stringify(message));
    },
    cut(socket: SocketName): void {
      for (const connection of connections) if (connection.name === socket) connection.cut();
    },
  };
  hostility.join(client);
  return {
    request: (request, signal) => requested(inner, hostility, witness, request, signal),
    open(url, listener) {
      const connection = new Connection(inner, hostility, witness, url, listener, () => connections.delete(connection));
      connections.add(connection);
      connection.open();
      return connection;
    },
    close() {
      hostility.leave(client);
      return inner.close();
    },
  };
}

async function requested(
  inner: Wire,
  hostility: Hostility,
  witness: Witness,
  request: WireRequest,
  signal: AbortSignal | undefined,
): Promise<WireResponse> {
  const call = callOf(request);
  const operation = operationOf(call);
  if (operation !== undefined) witness.sends(operation);
  let next = (): Promise<WireResponse> => inner.request(request);
  if (operation !== undefined) {
    const strikes = hostility.striking('operation', operation);
    const send = next;
    if (strikes.length > 0)
      next = async () => {
        let first: WireResponse | undefined;
        let ask = async (): Promise<JsonObject | undefined> => {
          first = await send();
          return objectIn(parseJson(first.body));
        };
        for (const kind of strikes) {
          const before = ask;
          ask = () => kind.deal(before, hostility.tools(kind), operation);
        }
        const answer = await ask();
        if (answer === undefined) return new Promise(() => undefined);
        return { status: first?.status ?? 200, statusText: '', headers: first?.headers ?? {}, body: JSON.stringify(answer) };
      };
  }
  const changed = hostility.striking('answer', call);
  if (changed.length > 0) {
    const send = next;
    next = async () => {
      const response = await send();
      const body = parseJson(response.body);
      if (!isObject(body) || body['retCode'] !== 0) return response;
      let answer: JsonObject = body;
      for (const kind of changed) answer = kind.deal(answer, hostility.tools(kind), call);
      return { ...response, body: JSON.stringify(answer) };
    };
  }
  for (const kind of hostility.striking('call', call)) {
    const send = next;
    next = () => kind.deal(send, hostility.tools(kind), call);
  }
  const answer = await unlessAborted(next(), signal);
  witness.hearsAnswer(call.path, parseJson(answer.body));
  if (operation !== undefined) witness.hearsReply(operation, objectIn(parseJson(answer.body)));
  return answer;
}

function unlessAborted(work: Promise<WireResponse>, signal: AbortSignal | undefined): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const drop = (): void => reject(new Error('request aborted'));
    if (signal?.aborted === true) drop();
    signal?.addEventListener('abort', drop, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', drop));
  });
}

function callOf(request: WireRequest): Call {
  const [, path = '', query = ''] = /^[a-z]+:\/\/[^/]+\/([^?]*)\??(.*)$/.exec(request.url) ?? [];
  const parameters = request.method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : objectIn(parseJson(request.body));
  return { request, path, parameters };
}

function operationOf({ path, parameters }: Call): Operation | undefined {
  const name = OPERATION.exec(path)?.[1] as Operation['name'] | undefined;
  if (name === undefined) return undefined;
  return { name, parameters, answer: (retCode, retMsg, result = {}) => ({ retCode, retMsg, result, retExtInfo: {}, time: 0 }) };
}

class Connection implements WireSocket {
  readonly name: SocketName;
  readonly #inner: Wire;
  readonly #hostility: Hostility;
  readonly #witness: Witness;
  readonly #url: string;
  readonly #listener: WireSocketListener;
  readonly #onEnd: () => void;
  readonly #replies = new Map<string, (reply: JsonObject) => void>();
  #socket: WireSocket | undefined;
  #isDeaf = false;
  #isOver = false;

  constructor(inner: Wire, hostility: Hostility, witness: Witness, url: string, listener: WireSocketListener, onEnd: () => void) {
    this.name = url.includes('/v5/trade') ? 'trade' : url.includes('/v5/private') ? 'private' : 'public';
    this.#inner = inner;
    this.#hostility = hostility;
    this.#witness = witness;
    this.#url = url;
    this.#listener = listener;
    this.#onEnd = onEnd;
  }

  open(): void {
    const { clock } = this.#hostility;
    for (const kind of this.#hostility.striking('open', this.name)) {
      const what = kind.deal(this.#hostility.tools(kind));
      if (what === 'refused') return void clock.schedule(0, () => this.#ended('connection refused'));
      clock.schedule(what, () => {
        this.#isDeaf = true;
      });
    }
    this.#socket = this.#inner.open(this.#url, {
      onOpen: () => {
        if (!this.#isDeaf && !this.#isOver) this.#listener.onOpen();
      },
      onMessage: ({ text }) => this.#received(text),
      onClose: (reason) => {
        if (!this.#isDeaf) this.#ended(reason);
      },
    });
  }

  send(sent: Message): void {
    const message = objectIn(sent.json);
    const [, name] = /^order\.(create|amend|cancel)$/.exec(textIn(message['op'])) ?? [];
    if (name === undefined) return this.#out(sent);
    this.#operate(name as Operation['name'], message, sent);
  }

  close(): void {
    this.#socket?.close();
    // Half-open: the far end says nothing, not even this.
    if (this.#isDeaf) this.#hostility.clock.schedule(0, () => this.#ended('closed by the client'));
  }

  cut(): void {
    this.#socket?.close();
    this.#ended('cut');
  }

  deliver(text: string): void {
    if (this.#isDeaf || this.#isOver) return;
    const message = new Message(text);
    const { json } = message;
    if (this.name === 'private' && json !== undefined) this.#witness.hearsRows(textIn(json['topic']), listIn(json['data']).map(objectIn));
    this.#listener.onMessage(message);
  }

  #out(message: Message): void {
    if (!this.#isDeaf) this.#socket?.send(message);
  }

  #operate(name: Operation['name'], message: JsonObject, sent: Message): void {
    const reqId = textIn(message['reqId']);
    const operation: Operation = {
      name,
      parameters: objectIn(listIn(message['args'])[0]),
      answer: (retCode, retMsg, data = {}) => ({
        reqId,
        retCode,
        retMsg,
        op: message['op'],
        data,
        retExtInfo: {},
        header: {},
        connId: 'x',
      }),
    };
    this.#witness.sends(operation);
    let ask = (): Promise<JsonObject | undefined> =>
      new Promise((resolve) => {
        this.#replies.set(reqId, resolve);
        this.#out(sent);
      });
    for (const kind of this.#hostility.striking('operation', operation)) {
      const before = ask;
      ask = () => kind.deal(before, this.#hostility.tools(kind), operation);
    }
    void ask().then(
      (reply) => {
        if (reply === undefined) return;
        if (!this.#isDeaf && !this.#isOver) this.#witness.hearsReply(operation, reply);
        this.#frame({ socket: this.name, text: JSON.stringify(reply), topic: '' });
      },
      () => undefined,
    );
  }

  #received(text: string): void {
    if (this.name === 'public') return this.#frame({ socket: this.name, text, topic: /^\{"topic":"([^"]*)"/.exec(text)?.[1] ?? '' });
    const message = objectIn(parseJson(text));
    const reply = this.#replies.get(textIn(message['reqId']));
    if (reply !== undefined) {
      this.#replies.delete(textIn(message['reqId']));
      return reply(message);
    }
    const topic = textIn(message['topic']);
    if (topic !== '') this.#hostility.remember(topic, listIn(message['data']).map(objectIn));
    return this.#frame({ socket: this.name, text, topic });
  }

  #frame(frame: Frame): void {
    let pass = (text: string): void => this.deliver(text);
    for (const kind of this.#hostility.striking('frame', frame)) {
      const before = pass;
      pass = (text) => kind.deal((other = text) => before(other), this.#hostility.tools(kind), { ...frame, text });
    }
    pass(frame.text);
  }

  #ended(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    this.#listener.onClose(reason);
  }
}
