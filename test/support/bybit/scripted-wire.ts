import type { Wire, WireRequest, WireResponse, WireSocketListener } from '../../../src/exchange/bybit/wire/wire.ts';
import type { JsonObject } from '../../../src/util/json.ts';
import { Message } from '../../../src/util/message.ts';

/** One WebSocket that the code under test opened. */
export interface ScriptedSocket {
  readonly url: string;
  readonly openedAt: number;
  /** What it was sent, read. */
  readonly sent: JsonObject[];
  readonly isClosed: boolean;
  /** Says that the connection is up. */
  open(): void;
  say(message: object | string): void;
  /** The server closes the connection. */
  drop(reason?: string): void;
}

export type Script = (request: WireRequest, signal: AbortSignal | undefined) => Promise<Partial<WireResponse>> | Partial<WireResponse>;

/** A wire whose far end is written in the test: it says what the test says and nothing else. */
export interface ScriptedWire extends Wire {
  readonly requests: WireRequest[];
  readonly sockets: ScriptedSocket[];
  /** Of the sockets to this path, the newest. */
  socket(path: string): ScriptedSocket;
  isClosed: boolean;
}

/** `now`: for `openedAt`. `onOpen`: sees every socket that is opened, at once. */
export function scriptedWire(
  now: () => number,
  script: Script,
  onSocket: (socket: ScriptedSocket) => void = () => undefined,
): ScriptedWire {
  const requests: WireRequest[] = [];
  const sockets: ScriptedSocket[] = [];
  return {
    requests,
    sockets,
    isClosed: false,
    socket(path) {
      const found = sockets.findLast(({ url }) => url.endsWith(path));
      if (found === undefined) throw new Error(`no socket to ${path}`);
      return found;
    },
    async request(request, signal) {
      requests.push(request);
      const response = await script(request, signal);
      return { status: 200, statusText: 'OK', headers: {}, body: '', ...response };
    },
    open(url, listener) {
      const socket = scriptedSocket(url, now(), listener);
      sockets.push(socket);
      onSocket(socket);
      return { send: ({ json }) => socket.receive(json), close: () => socket.drop('closed by us') };
    },
    close() {
      this.isClosed = true;
      return Promise.resolve();
    },
  };
}

function scriptedSocket(
  url: string,
  openedAt: number,
  listener: WireSocketListener,
): ScriptedSocket & { receive(message: JsonObject | undefined): void } {
  const sent: JsonObject[] = [];
  let isClosed = false;
  return {
    url,
    openedAt,
    sent,
    get isClosed() {
      return isClosed;
    },
    receive(message) {
      if (!isClosed && message !== undefined) sent.push(message);
    },
    open: () => listener.onOpen(),
    say: (message) => listener.onMessage(new Message(typeof message === 'string' ? message : JSON.stringify(message))),
    drop(reason = 'dropped') {
      if (isClosed) return;
      isClosed = true;
      listener.onClose(reason);
    },
  };
}

/** A v5 answer. */
export function answer(result: object, envelope: object = {}): Partial<WireResponse> {
  return { body: JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: 1_700_000_000_000, ...envelope }) };
}
