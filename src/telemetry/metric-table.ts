import { ODDITIES, ROW_LISTS, TRANSPORTS } from '../exchange/exchange.ts';
import { EXCHANGE_ERROR_KINDS } from '../exchange/errors.ts';
import { DENIAL_REASONS } from '../risk/gate.ts';

/** Values of a label: `SYMBOL` are the symbols of the run, `WORD` the fixed words of the code that sets it. Both sets are bounded. */
const SYMBOL = 'symbol';
const WORD = 'word';

interface MetricRow {
  readonly help: string;
  /** An array lists all values; their series exist from the start. */
  readonly labels: Readonly<Record<string, typeof SYMBOL | typeof WORD | readonly string[]>>;
}

const REQUESTS = ['place', 'amend', 'cancel'] as const;
const SIDES = ['buy', 'sell'] as const;
const STREAMS = ['public', 'private', 'trade'] as const;
/** What a reconciliation can find: the first word of its findings. `price`: an order rests at a price other than the requested one. */
export const DIVERGENCES = [
  'missed_close',
  'missed_fill',
  'missed_funding',
  'orphan',
  'position',
  'price',
  'stale_terms',
  'other',
] as const;

/** With edges at the limits of alerts, guards and the plan: 300, 340, 450 and 500 ms. */
const LATENCY_EDGES_MS = [1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 250, 300, 340, 400, 450, 500, 750, 1000, 2500, 5000];
const WAIT_EDGES_MS = [0.1, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];
const LAG_EDGES_MS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2500];
const RATIO_EDGES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5];
const CANCEL_EDGES_MS = [50, 100, 250, 500, 1000, 2000, 3000, 5000, 7500, 10_000, 20_000];

/** Counters; each series exists from the start, at 0. */
export const COUNTERS = {
  mm_orders_placed_total: { help: 'Orders sent to the exchange.', labels: { symbol: SYMBOL } },
  mm_orders_filled_total: { help: 'Orders that filled completely.', labels: { symbol: SYMBOL } },
  mm_orders_canceled_total: { help: 'Orders that were canceled by mmbot or by the exchange.', labels: { symbol: SYMBOL } },
  mm_orders_rejected_total: { help: 'Orders that the exchange rejected.', labels: { symbol: SYMBOL } },
  mm_orders_denied_total: { help: 'Orders and amends that mmbot’s own risk gate refused.', labels: { reason: DENIAL_REASONS } },
  mm_fills_total: { help: 'Executions of our orders.', labels: { symbol: SYMBOL, liquidity: ['maker', 'taker'] } },
  mm_requests_total: { help: 'Creates, amends and cancels of single orders that were sent.', labels: { request: REQUESTS } },
  mm_request_failures_total: {
    help: 'Requests that the exchange rejected or did not answer, without those for an order that was already closed.',
    labels: { request: REQUESTS, reason: EXCHANGE_ERROR_KINDS },
  },
  mm_requests_dropped_total: {
    help: 'Requests that waited too long in the rate limiter queue and were not sent.',
    labels: { request: REQUESTS },
  },
  mm_freeze_events_total: { help: 'Freezes: trading stopped until an operator acts.', labels: {} },
  mm_cancel_all_total: {
    help: 'Finished cancel-alls. verified: whether no order is proven to remain. Without proof a freeze starts another one.',
    labels: { trigger: ['freeze', 'stop', 'start'], verified: ['true', 'false'] },
  },
  mm_recon_divergence_total: {
    help: 'Differences between local state and the exchange that a reconciliation found.',
    labels: { kind: DIVERGENCES },
  },
  mm_odd_rows_total: {
    help: 'Rows of the exchange that were skipped or rounded. The same row counts once, and at most 20 rows of one kind and symbol count.',
    labels: { list: ROW_LISTS, what: ODDITIES },
  },
  mm_stream_downs_total: { help: 'Disconnects of a stream.', labels: { stream: STREAMS } },
  mm_circuit_breaker_openings_total: { help: 'Openings of the circuit breaker of a transport.', labels: { transport: TRANSPORTS } },
  mm_cpu_seconds_total: { help: 'Processor time of this process.', labels: {} },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** Gauges; all but the last cancel-all and the streams are read at the moment of a scrape. */
export const GAUGES = {
  mm_run_info: { help: 'Always 1; the labels name the running command and version.', labels: { command: WORD, version: WORD } },
  mm_trading_frozen: { help: '1 while trading is frozen, until a new run.', labels: {} },
  circuit_breaker_state: { help: '1 while creates and amends may not use this transport, else 0.', labels: { transport: TRANSPORTS } },
  mm_stream_up: { help: '1 while the stream is connected.', labels: { stream: STREAMS } },
  mm_hold: { help: '1 for the reason why the symbol is not quoted; no series while it is.', labels: { symbol: SYMBOL, reason: WORD } },
  mm_resting_orders: { help: 'Own orders that rest in the book.', labels: { symbol: SYMBOL, side: SIDES } },
  mm_orders_in_doubt: { help: 'Orders that were sent and whose outcome is unknown.', labels: {} },
  mm_cancel_all_remaining: { help: 'Orders that the last cancel-all could not prove closed.', labels: {} },
  mm_position_base: { help: 'Position in base coin; long is positive.', labels: { symbol: SYMBOL } },
  mm_position_usd: { help: 'Value of the position at the mark price; long is positive.', labels: { symbol: SYMBOL } },
  mm_pnl_usd: { help: 'Realized and unrealized PnL after fees and funding.', labels: { symbol: SYMBOL } },
  mm_edge_bps: { help: 'Net edge of the recent fills: spread + markout - fees; no series without fills.', labels: { symbol: SYMBOL } },
  mm_edge_part_bps: {
    help: 'Components of the edge of the recent fills; fees are a cost.',
    labels: { symbol: SYMBOL, part: ['spread', 'markout', 'fees'] },
  },
  mm_mid_price: { help: 'Mid price of the market.', labels: { symbol: SYMBOL } },
  mm_quote_price: { help: 'Best own quote on each side; no series without one.', labels: { symbol: SYMBOL, side: SIDES } },
  mm_volatility_bps: { help: 'Standard deviation of the returns of the mid, per sample.', labels: { symbol: SYMBOL } },
  mm_book_age_ms: { help: 'Time since the last update of the order book.', labels: { symbol: SYMBOL } },
  mm_campaign_runs: {
    help: 'Runs of a campaign: done, lost, and planned in all if no further setup leaves.',
    labels: { state: ['done', 'lost', 'planned'] },
  },
  mm_campaign_setups: { help: 'Setups of a campaign: tried, and left in the race.', labels: { state: ['tried', 'left'] } },
  mm_worker_runs: {
    help: 'Runs of a worker since its start: made, lost, handed back to other workers, and running now.',
    labels: { state: ['made', 'lost', 'handed_back', 'running'] },
  },
  mm_memory_bytes: { help: 'Resident memory of this process.', labels: {} },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** Histograms. Each limit that an alert or a panel uses is a bucket edge. */
export const HISTOGRAMS = {
  mm_latency_ms: {
    help: 'Time from the decision to: ack, the answer to a create or amend; confirm, the first update of the order; cancel, the answer to a cancel.',
    labels: { symbol: SYMBOL, stage: ['ack', 'confirm', 'cancel'] },
    edges: LATENCY_EDGES_MS,
  },
  mm_risk_ratio: {
    help: 'Worst-case position divided by its maximum, sampled once a second.',
    labels: { symbol: SYMBOL },
    edges: RATIO_EDGES,
  },
  mm_rate_limit_wait_ms: {
    help: 'Time that acknowledged creates and amends waited in the rate limiter queue.',
    labels: { request: ['place', 'amend'] },
    edges: WAIT_EDGES_MS,
  },
  mm_stream_lag_ms: {
    help: 'Time from when the exchange sent a book, order or fill to its arrival.',
    labels: { stream: ['public', 'private'] },
    edges: LAG_EDGES_MS,
  },
  mm_event_loop_lag_ms: { help: 'Delay of a timer of this process.', labels: {}, edges: LAG_EDGES_MS },
  mm_cancel_all_duration_ms: {
    help: 'Time until a cancel-all had its proof or gave up.',
    labels: { trigger: ['freeze', 'stop', 'start'] },
    edges: CANCEL_EDGES_MS,
  },
} as const satisfies Readonly<Record<string, MetricRow & { readonly edges: readonly number[] }>>;
