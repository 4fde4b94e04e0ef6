/** Where a fault belongs; one file each, as far as it is built. */
export type FaultGroup = 'network' | 'refusals' | 'orders' | 'world' | 'streams' | 'host';

/** What a run cannot be blamed for while a fault is at work: the invariant that it makes impossible to keep. */
export type Excuse =
  /** Arrival times at the exchange are no longer the client's to choose. */
  | 'rate limit'
  /** Stopping for a person, for a reason that begins with this word, is what must happen. */
  | `freeze: ${string}`
  /** The exchange moves prices by itself: they are no longer the client's to choose. */
  | 'prices'
  /** The book that arrives is not the exchange's. */
  | 'book'
  /** Nothing is sent for so long after it that the rest of a run may be silent. */
  | 'silence';

/** Files of this folder that bring faults about. */
export type EffectFile =
  | 'batch-limits'
  | 'book-faults'
  | 'event-faults'
  | 'exchange-acts'
  | 'faulty-socket'
  | 'faulty-surface'
  | 'faulty-venue'
  | 'http-faults'
  | 'latency-step'
  | 'request-outcomes'
  | 'row-faults'
  | 'shifted-clock'
  | 'stale-reads';

/** A fault that can be chosen. */
export interface FaultRow<Name extends string = string> {
  readonly name: Name;
  readonly group: FaultGroup;
  /** Where its effect is: the files of this folder that ask whether it strikes. */
  readonly effectIn: readonly EffectFile[];
  /** Numbers (1 to 72) of the known failures that it stands for. All rows and `OTHER_FAULTS` together are the list of them. */
  readonly covers: readonly number[];
  readonly what: string;
  /** Mean time from the end of one occurrence to the next, and how long one lasts. */
  readonly everyMs: number;
  readonly lastsMs: number;
  /** Share of the opportunities that it takes while it lasts. */
  readonly share: number;
  /** The smallest set that it belongs to; `alone`: only by name. */
  readonly set: 'light' | 'heavy' | 'alone';
  readonly excuses: readonly Excuse[];
}

type Details = Partial<Pick<FaultRow, 'share' | 'set' | 'excuses'>>;

/** `timing`: mean time between two occurrences and how long one lasts, s. */
function row<Name extends string>(
  group: FaultGroup,
  name: Name,
  effectIn: readonly EffectFile[],
  covers: readonly number[],
  what: string,
  timing: readonly [number, number],
  details: Details = {},
): FaultRow<Name> {
  const [every, lasts] = timing;
  const { share = 1, set = 'heavy', excuses = [] } = details;
  return { name, group, effectIn, covers, what, everyMs: every * 1000, lastsMs: lasts * 1000, share, set, excuses };
}

const NETWORK = [
  row('network', 'request-lost', ['request-outcomes'], [1], 'requests vanish before the exchange', [60, 8], { share: 0.3 }),
  row('network', 'lost-reply', ['request-outcomes'], [2], 'the exchange acts, but the answer is lost', [60, 8], {
    share: 0.3,
    set: 'light',
  }),
  row('network', 'late-reply', ['request-outcomes'], [3], 'answers come after the client has given up', [60, 8], {
    share: 0.3,
    set: 'light',
  }),
  row('network', 'duplicate-delivery', ['faulty-venue'], [4, 38], 'the exchange receives orders, amends and cancels twice', [45, 10], {
    share: 0.5,
  }),
  row('network', 'reordered-stream', ['event-faults'], [5], 'private events run up to 1.5 s behind the answers', [60, 15]),
  row('network', 'connection-refused', ['faulty-surface', 'http-faults'], [6], 'no new connection, no HTTP request gets through', [120, 8]),
  row('network', 'half-open', ['faulty-socket'], [7], 'sockets stay open but carry no more data', [150, 3]),
  row('network', 'stalled-body', ['http-faults'], [8], 'HTTP answers begin and never end', [60, 8], { share: 0.5 }),
  row('network', 'http-html', ['http-faults'], [9], 'HTTP 200 with a page of HTML', [60, 8], { share: 0.5 }),
  row('network', 'http-truncated', ['http-faults'], [9], 'HTTP 200 with half a body', [60, 8], { share: 0.5 }),
  row('network', 'http-empty', ['http-faults'], [9], 'HTTP 200 with an empty body', [60, 8], { share: 0.5 }),
  row('network', 'latency-step', ['latency-step'], [10], '100 to 400 ms of extra latency in each direction', [60, 15], {
    set: 'light',
    excuses: ['rate limit'],
  }),
  row(
    'network',
    'one-way-partition',
    ['faulty-socket', 'request-outcomes'],
    [11],
    'what the client sends arrives, nothing comes back',
    [180, 6],
  ),
  row('network', 'rest-down', ['http-faults'], [12], 'HTTP is dead, sockets live', [120, 15]),
  row('network', 'sockets-down', ['faulty-surface'], [13], 'sockets are dead, HTTP lives', [120, 15]),
  row('network', 'keep-alive-reset', ['http-faults'], [14], 'HTTP connections break under the request', [60, 8], {
    share: 0.3,
    set: 'light',
  }),
];

const REFUSALS = [
  row('refusals', 'rate-limit-10006', ['request-outcomes'], [15], 'requests are refused with 10006', [60, 5], { share: 0.5, set: 'light' }),
  row('refusals', 'ip-ban-403', ['http-faults'], [16], 'HTTP 403 for every request, for a minute instead of ten', [240, 60], {
    excuses: ['silence'],
  }),
  row('refusals', 'overload-429', ['request-outcomes'], [17], 'HTTP 429, 10429 on the trade socket', [60, 8], { share: 0.5 }),
  row('refusals', 'server-error-10016-applied', ['request-outcomes'], [18], '10016, and the exchange has acted', [60, 8], {
    share: 0.3,
    set: 'light',
  }),
  row('refusals', 'server-error-10016-not-applied', ['request-outcomes'], [19], '10016, and the exchange has not acted', [60, 8], {
    share: 0.3,
  }),
  row('refusals', 'gateway-error', ['http-faults'], [18, 19], 'HTTP 502 and 524 with a page, after or before the exchange acts', [60, 8], {
    share: 0.5,
  }),
  row('refusals', 'clock-skew', ['shifted-clock'], [20], 'the clock of the exchange is up to 900 ms off', [90, 30]),
  row('refusals', 'clock-jump', ['shifted-clock'], [20], 'the clock of the exchange jumps by 1.5 to 5 s and back', [120, 30]),
  row(
    'refusals',
    'restart-10019',
    ['faulty-surface', 'request-outcomes'],
    [21],
    'the trade service restarts: 10019, then a closed socket',
    [120, 5],
  ),
  row(
    'refusals',
    'restart-wipes-closed',
    ['faulty-surface', 'row-faults'],
    [22],
    'a restart: sockets drop, recent closed orders are forgotten',
    [120, 20],
  ),
  row(
    'refusals',
    'stale-reads',
    ['faulty-venue', 'stale-reads'],
    [23],
    'open orders and positions are read as they were up to 3 s ago',
    [60, 20],
    {
      set: 'light',
    },
  ),
  row('refusals', 'history-lag', ['row-faults'], [24], 'order history and executions lag by 8 s', [60, 20]),
];

const ORDERS = [
  row('orders', 'ack-then-reject', ['faulty-venue'], [25], 'orders are acknowledged, then rejected', [60, 8], {
    share: 0.5,
    excuses: ['freeze: reject_brake'],
  }),
  row('orders', 'post-only-cancel', ['faulty-venue'], [26], 'post-only orders are canceled as if they would take liquidity', [60, 8], {
    share: 0.5,
    excuses: ['freeze: reject_brake'],
  }),
  row('orders', 'silent-price-change', ['faulty-venue'], [27, 34], 'orders get another price than requested, without an error', [60, 10], {
    share: 0.5,
    excuses: ['prices'],
  }),
  row('orders', 'self-match-cancel', ['exchange-acts'], [28], 'resting orders are canceled by self-match prevention', [60, 5], {
    share: 0.3,
  }),
  row('orders', 'disconnect-cancel', ['exchange-acts'], [29], 'the exchange cancels every order of the account', [60, 1]),
  row('orders', 'admin-cancel', ['exchange-acts'], [30], 'the exchange cancels single orders', [45, 5], { share: 0.3 }),
  row('orders', 'partial-batch', ['batch-limits'], [36], 'a batch is accepted in part', [60, 10], { share: 0.5 }),
  row('orders', 'bulk-cancel-lies', ['faulty-venue'], [37], 'cancel-all leaves orders and says it did not, or says it failed', [20, 10]),
  row('orders', 'margin-shortage', ['faulty-venue'], [42], 'orders are refused because margin is too low', [60, 10], {
    set: 'alone',
    excuses: ['freeze: reject_brake'],
  }),
  row('orders', 'auction-phase', ['faulty-venue'], [35], 'no order may be placed, amended or canceled', [120, 5], {
    set: 'alone',
    excuses: ['freeze: reject_brake'],
  }),
];

const WORLD = [
  row('world', 'maintenance', ['faulty-surface', 'http-faults'], [32], 'the exchange is away: HTTP 503, no sockets', [240, 20]),
  row(
    'world',
    'instrument-change',
    ['faulty-venue'],
    [33],
    'the instrument stops trading: orders are refused, its status says so',
    [240, 20],
    {
      set: 'alone',
      excuses: ['freeze: reject_brake'],
    },
  ),
  row('world', 'unknown-enum', ['row-faults'], [39], 'unknown values of order status, cancel type and reject reason', [60, 10], {
    share: 0.3,
  }),
  row('world', 'numbers-as-numbers', ['row-faults'], [39], 'JSON numbers where text is documented', [60, 10], { set: 'light' }),
  row('world', 'missing-fields', ['row-faults'], [39], 'fields are missing or empty', [60, 8], { share: 0.3 }),
  row('world', 'null-list', ['row-faults'], [39], 'null in place of an empty or full list', [60, 8], { share: 0.5 }),
  row('world', 'code-as-text', ['row-faults'], [39], 'retCode as text, or no retCode at all', [60, 8], { share: 0.3 }),
  row('world', 'key-revoked', ['faulty-socket', 'faulty-surface', 'request-outcomes'], [41], 'the key is refused everywhere', [300, 20], {
    set: 'alone',
    excuses: ['freeze: keys_refused'],
  }),
  row('world', 'manual-orders', ['exchange-acts'], [43], 'a person trades and leaves open orders on the same account', [60, 20], {
    set: 'alone',
  }),
];

const STREAMS = [
  row('streams', 'socket-drop', ['faulty-surface'], [45], 'one socket, or all, close', [45, 1], { set: 'light' }),
  row('streams', 'socket-storm', ['faulty-surface'], [45], 'sockets close again and again, some right after the handshake', [150, 15]),
  row('streams', 'missed-private-event', ['event-faults'], [46], 'private events do not arrive', [60, 10], { share: 0.3, set: 'light' }),
  row('streams', 'missed-executions', ['event-faults'], [46], 'executions do not arrive, orders and positions do', [60, 20], {
    set: 'alone',
  }),
  row('streams', 'missed-orders', ['event-faults'], [46], 'order events do not arrive, executions and positions do', [60, 20], {
    set: 'alone',
  }),
  row('streams', 'missed-positions', ['event-faults'], [46], 'position events do not arrive, orders and executions do', [60, 20], {
    set: 'alone',
  }),
  row('streams', 'duplicated-event', ['event-faults'], [47], 'private events arrive twice', [45, 15], { share: 0.5, set: 'light' }),
  row('streams', 'out-of-order-event', ['event-faults'], [48], 'private events overtake each other', [45, 15], {
    share: 0.3,
    set: 'light',
  }),
  row('streams', 'fill-before-ack', ['request-outcomes'], [49], 'answers come after the events that they lead to', [60, 15], {
    share: 0.5,
    set: 'light',
  }),
  row(
    'streams',
    'double-filled-on-cancel',
    ['event-faults'],
    [51],
    'a filled order is reported twice, once as a cancel that came too late',
    [45, 20],
  ),
  row('streams', 'no-pong', ['faulty-socket'], [52], 'pings are not answered', [150, 30], { set: 'light' }),
  row('streams', 'subscribe-ack-lost', ['faulty-socket', 'faulty-surface'], [53], 'subscriptions are not confirmed, or refused', [150, 15]),
  row(
    'streams',
    'auth-fails-on-reconnect',
    ['faulty-socket', 'faulty-surface'],
    [54],
    'sockets drop and their authentication is refused',
    [150, 8],
  ),
  row('streams', 'book-gap', ['book-faults'], [55], 'a change of the book is missing', [30, 1], { set: 'light' }),
  row('streams', 'book-reset-u1', ['book-faults', 'faulty-surface'], [56], 'the book service restarts: a snapshot with u = 1', [60, 1], {
    set: 'light',
  }),
  row('streams', 'crossed-book', ['book-faults'], [57], 'a change of the book crosses it', [45, 1], { excuses: ['book'] }),
  row('streams', 'frozen-book', ['book-faults'], [58], 'the book stands still while the socket lives', [90, 6]),
  row('streams', 'absurd-price', ['book-faults'], [59], 'zero, negative and ten-fold prices in tickers, trades and books', [60, 5], {
    share: 0.3,
    excuses: ['book'],
  }),
  row('streams', 'message-burst', ['book-faults'], [60], 'ten times the messages, some of topics that were not subscribed', [60, 10], {
    set: 'light',
  }),
];

/** Every fault that can be chosen. */
export const FAULTS = [...NETWORK, ...REFUSALS, ...ORDERS, ...WORLD, ...STREAMS];

export type FaultName = (typeof FAULTS)[number]['name'];

/** Known faults that cannot be injected. */
export const OTHER_FAULTS: readonly { readonly covers: number; readonly group: FaultGroup; readonly what: string }[] = [
  { covers: 31, group: 'orders', what: 'funding executions without an order' },
  { covers: 40, group: 'world', what: 'fee tier and limits change while it runs' },
  { covers: 44, group: 'world', what: 'a second mmbot on the account' },
  { covers: 50, group: 'streams', what: 'execution.fast without our ids: how the exchange always is' },
  { covers: 61, group: 'host', what: 'the wall clock of the host jumps' },
  { covers: 62, group: 'host', what: 'the host is suspended and resumed' },
  { covers: 63, group: 'host', what: 'the event loop stalls' },
  { covers: 64, group: 'host', what: 'the heap is full' },
  { covers: 65, group: 'host', what: 'the disk is full' },
  { covers: 66, group: 'host', what: 'a sync to disk fails' },
  { covers: 67, group: 'host', what: 'the journal is torn or corrupt' },
  { covers: 68, group: 'host', what: 'signals, twice' },
  { covers: 69, group: 'host', what: 'the process is killed' },
  { covers: 70, group: 'host', what: 'no descriptor is left' },
  { covers: 71, group: 'host', what: 'the guard dies, or two own the account' },
  { covers: 72, group: 'host', what: 'the clock of the guard differs' },
];

export function excusesOf(name: FaultName): readonly Excuse[] {
  return faultRow(name)?.excuses ?? [];
}

export function faultRow(name: string): FaultRow<FaultName> | undefined {
  return FAULTS.find((candidate) => candidate.name === name);
}
