import type { Since } from '../../harness/live/live-watch.ts';
import { edgeBps, failureCount, requestCount, sumUp } from '../../harness/measures/measures.ts';
import type { SideKind } from '../../harness/measures/side-state.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import { stepsToNumber } from '../../model/grid.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import { isoTime, type Instant } from '../../util/clock.ts';
import { duration, fixed, grouped, signed } from '../text/format.ts';
import type { ViewPaint } from '../text/view-lines.ts';
import { counted } from '../../util/counted.ts';

/** A shadow run: its orders are simulated on this machine. */
export interface ShadowOf {
  /** The exchange whose market data is used. */
  readonly market: string;
  readonly queueModel: string;
  /** To the exchange and back. */
  readonly roundTripMs: number;
}

/** One line that says how the figures of a shadow run come about. */
export function shadowLine({ market, queueModel, roundTripMs }: ShadowOf): string {
  return `SHADOW of ${market}: no order is sent; fills are simulated from its market data with queue model ${queueModel} and a round trip of ${roundTripMs} ms`;
}

/** The current state of one symbol. Prices in ticks. */
export interface LiveSymbol {
  readonly instrument: Instrument;
  readonly market: { readonly bid: number; readonly ask: number } | undefined;
  readonly ours: { readonly bid?: number | undefined; readonly ask?: number | undefined };
  readonly openOrders: number;
  readonly bookAgeMs: number;
  readonly hold: Since<string> | undefined;
}

/** Texts for the states of the guard. */
const GUARD_TEXTS = {
  none: 'none',
  starting: 'starting: no quotes until it answers',
  watching: 'watching: cancels all orders if this process dies or hangs',
  lost: 'LOST: no quotes until a guard is running again',
  acting: 'ACTING: it considers this process dead and is canceling all orders',
  ended: 'ENDED: it has acted and exited; no guard is watching',
  over: 'over',
} as const;

export interface LiveStatus {
  readonly venue: string;
  readonly shadowOf: ShadowOf | undefined;
  readonly trading: TradingState;
  readonly symbols: readonly LiveSymbol[];
  readonly statistics: RunStatistics;
  /** Totals since midnight UTC over all runs, with the limits at which trading freezes or holds. */
  readonly day: {
    readonly pnlUsd: number | undefined;
    readonly orders: number;
    readonly mostLossUsd: number;
    readonly mostOrders: number;
  };
  readonly streams: ReadonlyMap<string, Since<'up' | 'down'>>;
  /** Requests of each kind that could be sent now, and the limit per second. */
  readonly room: { readonly create: number; readonly amend: number; readonly cancel: number; readonly most: number };
  readonly guard: keyof typeof GUARD_TEXTS;
  /** When trading froze. */
  readonly frozenAt: Instant | undefined;
  /** When this status was read. */
  readonly now: Instant;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** States of a side that do not pass by themselves. */
const MISSING: readonly SideKind[] = ['guard', 'no_size', 'denied'];

const LABEL = 10;
/** Rows beside the symbols: eleven of this view, one for a shadow run, and some for the log above. */
const OTHER_ROWS = 15;

/** A running bot on one screen: a constant number of lines, and as many columns and symbols as fit into the terminal. */
export function liveView(status: LiveStatus, { columns, rows }: Size, paint: ViewPaint): string[] {
  const { venue, shadowOf, statistics } = status;
  const row = (label: string, text: string): string => `${paint.dim(label.padEnd(LABEL))}${text}`;
  return [
    `${paint.bold('mmbot live')} ${paint.dim(`on ${venue} · ${duration(statistics.elapsedMs)}`)}`,
    ...(shadowOf === undefined ? [] : [paint.bold(shadowLine(shadowOf))]),
    stateText(status, paint),
    status.trading.mode === 'frozen' ? 'Resolve the cause, stop it (Ctrl-C), then start it with --unfreeze' : '',
    ...symbolLines(status, { columns: columns - 1, rows: rows - OTHER_ROWS }, paint),
    '',
    row('PnL', pnlText(statistics)),
    row('day', dayText(status)),
    row('orders', ordersText(statistics)),
    row('latency', latencyText(statistics)),
    row('limits', limitsText(status, paint)),
    row('streams', streamsText(status, paint)),
    row('guard', guardText(status, paint)),
  ];
}

function stateText(status: LiveStatus, { good, bad, bold }: ViewPaint): string {
  const { trading, symbols, frozenAt, now } = status;
  if (trading.mode === 'frozen') {
    const since = `${isoTime(trading.at).slice(11, 19)} UTC, ${duration(now - (frozenAt ?? now))} ago`;
    return bad(bold(`FROZEN since ${since}: ${trading.reason}`));
  }
  if (trading.mode === 'reducing') return bad(`REDUCING: ${trading.reason}`);
  const held = symbols.filter(({ hold }) => hold !== undefined);
  const [first] = held;
  const missing = oneSided(status).map((text) => bad(text));
  if (first?.hold === undefined) return [good('QUOTING'), ...missing].join('; ');
  const what = held.length === symbols.length ? 'HOLD' : `HOLD of ${held.map(({ instrument }) => instrument.symbol).join(', ')}`;
  return [bad(`${what} for ${duration(now - first.hold.at)}: ${first.hold.value}`), ...missing].join('; ');
}

/** Symbols of which a side is not quoted, other than for a moment, and why. */
function oneSided({ symbols, statistics }: LiveStatus): string[] {
  return symbols.flatMap(({ instrument: { symbol } }) => {
    const sides = statistics.symbols.get(symbol)?.sidesNow;
    if (sides === undefined) return [];
    const [buy, sell] = [MISSING.includes(sides.buy.kind), MISSING.includes(sides.sell.kind)];
    if (buy && sell) return [`${symbol} not quoted: ${sides.buy.code}`];
    if (buy) return [`${symbol} asks only: ${sides.buy.code}`];
    return sell ? [`${symbol} bids only: ${sides.sell.code}`] : [];
  });
}

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  /** In a narrow terminal the columns with the highest number are dropped first. */
  readonly spare: number;
}

function symbolLines(status: LiveStatus, size: Size, { dim }: ViewPaint): string[] {
  const { statistics } = status;
  const symbols = status.symbols.slice(0, Math.max(1, size.rows));
  const hidden = status.symbols.length - symbols.length;
  const marketFits = 2 * symbols.length <= size.rows;
  const column = (head: string, spare: number, cell: (symbol: LiveSymbol) => string): Column => ({ head, spare, cells: symbols.map(cell) });
  const tally = ({ instrument }: LiveSymbol) => statistics.symbols.get(instrument.symbol);
  const columns = fitting(
    [
      column('symbol', 0, ({ instrument }) => instrument.symbol.padEnd('  market'.length)),
      column('bid', 1, ({ ours, instrument }) => price(ours.bid, instrument)),
      column('ask', 1, ({ ours, instrument }) => price(ours.ask, instrument)),
      column('position', 0, (symbol) => signed(heldBy(symbol, statistics), symbol.instrument.lot.step.scale)),
      column('open', 3, ({ openOrders }) => String(openOrders)),
      column('fills', 2, (symbol) => grouped(tally(symbol)?.fills ?? 0)),
      column('net USDT', 0, (symbol) => signed(tally(symbol)?.netUsd)),
      column('edge bps', 5, (symbol) => signed(edgeBps(tally(symbol)?.netUsd ?? 0, tally(symbol)?.turnoverUsd ?? 0))),
    ],
    size.columns,
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widthOf(columns[i])) : cell.padStart(widthOf(columns[i])))).join('  ');
  const market = ({ market: touch, instrument }: LiveSymbol): string =>
    line(
      columns.map(({ head }) =>
        head === 'symbol' ? '  market' : head === 'bid' || head === 'ask' ? price(touch?.[head], instrument) : '',
      ),
    );
  return [
    dim(line(columns.map(({ head }) => head))),
    ...symbols.flatMap((symbol, i) => [
      line(columns.map(({ cells }) => cells[i] ?? '')),
      ...(marketFits ? [dim(market(symbol).trimEnd())] : []),
    ]),
    ...(hidden === 0 ? [] : [dim(`and ${hidden} more, included in the PnL below`)]),
  ];
}

function fitting(columns: readonly Column[], width: number): readonly Column[] {
  const needed = columns.reduce((sum, each) => sum + widthOf(each) + 2, -2);
  const spare = Math.max(...columns.map((each) => each.spare));
  return needed <= width || spare === 0
    ? columns
    : fitting(
        columns.filter((each) => each.spare < spare),
        width,
      );
}

function widthOf(column: Column | undefined): number {
  return Math.max(column?.head.length ?? 0, ...(column?.cells ?? []).map((cell) => cell.length));
}

function price(ticks: number | undefined, { tick }: Instrument): string {
  return ticks === undefined ? '–' : fixed(stepsToNumber(ticks, tick), tick.step.scale);
}

function heldBy({ instrument }: LiveSymbol, { symbols }: RunStatistics): number {
  return stepsToNumber(symbols.get(instrument.symbol)?.position.quantity ?? 0, instrument.lot);
}

function pnlText(statistics: RunStatistics): string {
  const { netUsd, grossUsd, feesUsd, fundingUsd, fills } = sumUp(statistics);
  return `net ${signed(netUsd)} USDT (gross ${signed(grossUsd)}, fees ${fixed(feesUsd)}, funding ${fixed(fundingUsd)}), ${counted(fills, 'fill')}`;
}

function dayText({ day: { pnlUsd, orders, mostLossUsd, mostOrders } }: LiveStatus): string {
  const pnl = pnlUsd === undefined ? 'PnL unknown' : `net ${signed(pnlUsd)} USDT`;
  return `${pnl}, limit -${grouped(mostLossUsd)}; ${grouped(orders)} of ${grouped(mostOrders)} orders since midnight UTC`;
}

function ordersText(statistics: RunStatistics): string {
  const { events } = statistics;
  return `${grouped(requestCount(statistics))} requests, ${grouped(failureCount(statistics))} failed, ${grouped(events.get('orderDenied'))} denied by risk, ${grouped(events.get('orderUnknown'))} in doubt so far`;
}

function latencyText({ ackLatency }: RunStatistics): string {
  return `order to answer p50 ${fixed(ackLatency.quantile(0.5), 1)}, p95 ${fixed(ackLatency.quantile(0.95), 1)}, p99 ${fixed(ackLatency.quantile(0.99), 1)} ms`;
}

function limitsText({ room: { create, amend, cancel, most } }: LiveStatus, { bad }: ViewPaint): string {
  const used = (name: string, free: number): string => {
    const text = `${name} ${Math.max(0, most - free)}`;
    return free === 0 ? bad(text) : text;
  };
  return `${used('create', create)}, ${used('amend', amend)}, ${used('cancel', cancel)} of ${most} used in this second`;
}

function streamsText({ streams, symbols, now }: LiveStatus, { bad }: ViewPaint): string {
  const oldest = Math.max(...symbols.map(({ bookAgeMs }) => bookAgeMs));
  const books = `books ${Number.isFinite(oldest) ? `${Math.round(oldest)} ms old at most` : 'not seen'}`;
  const states = [...streams].map(([name, { value, at }]) => {
    const text = `${name} ${value} ${duration(now - at)}`;
    return value === 'up' ? text : bad(text);
  });
  return [books, ...states].join(', ');
}

function guardText({ guard, shadowOf }: LiveStatus, { bad }: ViewPaint): string {
  if (guard === 'none' && shadowOf !== undefined) return 'none: a shadow run has no orders at the exchange';
  const text = GUARD_TEXTS[guard];
  return ['lost', 'acting', 'ended'].includes(guard) ? bad(text) : text;
}
