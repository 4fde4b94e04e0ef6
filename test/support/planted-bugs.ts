import type { Exchange, ExchangeEvent } from '../../src/exchange/exchange.ts';
import type { Wire } from '../../src/exchange/bybit/wire/wire.ts';
import type { Journal, JournalRecord } from '../../src/execution/journal.ts';
import { lots, ticks } from '../../src/model/units.ts';
import { every, type VirtualClock } from '../../src/util/clock.ts';
import { objectIn, listIn, parseJson, textIn } from '../../src/util/json.ts';
import { Message } from '../../src/util/message.ts';
import { settingsOf, type VirtualSoak } from './bots/virtual-soak.ts';

type OrderMessage = {
  readonly header: Readonly<Record<string, string>>;
  readonly op: string;
  readonly args: readonly [Readonly<Record<string, unknown>>];
};

/** A request of the trade socket: its operation, and the same text with other terms, another header or both. */
export interface OrderText {
  readonly text: string;
  readonly op: string;
  readonly terms: Readonly<Record<string, unknown>>;
  with(change: {
    readonly terms?: Readonly<Record<string, unknown>>;
    readonly header?: Readonly<Record<string, string>>;
    readonly reqId?: string;
  }): string;
}

/** A wire with a bug in what it sends over the trade socket: `send` gets each order request instead of the socket. */
export function plantedWire(inner: Wire, plant: (order: OrderText, send: (text: string) => void) => void): Wire {
  return {
    request: (request, signal) => inner.request(request, signal),
    close: () => inner.close(),
    open(url, listener) {
      const socket = inner.open(url, listener);
      if (!url.endsWith('/v5/trade')) return socket;
      return {
        close: () => socket.close(),
        send(message) {
          const order = orderIn(message.text);
          if (order === undefined) socket.send(message);
          else plant(order, (each) => socket.send(new Message(each)));
        },
      };
    },
  };
}

/** A wire with a bug in what it hands over: `hand` gets each text of the public stream instead of the adapter. */
function plantedFeed(inner: Wire, plant: (text: string, hand: (text: string) => void) => void): Wire {
  return {
    request: (request, signal) => inner.request(request, signal),
    close: () => inner.close(),
    open(url, listener) {
      if (!url.endsWith('/v5/public/linear')) return inner.open(url, listener);
      return inner.open(url, {
        onOpen: () => listener.onOpen(),
        onClose: (reason) => listener.onClose(reason),
        onMessage: ({ text }) => plant(text, (each) => listener.onMessage(new Message(each))),
      });
    },
  };
}

/** A journal that writes what `plant` leaves of each record. */
export function plantedJournal(inner: Journal, plant: (record: JournalRecord) => JournalRecord | undefined): Journal {
  return {
    append: (...records) => inner.append(...records.map(plant).filter((record) => record !== undefined)),
    synced: () => inner.synced(),
    close: () => inner.close(),
  };
}

/** The adapter with some of its methods replaced. */
export function plantedExchange(inner: Exchange, methods: Partial<Exchange>): Exchange {
  return new Proxy(inner, {
    get(target, name) {
      const planted: unknown = Reflect.get(methods, name);
      if (planted !== undefined) return planted;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function orderIn(text: string): OrderText | undefined {
  const message = objectIn(parseJson(text));
  const op = textIn(message['op']);
  if (!op.startsWith('order.')) return undefined;
  const { header, args } = message as unknown as OrderMessage;
  const terms = objectIn(listIn(args)[0]);
  return {
    text,
    op,
    terms,
    with: (change) =>
      JSON.stringify({
        ...message,
        ...(change.reqId === undefined ? {} : { reqId: change.reqId }),
        header: { ...header, ...change.header },
        args: [{ ...terms, ...change.terms }],
      }),
  };
}

export function stampOf({ text }: OrderText): string {
  return /"X-BAPI-TIMESTAMP":"(\d+)"/.exec(text)?.[1] ?? '';
}

export function straggler(order: OrderText, clock: VirtualClock): string {
  const terms = { orderLinkId: `${String(order.terms['orderLinkId'])}late` };
  return order.with({ terms, header: { 'X-BAPI-TIMESTAMP': String(clock.now()) }, reqId: 'late' });
}

/** Repeats the last book, renumbered, when nothing comes. */
export function staleFeed(wire: Wire, clock: VirtualClock): Wire {
  let [update, template] = [0, ''];
  return plantedFeed(wire, (text, hand) => {
    if (!text.startsWith('{"topic":"orderbook')) return hand(text);
    if (template === '') every(clock, 200, () => hand(renumbered(template, (update += 1))));
    template = text.replace(/"type":"\w+"/, '"type":"delta"').replace(/"b":\[.*\],"a":\[.*\],"u"/, '"b":[],"a":[],"u"');
    update = text.includes('"snapshot"') ? Number(/"u":(\d+)/.exec(text)?.[1]) : update + 1;
    hand(renumbered(text, update));
  });
}

export function withoutGaps(wire: Wire): Wire {
  let update = 0;
  return plantedFeed(wire, (text, hand) => {
    if (!text.startsWith('{"topic":"orderbook')) return hand(text);
    update = text.includes('"snapshot"') ? Number(/"u":(\d+)/.exec(text)?.[1]) : update + 1;
    hand(renumbered(text, update));
  });
}

function renumbered(text: string, update: number): string {
  return text.replace(/"u":\d+/, `"u":${update}`);
}

/** Says that orders are canceled, and never asks for it. */
export function withoutCancels(exchange: Exchange): Exchange {
  let listen: (event: ExchangeEvent) => void = () => undefined;
  const seen = new Map<string, Extract<ExchangeEvent, { type: 'order' }>>();
  return plantedExchange(exchange, {
    connect(symbols, listener) {
      listen = listener;
      return exchange.connect(symbols, (event) => {
        if (event.type === 'order') seen.set(event.report.clientOrderId, event);
        listener(event);
      });
    },
    cancel({ clientOrderId }) {
      const event = seen.get(clientOrderId);
      if (event !== undefined)
        listen({ ...event, at: event.at + 1, report: { ...event.report, status: 'canceled', updatedAt: event.report.updatedAt + 1 } });
      return Promise.resolve({ clientOrderId, exchangeOrderId: '' });
    },
    cancelPort: { ...exchange.cancelPort, resting: async (scope) => ({ ...(await exchange.cancelPort.resting(scope)), value: [] }) },
  });
}

/** Reads every order one tick away from where it rests. */
export function atAnotherPrice(exchange: Exchange): Exchange {
  const moved = <T extends { readonly price: number }>(report: T): T => ({ ...report, price: ticks(report.price + 1) });
  return plantedExchange(exchange, {
    connect: (symbols, listener) =>
      exchange.connect(symbols, (event) => listener(event.type === 'order' ? { ...event, report: moved(event.report) } : event)),
    async openOrders(scope) {
      const list = await exchange.openOrders(scope);
      return { ...list, value: list.value.map(moved) };
    },
  });
}

/** No source tells of a fill: what was filled seems canceled. */
export function unseenFills(): Partial<VirtualSoak> {
  const settings = settingsOf('s1', {
    'risk.maxPositionUsd': 1500,
    'risk.maxOrderUsd': 400,
    'quoting.levels': 6,
    'quoting.orderSizeUsd': 380,
    'quoting.maxDeltaRatio': 1,
    'risk.hardInventoryRatio': 1,
    'risk.softInventoryRatio': 1,
  });
  return {
    settings,
    market: 'toxic',
    durationMs: 15_000,
    between: (exchange) =>
      plantedExchange(exchange, {
        connect: (symbols, listener) =>
          exchange.connect(symbols, (event) => {
            if (event.type === 'order')
              listener({
                ...event,
                report: { ...event.report, status: event.report.status === 'filled' ? 'canceled' : event.report.status, filled: lots(0) },
              });
            else if (event.type !== 'fill' && event.type !== 'position' && event.type !== 'wallet') listener(event);
          }),
        fills: async (scope) => ({ ...(await exchange.fills(scope)), value: [] }),
        positions: async () => ({ ...(await exchange.positions()), value: [] }),
      }),
  };
}

/** Tells nobody what the exchange says of its limits. */
export function heedless(exchange: Exchange): Exchange {
  return plantedExchange(exchange, {
    connect: (symbols, listener) =>
      exchange.connect(symbols, (event) => {
        if (event.type !== 'limit' && event.type !== 'answered') listener(event);
      }),
  });
}
