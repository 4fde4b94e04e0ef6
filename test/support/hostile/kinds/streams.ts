import { listIn, objectIn, parseJson, textIn, type JsonObject } from '../../../../src/util/json.ts';
import { randomInt } from '../../../../src/util/random.ts';
import type { DealFrame, DealOpen, Frame, Kind, SocketName, Tools } from '../kind.ts';
import { damagedNumber, NUMBERS } from './numbers.ts';

/** What the sockets bring, and the sockets themselves. */
const PRIVATE = ['order', 'execution', 'position', 'wallet'];

function frame(at: (frame: Frame) => boolean, name: string, does: string, deal: DealFrame, more: Partial<Kind> = {}): Kind {
  return { name, group: 'streams', does, ...more, deals: 'frame', at, deal };
}

const topic =
  (...names: readonly string[]) =>
  (one: Frame): boolean =>
    one.socket === 'private' && names.includes(one.topic);
const book = (one: Frame): boolean => one.topic.startsWith('orderbook.');
const ticker = (one: Frame): boolean => one.topic.startsWith('tickers.');

const drop: DealFrame = () => undefined;
const after =
  (least: number, most: number): DealFrame =>
  (pass, tools) =>
    void tools.clock.schedule(tools.between(least, most), () => pass());
const changed =
  (change: (row: JsonObject, tools: Tools) => JsonObject): DealFrame =>
  (pass, tools, { text }) => {
    const message = objectIn(parseJson(text));
    pass(JSON.stringify({ ...message, data: listIn(message['data']).map((row) => change(objectIn(row), tools)) }));
  };
const bookRow =
  (change: (data: JsonObject) => JsonObject): DealFrame =>
  (pass, _, { text }) => {
    const message = objectIn(parseJson(text));
    pass(JSON.stringify({ ...message, data: change(objectIn(message['data'])) }));
  };

/** An old row, again. */
const replay =
  (name: string): DealFrame =>
  (pass, tools, { text }) => {
    pass();
    const past = tools.past(name);
    const row = past[randomInt(tools.random, Math.max(1, past.length))];
    if (row !== undefined)
      tools.clock.schedule(tools.between(0, 3000), () => tools.say('private', { ...objectIn(parseJson(text)), data: [row] }));
  };

const CLOSED_BY_THE_EXCHANGE = 'the order stream itself says that the order is closed: its place is free by the exchange’s own word';

const PRIVATE_EVENTS: readonly Kind[] = [
  frame(topic('order'), 'order-topic-lost', 'the order topic is left out, alone', drop, { rates: [1], blinds: ['orderStream'] }),
  frame(topic('execution'), 'execution-topic-lost', 'the execution topic is left out, alone', drop, {
    rates: [1],
    blinds: ['executionStream'],
  }),
  frame(topic('position'), 'position-topic-lost', 'the position topic is left out, alone', drop, {
    rates: [1],
    blinds: ['positionStream'],
  }),
  frame(topic('wallet'), 'wallet-topic-lost', 'the wallet topic is left out, alone', drop, { rates: [1] }),
  frame(
    topic('wallet'),
    'wallet-empty',
    'the wallet has no coin',
    changed((row) => ({ ...row, coin: [] })),
  ),
  frame(topic(...PRIVATE), 'private-events-lost', 'some events of the account are lost', drop, {
    rates: [0.1, 0.3, 1],
    blinds: ['orderStream', 'executionStream', 'positionStream'],
  }),
  frame(topic('order'), 'order-events-lost', 'some order events are lost', drop, { rates: [0.1, 0.3], blinds: ['orderStream'] }),
  frame(topic('execution'), 'execution-events-lost', 'some executions are lost', drop, { rates: [0.1, 0.3], blinds: ['executionStream'] }),
  frame(topic(...PRIVATE), 'private-events-twice', 'events come twice', (pass) => {
    pass();
    pass();
  }),
  frame(topic('order'), 'order-events-replayed', 'old order events come again', replay('order'), {
    excuses: { limit: 'an old event of closing names an order that has moved on' },
  }),
  frame(topic('execution'), 'executions-replayed', 'old executions come again', replay('execution')),
  frame(topic('position'), 'positions-replayed', 'old positions come again', replay('position'), { blinds: ['positionStream'] }),
  frame(topic(...PRIVATE), 'private-events-slow', 'events come up to 2 s later, in another order', after(0, 2000)),
  frame(topic(...PRIVATE), 'private-events-late', 'events come 2 to 20 s later', after(2000, 20_000), { rates: [0.1, 0.3] }),
  frame(topic('execution'), 'executions-late-alone', 'executions come 1 to 10 s after their orders', after(1000, 10_000)),
  frame(topic('order'), 'orders-late-alone', 'order events come 1 to 10 s after everything else', after(1000, 10_000)),
  frame(
    topic(...PRIVATE),
    'private-frame-truncated',
    'a frame ends in its middle',
    (pass, { random }, { text }) => pass(text.slice(0, Math.floor(text.length * random.uniform()))),
    { rates: [0.03, 0.1] },
  ),
  frame(topic(...PRIVATE), 'private-frame-garbage', 'a frame is no JSON', (pass) => pass('<html>'), { rates: [0.03, 0.1] }),
  frame(topic(...PRIVATE), 'private-frame-array', 'a frame is a JSON list', (pass) => pass('[{}]'), { rates: [0.03, 0.1] }),
  frame(
    topic(...PRIVATE),
    'private-frame-huge',
    'a frame of 2 MB',
    (pass, _, { text }) => pass(text.replace(/\}$/, `,"padding":"${'x'.repeat(2_000_000)}"}`)),
    { rates: [0.03] },
  ),
  frame(
    topic(...PRIVATE),
    'private-data-missing',
    'a frame without its rows',
    (pass, _, { text }) => {
      const { data: _data, ...message } = objectIn(parseJson(text));
      pass(JSON.stringify(message));
    },
    { rates: [0.03, 0.1] },
  ),
  frame(
    topic(...PRIVATE),
    'private-row-numbers',
    'a number in a row of the stream cannot be read',
    changed((row, tools) => {
      const [, , change] = NUMBERS[randomInt(tools.random, 4)] ?? NUMBERS[0] ?? [];
      return change === undefined ? row : damagedNumber(row, tools, change);
    }),
    { rates: [0.03, 0.1] },
  ),
  frame(
    topic('order'),
    'private-status-unknown',
    'an order event with a status that no table has',
    changed((row) => ({ ...row, orderStatus: 'constructor' })),
    { rates: [0.03, 0.1, 0.3], blinds: ['orderStream'] },
  ),
  frame(
    topic('order', 'execution', 'position'),
    'private-symbol-unknown',
    'events of a symbol that no longer exists',
    (pass, _, { text }) => {
      pass();
      const message = objectIn(parseJson(text));
      pass(JSON.stringify({ ...message, data: listIn(message['data']).map((row) => ({ ...objectIn(row), symbol: 'LUNAUSDT' })) }));
    },
  ),
  frame(
    topic('order'),
    'order-forged-canceled',
    'the stream says Cancelled of an order that rests',
    changed((row) => (textIn(row['orderStatus']) === 'New' ? { ...row, orderStatus: 'Cancelled', leavesQty: '0' } : row)),
    {
      rates: [0.03, 0.1],
      excuses: { limit: CLOSED_BY_THE_EXCHANGE, doubleSend: CLOSED_BY_THE_EXCHANGE },
      blinds: ['orderStream'],
    },
  ),
  frame(
    topic('order'),
    'order-forged-filled',
    'the stream says Filled of an order that rests, without an execution',
    changed((row) =>
      textIn(row['orderStatus']) === 'New' ? { ...row, orderStatus: 'Filled', cumExecQty: row['qty'], leavesQty: '0' } : row,
    ),
    {
      rates: [0.03, 0.1],
      excuses: { limit: CLOSED_BY_THE_EXCHANGE, doubleSend: CLOSED_BY_THE_EXCHANGE },
      blinds: ['orderStream'],
    },
  ),
  frame(
    topic('order'),
    'order-forged-open',
    'the stream says New of an order that is closed',
    changed((row) => (['Cancelled', 'Filled'].includes(textIn(row['orderStatus'])) ? { ...row, orderStatus: 'New' } : row)),
    { rates: [0.03, 0.1, 0.3], blinds: ['orderStream'] },
  ),
  frame(topic('execution'), 'execution-id-twice', 'one execution id twice, with another quantity', (pass, _, { text }) => {
    pass();
    const message = objectIn(parseJson(text));
    pass(JSON.stringify({ ...message, data: listIn(message['data']).map((row) => ({ ...objectIn(row), execQty: '0.002' })) }));
  }),
  frame(
    topic('execution'),
    'execution-without-link',
    'executions do not say our id',
    changed((row) => ({ ...row, orderLinkId: '' })),
  ),
  frame(
    topic('position'),
    'position-forged-flat',
    'the stream says that the position is flat',
    changed((row) => ({ ...row, size: '0', side: '' })),
    { blinds: ['positionStream'] },
  ),
];

const MARKET: readonly Kind[] = [
  frame(book, 'book-deltas-lost', 'some book updates are lost', drop, { rates: [0.03, 0.1, 0.3] }),
  frame(book, 'book-frozen', 'the book stands still, the socket lives', drop, { rates: [1] }),
  frame(book, 'book-late', 'book updates come up to 1 s later, in another order', after(0, 1000), { rates: [0.1, 0.3] }),
  frame(
    book,
    'book-twice',
    'book updates come twice',
    (pass) => {
      pass();
      pass();
    },
    { rates: [0.1, 0.3] },
  ),
  frame(
    book,
    'book-crossed',
    'a book update crosses the book',
    bookRow((data) => ({ ...data, b: [['999999.00', '5']] })),
    { rates: [0.03] },
  ),
  frame(
    book,
    'book-zero',
    'prices of 0 and below',
    bookRow((data) => ({ ...data, b: [['0', '5']], a: [['-1', '5']] })),
    { rates: [0.03] },
  ),
  frame(
    book,
    'book-numbers',
    'numbers of the book cannot be read',
    bookRow((data) => ({ ...data, a: [['1e400', 'NaN']] })),
    { rates: [0.03] },
  ),
  frame(book, 'book-garbage', 'a frame of the book is no JSON', (pass) => pass('{"topic":"orderbook'), { rates: [0.03] }),
  frame(ticker, 'tickers-lost', 'no tickers', drop, { rates: [1] }),
  frame(
    ticker,
    'tickers-absurd',
    'a mark price a thousand times as high',
    (pass, _, { text }) => pass(text.replace(/"markPrice":"(\d+)/, '"markPrice":"$1000')),
    { rates: [0.03, 0.1] },
  ),
].map((kind) => ({ ...kind, group: 'market' }));

function opens(sockets: readonly SocketName[], name: string, does: string, deal: DealOpen, more: Partial<Kind> = {}): Kind {
  return { name, group: 'sockets', does, ...more, deals: 'open', at: (socket) => sockets.includes(socket), deal };
}
const ALL_SOCKETS = ['public', 'private', 'trade'] as const;
const halfOpen: DealOpen = (tools) => tools.between(0, 6000);

function cuts(name: string, does: string, sockets: readonly SocketName[], everyMs: readonly [number, number]): Kind {
  return { name, group: 'sockets', does, deals: 'act', everyMs, deal: (tools) => sockets.forEach((socket) => tools.cut(socket)) };
}

const control = (one: Frame): boolean => one.topic === '' && one.socket !== 'trade';

const SOCKETS: readonly Kind[] = [
  opens(ALL_SOCKETS, 'sockets-refused', 'no socket opens', () => 'refused', { rates: [0.3, 1] }),
  opens(['trade'], 'trade-socket-refused', 'the trade socket does not open', () => 'refused', { rates: [1] }),
  opens(['private'], 'private-socket-refused', 'the private socket does not open', () => 'refused', { rates: [0.3, 1] }),
  opens(['private'], 'private-half-open', 'the private socket stays open but goes silent', halfOpen, { rates: [0.3, 1] }),
  opens(['trade'], 'trade-half-open', 'the trade socket stays open but goes silent', halfOpen, { rates: [0.3, 1] }),
  opens(['public'], 'public-half-open', 'the public socket stays open but goes silent', halfOpen, { rates: [0.3, 1] }),
  cuts('private-socket-cut', 'the private socket breaks, again and again', ['private'], [500, 5000]),
  cuts('trade-socket-cut', 'the trade socket breaks, again and again', ['trade'], [500, 5000]),
  { ...cuts('public-socket-cut', 'the public socket breaks, again and again', ['public'], [1000, 5000]) },
  cuts('all-sockets-cut', 'all sockets break at once', ALL_SOCKETS, [2000, 8000]),
  frame(control, 'control-answers-lost', 'answers to auth, subscribe and ping are lost', drop, {
    group: 'sockets',
    rates: [0.03, 0.1, 0.3],
  }),
  frame(
    control,
    'subscriptions-refused',
    'subscriptions are refused',
    (pass, _, { text }) => pass(text.includes('"subscribe"') ? text.replace('"success":true', '"success":false') : text),
    { group: 'sockets', rates: [0.3, 1] },
  ),
];

export const STREAMS: readonly Kind[] = [...PRIVATE_EVENTS, ...MARKET, ...SOCKETS];
