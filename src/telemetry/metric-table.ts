import { ODDITIES, ROW_LISTS, TRANSPORTS } from '../exchange/exchange.ts';
import { EXCHANGE_ERROR_KINDS } from '../exchange/errors.ts';
import { DENIAL_REASONS } from '../risk/gate.ts';

/** A label whose values are the symbols of the run, or one of the fixed words of the code that sets it: none grows without bound. */
const SYMBOL = 'symbol';
const WORD = 'word';

interface MetricRow {
  readonly help: string;
  /** Lists are complete: their series are there from the start. */
  readonly labels: Readonly<Record<string, typeof SYMBOL | typeof WORD | readonly string[]>>;
}

const REQUESTS = ['place', 'amend', 'cancel'] as const;
const SIDES = ['buy', 'sell'] as const;
const STREAMS = ['public', 'private', 'trade'] as const;
/** What a reconciliation can find, by the first word of its finding; `price`: an order rests at another price than asked. */
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

/** Edges where alerts, guards and the plan have their limits: 300, 340, 450 and 500 ms. */
const LATENCY_EDGES_MS = [1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 250, 300, 340, 400, 450, 500, 750, 1000, 2500, 5000];
const WAIT_EDGES_MS = [0.1, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];
const LAG_EDGES_MS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2500];
const RATIO_EDGES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5];
const CANCEL_EDGES_MS = [50, 100, 250, 500, 1000, 2000, 3000, 5000, 7500, 10_000, 20_000];

/** What only ever grows; each series is there at 0 from the start. */
export const COUNTERS = {
  mm_orders_placed_total: { help: 'Orders sent to the exchange.', labels: { symbol: SYMBOL } },
  mm_orders_filled_total: { help: 'Orders filled to the end.', labels: { symbol: SYMBOL } },
  mm_orders_canceled_total: { help: 'Orders that ended canceled, by us or by the exchange.', labels: { symbol: SYMBOL } },
  mm_orders_rejected_total: { help: 'Orders that the exchange refused.', labels: { symbol: SYMBOL } },
  mm_orders_denied_total: { help: 'Orders and amends that our own risk gate refused.', labels: { reason: DENIAL_REASONS } },
  mm_fills_total: { help: 'Executions of our orders.', labels: { symbol: SYMBOL, liquidity: ['maker', 'taker'] } },
  mm_requests_total: { help: 'Requests about single orders that were sent.', labels: { request: REQUESTS } },
  mm_request_failures_total: {
    help: 'Requests that the exchange refused or did not answer; not those about an order that had ended.',
    labels: { request: REQUESTS, reason: EXCHANGE_ERROR_KINDS },
  },
  mm_requests_dropped_total: { help: 'Requests that waited too long in their lane and were not sent.', labels: { request: REQUESTS } },
  mm_freeze_events_total: { help: 'Freezes: trading stopped until a person acts.', labels: {} },
  mm_cancel_all_total: {
    help: 'Cancel-alls that ended; verified: with proof that nothing is left. Without proof a freeze begins another.',
    labels: { trigger: ['freeze', 'stop', 'start'], verified: ['true', 'false'] },
  },
  mm_recon_divergence_total: { help: 'Differences from the exchange that reconciliation found.', labels: { kind: DIVERGENCES } },
  mm_odd_rows_total: {
    help: 'Rows of the exchange that were left out or rounded; the same one counts once, and at most 20 of one kind and symbol.',
    labels: { list: ROW_LISTS, what: ODDITIES },
  },
  mm_stream_downs_total: { help: 'Losses of a stream.', labels: { stream: STREAMS } },
  mm_circuit_breaker_openings_total: { help: 'Times that the circuit breaker of a way opened.', labels: { transport: TRANSPORTS } },
  mm_cpu_seconds_total: { help: 'Processor time of this process.', labels: {} },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** What goes up and down; all but the last cancel-all and the streams are read at the moment of a scrape. */
export const GAUGES = {
  mm_run_info: { help: 'Always 1; its labels say what runs.', labels: { command: WORD, version: WORD } },
  mm_trading_frozen: { help: '1 after a freeze, until a new run.', labels: {} },
  circuit_breaker_state: { help: '1 while creates and amends may not leave by this way, else 0.', labels: { transport: TRANSPORTS } },
  mm_stream_up: { help: '1 while the stream is connected.', labels: { stream: STREAMS } },
  mm_hold: { help: '1 for the reason why nothing is quoted; no series while something is.', labels: { symbol: SYMBOL, reason: WORD } },
  mm_resting_orders: { help: 'Orders of ours that rest.', labels: { symbol: SYMBOL, side: SIDES } },
  mm_orders_in_doubt: { help: 'Orders sent whose outcome is not proven.', labels: {} },
  mm_cancel_all_remaining: { help: 'Orders that the last cancel-all could not prove to be closed.', labels: {} },
  mm_position_base: { help: 'Position in base coin; long is positive.', labels: { symbol: SYMBOL } },
  mm_position_usd: { help: 'Value of the position at the mark price; long is positive.', labels: { symbol: SYMBOL } },
  mm_pnl_usd: { help: 'Realised and unrealised PnL after fees and funding.', labels: { symbol: SYMBOL } },
  mm_edge_bps: { help: 'Net worth of the recent fills: spread + markout - fees; no series without fills.', labels: { symbol: SYMBOL } },
  mm_edge_part_bps: {
    help: 'What the edge of the recent fills is made of; fees are a cost.',
    labels: { symbol: SYMBOL, part: ['spread', 'markout', 'fees'] },
  },
  mm_mid_price: { help: 'Middle of the market.', labels: { symbol: SYMBOL } },
  mm_quote_price: { help: 'Our best price on each side; no series without one.', labels: { symbol: SYMBOL, side: SIDES } },
  mm_volatility_bps: { help: 'Standard deviation of the returns of the mid, per sample.', labels: { symbol: SYMBOL } },
  mm_book_age_ms: { help: 'Since the book last arrived.', labels: { symbol: SYMBOL } },
  mm_memory_bytes: { help: 'Resident memory of this process.', labels: {} },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** Distributions. An edge lies on every limit that an alert or a panel asks about. */
export const HISTOGRAMS = {
  mm_latency_ms: {
    help: 'From the turn that wanted it to: ack, the answer to a create or amend; confirm, the first sign of the order; cancel, the answer to a cancel.',
    labels: { symbol: SYMBOL, stage: ['ack', 'confirm', 'cancel'] },
    edges: LATENCY_EDGES_MS,
  },
  mm_risk_ratio: {
    help: 'Worst-case position over its maximum, sampled once a second.',
    labels: { symbol: SYMBOL },
    edges: RATIO_EDGES,
  },
  mm_rate_limit_wait_ms: {
    help: 'What acknowledged creates and amends waited in their lane.',
    labels: { request: ['place', 'amend'] },
    edges: WAIT_EDGES_MS,
  },
  mm_stream_lag_ms: {
    help: 'From the moment at which the exchange sent a book, order or fill to its arrival.',
    labels: { stream: ['public', 'private'] },
    edges: LAG_EDGES_MS,
  },
  mm_event_loop_lag_ms: { help: 'How late a timer of this process comes.', labels: {}, edges: LAG_EDGES_MS },
  mm_cancel_all_duration_ms: {
    help: 'Until a cancel-all had its proof, or gave up.',
    labels: { trigger: ['freeze', 'stop', 'start'] },
    edges: CANCEL_EDGES_MS,
  },
} as const satisfies Readonly<Record<string, MetricRow & { readonly edges: readonly number[] }>>;
