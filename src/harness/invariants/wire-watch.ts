import type { Wire, WireRequest, WireResponse, WireSocket } from '../../exchange/bybit/wire/wire.ts';
import type { Clock } from '../../util/clock.ts';
import { listIn, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../../util/json.ts';
import type { Message } from '../../util/message.ts';
import type { Answered, Sent, SentOperation, SentOrder, StreamKind, WireFact } from './facts.ts';

const ORDER_PATH = /^\/v5\/order\/(create|amend|cancel)/;
const OPERATIONS: ReadonlyMap<string, SentOperation> = new Map([
  ['/v5/order/create', 'create'],
  ['/v5/order/create-batch', 'create'],
  ['/v5/order/amend', 'amend'],
  ['/v5/order/amend-batch', 'amend'],
  ['/v5/order/cancel', 'cancel'],
]);
/** The rate limit of the endpoint is exhausted. */
const RATE_LIMIT = 10006;
const CODE = /"retCode":\s*"?(-?\d+)/;
/** Number of unanswered requests of the trade socket that are remembered. */
const MOST_PENDING = 1000;

/**
 * Wraps a wire: `note` is called with everything that is sent and delivered, in that order and at that instant. It reads Bybit's messages
 * by itself, so that the adapter is not judged by its own words.
 */
export function watchedWire(wire: Wire, clock: Clock, note: (fact: WireFact) => void): Wire {
  return {
    request(request, signal) {
      const sent = sentOverRest(request);
      const sentAt = clock.monotonic();
      note(sent);
      const answer = wire.request(request, signal);
      const { path, operation, orders } = sent;
      const answered = (response: WireResponse | undefined): void => {
        const headers = objectIn(response?.headers);
        const outcome = response === undefined ? 'other' : outcomeIn(response.body);
        note({ type: 'answered', path, operation, orders, sentAt, outcome, resetInMs: resetIn(headers) });
      };
      answer.then(answered, () => answered(undefined));
      return answer;
    },
    open(url, listener) {
      const stream = streamOf(url);
      note({ type: 'socket', stream, state: 'dialed' });
      const trades = stream === 'trade' ? new TradeWatch(clock, note) : undefined;
      const socket = wire.open(url, {
        onOpen() {
          note({ type: 'socket', stream, state: 'open' });
          listener.onOpen();
        },
        onMessage(message) {
          trades?.received(message);
          listener.onMessage(message);
          if (stream === 'public') noteBook(objectIn(message.json), note);
        },
        onClose(reason) {
          note({ type: 'socket', stream, state: 'closed' });
          listener.onClose(reason);
        },
      });
      return trades === undefined ? socket : watchedSocket(socket, trades);
    },
    together: wire.together,
    close: () => wire.close(),
  };
}

function watchedSocket(socket: WireSocket, trades: TradeWatch): WireSocket {
  return {
    send(message) {
      trades.sending(message);
      socket.send(message);
    },
    close() {
      trades.closing();
      socket.close();
    },
  };
}

/** Matches requests and answers of one trade socket. */
class TradeWatch {
  readonly #clock: Clock;
  readonly #note: (fact: WireFact) => void;
  readonly #pending = new Map<string, { readonly sent: Sent; readonly sentAt: number }>();

  constructor(clock: Clock, note: (fact: WireFact) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  sending(sending: Message): void {
    const message = objectIn(sending.json);
    const op = textIn(message['op']);
    if (!op.startsWith('order.')) return;
    const path = `/v5/${op.replace('.', '/')}`;
    const sent: Sent = {
      type: 'sent',
      way: 'socket',
      path,
      operation: OPERATIONS.get(path),
      orders: ordersIn(objectIn(listIn(message['args'])[0])),
      ...stamp(objectIn(message['header'])),
    };
    this.#pending.set(textIn(message['reqId']), { sent, sentAt: this.#clock.monotonic() });
    if (this.#pending.size > MOST_PENDING)
      for (const oldest of this.#pending.keys()) {
        this.#pending.delete(oldest);
        break;
      }
    this.#note(sent);
  }

  /** By us: what was not answered yet is given up. */
  closing(): void {
    this.#pending.clear();
    this.#note({ type: 'socket', stream: 'trade', state: 'closed' });
  }

  received({ json }: Message): void {
    const reqId = textIn(json?.['reqId']);
    const pending = this.#pending.get(reqId);
    if (pending === undefined) return;
    this.#pending.delete(reqId);
    const { sent, sentAt } = pending;
    const { path, operation, orders } = sent;
    const outcome = outcomeOf(numberIn(json?.['retCode']));
    const header = outcome === 'rate limit' ? objectIn(json?.['header']) : {};
    this.#note({ type: 'answered', path, operation, orders, sentAt, outcome, resetInMs: resetIn(header) });
  }
}

function sentOverRest({ url, headers, body }: WireRequest): Sent {
  const path = /^[a-z]+:\/\/[^/]+([^?#]*)/.exec(url)?.[1] ?? '';
  const orders = ORDER_PATH.test(path) ? ordersIn(objectIn(parseJson(body))) : [];
  return { type: 'sent', way: 'rest', path, operation: OPERATIONS.get(path), orders, ...stamp(headers) };
}

function stamp(headers: JsonObject): Pick<Sent, 'timestamp' | 'recvWindowMs'> {
  const named = lowerCased(headers);
  return { timestamp: numberIn(named.get('x-bapi-timestamp')), recvWindowMs: numberIn(named.get('x-bapi-recv-window')) };
}

function resetIn(headers: JsonObject): number | undefined {
  const named = lowerCased(headers);
  const [resetAt, now] = [numberIn(named.get('x-bapi-limit-reset-timestamp')), numberIn(named.get('timenow'))];
  return resetAt === undefined || now === undefined ? undefined : resetAt - now;
}

function lowerCased(headers: JsonObject): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function outcomeIn(body: string): Answered['outcome'] {
  return outcomeOf(numberIn(CODE.exec(body.slice(0, 500))?.[1]));
}

function outcomeOf(code: number | undefined): Answered['outcome'] {
  return code === RATE_LIMIT ? 'rate limit' : code === 0 ? 'accepted' : 'other';
}

/** The order of a request, or those of a batch. */
function ordersIn(params: JsonObject): readonly SentOrder[] {
  const rows = params['request'] === undefined ? [params] : listIn(params['request']).map(objectIn);
  return rows.map((row) => ({
    symbol: textIn(row['symbol']),
    clientOrderId: textIn(row['orderLinkId']),
    orderId: textIn(row['orderId']),
    side: textIn(row['side']),
    price: textIn(row['price']),
    quantity: textIn(row['qty']),
    timeInForce: textIn(row['timeInForce']),
    postOnly: row['timeInForce'] === 'PostOnly',
  }));
}

const BOOK = 'orderbook.';

function noteBook(message: JsonObject, note: (fact: WireFact) => void): void {
  const topic = textIn(message['topic']);
  if (!topic.startsWith(BOOK)) return;
  const symbol = topic.slice(topic.indexOf('.', BOOK.length) + 1);
  const data = objectIn(message['data']);
  const update = numberIn(data['u']);
  const isWhole = message['type'] === 'snapshot' || update === 1;
  note({ type: 'book', symbol, isWhole, update, sequence: numberIn(data['seq']) });
}

function streamOf(url: string): StreamKind {
  return url.endsWith('/v5/private') ? 'private' : url.endsWith('/v5/trade') ? 'trade' : 'public';
}
