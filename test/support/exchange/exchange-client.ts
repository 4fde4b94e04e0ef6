import { sign } from '../../../src/simulator/bybit-api/signature.ts';
import { createEmbeddedExchange, type EmbeddedExchange, type EmbeddedExchangeOptions } from '../../../src/simulator/embedded-exchange.ts';
import type { SurfaceResponse } from '../../../src/simulator/bybit-api/surface.ts';
import { at } from '../../../src/util/array.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { objectIn, parseJson, listIn, type JsonObject } from '../../../src/util/json.ts';
import { Message } from '../../../src/util/message.ts';
import { seededRandom } from '../../../src/util/random.ts';

export const START = 1_767_225_600_000;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: JsonObject;
  readonly retCode: unknown;
  readonly result: JsonObject;
  readonly list: readonly JsonObject[];
}

/** One WebSocket to the surface, with all it was sent. */
export interface TestSocket {
  readonly messages: JsonObject[];
  readonly texts: string[];
  closedWith: string | undefined;
  send(message: object | string): void;
  close(): void;
  /** Those of a topic. */
  of(topic: string): JsonObject[];
}

/** An embedded exchange in virtual time, and a client that speaks its protocol. */
export interface TestExchange {
  readonly clock: VirtualClock;
  readonly embedded: EmbeddedExchange;
  /** Lets time pass. */
  readonly pass: (ms: number) => Promise<void>;
  readonly get: (path: string, query?: string, account?: number) => Promise<Reply>;
  readonly post: (path: string, body: object | string, account?: number) => Promise<Reply>;
  readonly http: (request: {
    method: string;
    path: string;
    query?: string;
    body?: string;
    headers?: Record<string, string>;
  }) => Promise<Reply>;
  readonly signedHeaders: (payload: string, account?: number, timestamp?: number, window?: string) => Record<string, string>;
  readonly connect: (path: string) => TestSocket;
  /** Private or trade socket, authenticated. */
  readonly authenticated: (path: string, account?: number) => Promise<TestSocket>;
}

export function testExchange(options: Partial<EmbeddedExchangeOptions> & { seed?: string } = {}): TestExchange {
  const clock = new VirtualClock(START);
  const random = seededRandom(options.seed ?? 'surface');
  const embedded = createEmbeddedExchange({ clock, random, symbols: ['BTCUSDT', 'ETHUSDT'], market: 'calm', accounts: 2, ...options });
  const keyOf = (account: number) => at(embedded.keys, account);
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  const signedHeaders = (payload: string, account = 0, timestamp = clock.now(), window = '5000'): Record<string, string> => {
    const { apiKey, secret } = keyOf(account);
    return {
      'x-bapi-api-key': apiKey,
      'x-bapi-timestamp': String(timestamp),
      'x-bapi-recv-window': window,
      'x-bapi-sign': sign(secret, `${timestamp}${apiKey}${window}${payload}`),
    };
  };
  const http: TestExchange['http'] = async ({ method, path, query = '', body = '', headers = {} }) =>
    replyOf(await clock.run(embedded.surface.http({ method, path, query, body, headers, address: 'test' })));
  const connect = (path: string): TestSocket => {
    const texts: string[] = [];
    const messages: JsonObject[] = [];
    const socket: TestSocket = {
      texts,
      messages,
      closedWith: undefined,
      send: (message) => connection?.message(new Message(typeof message === 'string' ? message : JSON.stringify(message))),
      close: () => connection?.closed(),
      of: (topic) => messages.filter((message) => message['topic'] === topic),
    };
    const connection = embedded.surface.connect(path, {
      send({ text }) {
        texts.push(text);
        messages.push(objectIn(parseJson(text)));
      },
      close(code, reason) {
        socket.closedWith = `${code} ${reason}`;
      },
    });
    return socket;
  };
  return {
    clock,
    embedded,
    pass,
    signedHeaders,
    http,
    connect,
    get: (path, query = '', account = 0) => http({ method: 'GET', path, query, headers: signedHeaders(query, account) }),
    post(path, given, account = 0) {
      const body = typeof given === 'string' ? given : JSON.stringify(given);
      return http({ method: 'POST', path, body, headers: signedHeaders(body, account) });
    },
    async authenticated(path, account = 0) {
      const socket = connect(path);
      const { apiKey, secret } = keyOf(account);
      const expires = clock.now() + 10_000;
      socket.send({ op: 'auth', args: [apiKey, expires, sign(secret, `GET/realtime${expires}`)] });
      await pass(500);
      return socket;
    },
  };
}

function replyOf({ status, headers, body }: SurfaceResponse): Reply {
  const json = objectIn(parseJson(body));
  const result = objectIn(json['result']);
  return { status, headers, body, json, retCode: json['retCode'], result, list: listIn(result['list']).map(objectIn) };
}
