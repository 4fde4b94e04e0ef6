import type { EmergencyLine } from '../../config/emergency.ts';
import { endFields, type RunEnd } from '../../errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import { hasFailed } from '../../execution/start/preflight.ts';
import type { Check } from '../../execution/start/preflight-check.ts';
import type { CanceledBefore } from '../../harness/live/live-watch.ts';
import { sumUp } from '../../harness/measures/measures.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import type { SymbolTally } from '../../harness/soak/symbol-tally.ts';
import type { Host } from '../../host.ts';
import { stepsToNumber } from '../../model/grid.ts';
import type { Position } from '../../model/position.ts';
import { duration, fixed, grouped, signed } from '../../reports/text/format.ts';
import { liveView, shadowLine, type LiveStatus, type LiveSymbol, type ShadowOf } from '../../reports/live/live-view.ts';
import { heldBackLines } from '../../reports/causes/held-back-table.ts';
import { progressFields } from '../../reports/soak/soak-progress.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { linesOf } from '../../util/terminal-text.ts';
import { jsonText } from '../../util/json.ts';
import type { OutputOptions } from '../options/options.ts';
import { labeledLines } from '../terminal/report.ts';
import type { WrittenReport } from './report.ts';
import { wrappedLines, writeFailure } from '../terminal/lines.ts';
import type { Screen } from '../terminal/screen.ts';
import { paint, textTable, viewPaint } from '../terminal/table.ts';
import { counted } from '../../util/counted.ts';

const PIPE_MS = 10_000;

/** Shows the preflight checks: all when they are the result (--preflight-only) or when one failed; otherwise they are only logged. */
export function showChecks(
  { host, log, output: { json } }: { readonly host: Host; readonly log: Logger; readonly output: OutputOptions },
  checks: readonly Check[],
  end: RunEnd,
  isResult: boolean,
): void {
  for (const { id, result, found, fix } of checks) {
    // What it is about to quote is worth a line at every start.
    const usual = id.startsWith('quote-') ? 'info' : 'debug';
    log[result === 'ok' ? usual : result === 'warn' ? 'warn' : 'error']('preflight', { id, result, found, fix });
  }
  if (!isResult && !hasFailed(checks)) return;
  host.stdout.write(json ? jsonText({ schemaVersion: 1, command: 'live', ...endFields(end), checks }) : checkTable(host, checks));
  writeFailure(host, end.failure);
}

function checkTable(host: Host, checks: readonly Check[]): string {
  const color = paint(host);
  const words = { ok: color.green('ok'), warn: color.yellow('warn'), fail: color.red('FAIL') };
  const rows = checks.map(({ id, result, found, fix }) => [id, words[result], found, fix]);
  return textTable(host, ['CHECK', 'RESULT', 'FOUND', 'WHAT TO DO'], rows);
}

/** Shows the status: a view on a terminal, a log line every ten seconds in a pipe. Returns a function to call repeatedly. */
export function statusShower(host: Host, log: Logger, screen: Screen, { quiet }: OutputOptions): (status: LiveStatus) => void {
  const { stderr } = host;
  const marks = viewPaint(host);
  let saidAt = 0;
  return (status) => {
    if (quiet) return;
    if (stderr.isTerminal) return screen.show(liveView(status, stderr, marks));
    const { statistics, trading, symbols, shadowOf, day } = status;
    if (statistics.elapsedMs - saidAt < PIPE_MS) return;
    saidAt = statistics.elapsedMs;
    const held = symbols.flatMap(({ instrument, hold }) => (hold === undefined ? [] : [[instrument.symbol, hold.value]]));
    const state = { state: trading.mode, ...('reason' in trading ? { reason: trading.reason } : {}), holds: Object.fromEntries(held) };
    log.info('live_status', {
      ...(shadowOf === undefined ? {} : { shadow: true }),
      ...state,
      ...progressFields(statistics),
      dayPnlUsd: day.pnlUsd === undefined ? null : Number(day.pnlUsd.toFixed(2)),
      dayOrders: day.orders,
      symbols: symbols.map(symbolFields(statistics)),
    });
  };
}

function symbolFields({ symbols }: RunStatistics): (symbol: LiveSymbol) => object {
  return ({ instrument, market, ours, openOrders }) => {
    const price = (ticks: number | undefined): number | null => (ticks === undefined ? null : stepsToNumber(ticks, instrument.tick));
    const tally = symbols.get(instrument.symbol);
    return {
      symbol: instrument.symbol,
      bid: price(ours.bid),
      ask: price(ours.ask),
      marketBid: price(market?.bid),
      marketAsk: price(market?.ask),
      openOrders,
      position: tally === undefined ? null : heldBy(tally),
      fills: tally?.fills ?? 0,
      netUsd: Number((tally?.netUsd ?? 0).toFixed(2)),
    };
  };
}

export interface LiveEnd {
  readonly statistics: RunStatistics;
  /** Undefined when the exchange could not be read. */
  readonly report: CancelReport | undefined;
  /** Client order ids of this run that are not known to be closed. */
  readonly liveIds: readonly string[];
  readonly canceledBefore: CanceledBefore;
  readonly trading: TradingState;
  readonly end: RunEnd;
  readonly shadowOf: ShadowOf | undefined;
  /** Undefined when the exchange has ended too, and its orders with it. */
  readonly emergency: EmergencyLine | undefined;
  /** Undefined when there is no report. */
  readonly written: WrittenReport | undefined;
}

export function showEnd(host: Host, ended: LiveEnd, { json }: OutputOptions): void {
  host.stdout.write(json ? jsonText(endDocument(ended)) : wrappedLines(endText(host, ended), host.stdout));
  writeFailure(host, ended.end.failure);
}

function endDocument(ended: LiveEnd): object {
  const { statistics, report, canceledBefore, trading, end, shadowOf } = ended;
  const { fills, turnoverUsd, netUsd, feesUsd } = sumUp(statistics);
  const positions = Object.fromEntries([...statistics.symbols].map(([symbol, tally]) => [symbol, heldBy(tally)]));
  const positionsAtStart = Object.fromEntries([...statistics.symbols].map(([symbol, tally]) => [symbol, heldBy(tally, tally.opening)]));
  const figures = { elapsedMs: Math.round(statistics.elapsedMs), fills, turnoverUsd, feesUsd, netUsd, positions, positionsAtStart };
  const head = { schemaVersion: 1, command: 'live', ...endFields(end), shadow: shadowOf ?? null };
  return {
    ...head,
    trading,
    figures,
    cancelAll: report ?? null,
    mayRemain: mayRemain(ended),
    ...(report?.verified === true ? {} : { run: ended.emergency?.command }),
    canceledBefore,
    files: ended.written?.folder ?? null,
  };
}

function endText(host: Host, ended: LiveEnd): string {
  const { statistics, report, canceledBefore, trading, shadowOf } = ended;
  const { fills, turnoverUsd, netUsd, feesUsd } = sumUp(statistics);
  const color = paint(host);
  const verified = shadowOf === undefined ? 'VERIFIED EMPTY' : 'NOTHING RESTS';
  const proof =
    report?.verified === true
      ? `${color.green.bold(verified)}: ${counted(report.found, 'order')} found, ${grouped(report.canceled)} canceled, ${grouped(report.filledMeanwhile)} filled meanwhile${earlier(canceledBefore)}`
      : `${color.red.bold('ORDERS MAY REMAIN')}: ${[doubt(ended), ...advice(ended.emergency)].join('; ')}`;
  return linesOf([
    ...(shadowOf === undefined ? [] : [color.bold(shadowLine(shadowOf))]),
    `${duration(statistics.elapsedMs)}, ${counted(fills, 'fill')}, turnover ${fixed(turnoverUsd, 0)} USDT, fees ${fixed(feesUsd)}, net ${signed(netUsd)} USDT; position ${positionsIn(statistics)}`,
    ...(ended.written === undefined ? [] : reportLines(host, ended.written)),
    ...(trading.mode === 'frozen' ? [`frozen: ${trading.reason}`] : []),
    proof,
    ...(report?.verified === true || ended.emergency === undefined ? [] : [`  ${ended.emergency.command}`]),
  ]);
}

/** What held quotes back most, and where the whole report is. */
function reportLines(host: Host, { report, folder }: WrittenReport): string[] {
  const held = labeledLines(host, heldBackLines(report.attribution, 1)).trimEnd();
  const lines = held === '' ? [] : ['held back most (share of the time of both sides):', ...held.split('\n')];
  return [...lines, `report: ${folder}/report.html`];
}

function advice(line: EmergencyLine | undefined): string[] {
  return line === undefined ? [] : [`${line.lead}:`];
}

/** Ids of the orders that may be open: those that the exchange showed, and those of this run that are not known to be closed. */
function mayRemain({ report, liveIds }: LiveEnd): readonly string[] {
  if (report?.verified === true) return [];
  return [...new Set([...(report?.remaining ?? []).map((order) => order.clientOrderId || order.exchangeOrderId), ...liveIds])];
}

function doubt(ended: LiveEnd): string {
  const ids = mayRemain(ended).join(', ');
  const unread = ended.report === undefined ? ['the exchange could not be read'] : [];
  return [...unread, ...(ids === '' ? [] : [ids])].join('; ') || (ended.report?.unreadable ?? 'the time to verify it has run out');
}

/** Orders canceled before the stop, which the report of the stop does not count. */
function earlier({ start, freeze }: CanceledBefore): string {
  const [first, ...others] = [
    { orders: start, by: 'at the start' },
    { orders: freeze, by: 'by the freeze' },
  ].filter(({ orders }) => orders > 0);
  if (first === undefined) return '';
  const before = `; before the stop ${counted(first.orders, 'was', 'were')} canceled ${first.by}`;
  return [before, ...others.map(({ orders, by }) => `${grouped(orders)} ${by}`)].join(', ');
}

function positionsIn({ symbols }: RunStatistics): string {
  return [...symbols.values()]
    .map((tally) => {
      const { instrument, opening } = tally;
      const text = (position?: Position): string => signed(heldBy(tally, position), instrument.lot.step.scale);
      return `${instrument.baseCoin} ${text()}${opening.quantity === 0 ? '' : ` (held at the start: ${text(opening)})`}`;
    })
    .join(', ');
}

/** In base coin; long > 0. */
function heldBy({ instrument, position: now }: SymbolTally, position = now): number {
  return stepsToNumber(position.quantity, instrument.lot);
}
