import { duration, fixed, grouped, signed } from '../text/format.ts';
import { fillSummary } from './fills/fill-tables.ts';
import { invariantCounts } from './soak-rows.ts';
import { markLine, rangeOf, sparkline, type Trace } from '../text/sparkline.ts';
import type { SoakOrigin, SoakReport } from './soak-report.ts';
import { feeWords } from '../fee-words.ts';
import { counted } from '../../util/counted.ts';

/** The report in a few lines for a terminal; the tables of gates and PnL go between `headline` and `summaryLines`. */

export function headline({ origin, elapsedMs, interrupted }: SoakReport): string {
  const time = interrupted ? `${duration(elapsedMs)} of ${duration(origin.durationMs)}, interrupted` : duration(elapsedMs);
  return [
    `seed ${origin.seed}`,
    marketOf(origin),
    ...feeWords(origin.fees).map((words) => `fees ${words}`),
    origin.symbols.join(' '),
    `profile ${origin.profile} (config ${origin.configHash})`,
    `${origin.clock} clock, ${time}`,
    `mmbot ${origin.version}`,
  ].join(' · ');
}

function marketOf({ market, knobs, replay }: SoakOrigin): string {
  if (replay === undefined) return `market ${market} (psi ${knobs['psi']}, phi ${knobs['phi']})`;
  return `replay of ${replay.files.map(({ name }) => name).join(', ')} (${replay.from} to ${replay.to}, queue model ${replay.queueModel})`;
}

const MOST_PLOTTED = 3;

export interface PlotLine {
  readonly label: string;
  readonly bars: string;
  readonly low: string;
  readonly high: string;
}

/** Plots of the run over time, `width` characters wide. For few symbols: price, position and PnL; for many: the PnL only. */
export function plotLines({ series, symbols, marks, elapsedMs }: SoakReport, width: number): PlotLine[] {
  const line = (label: string, trace: Trace, text: (value: number | undefined) => string): PlotLine => {
    const [low, high] = rangeOf(trace);
    return { label, bars: sparkline(trace, elapsedMs, width), low: text(low), high: text(high) };
  };
  const money = (value: number | undefined): string => signed(value);
  const { run } = series;
  const instants = marks.map(({ atMs }) => atMs);
  return [
    ...series.symbols.flatMap(({ symbol, atMs, mid, position, netUsd }) => [
      ...(symbols.length > MOST_PLOTTED
        ? []
        : [
            line(`${symbol} mid`, { atMs, values: mid }, (value) => (value === undefined ? '–' : grouped(value))),
            line('  position', { atMs, values: position }, (value) => (value === undefined ? '–' : String(value))),
          ]),
      line(symbols.length > MOST_PLOTTED ? symbol : '  net USDT', { atMs, values: netUsd }, money),
    ]),
    line('order p95, ms', { atMs: run.atMs, values: run.latencyMs.p95 }, (value) => fixed(value, 1)),
    ...(instants.length === 0
      ? []
      : [{ label: 'incidents', bars: markLine(instants, elapsedMs, width), low: '', high: grouped(instants.length) }]),
  ];
}

/** Pairs of label and text; a terminal may highlight the label. */
export function summaryLines(report: SoakReport, files: string | undefined): readonly (readonly [string, string])[] {
  const { invariants } = report;
  const broken = invariants.filter(({ holds }) => !holds).map(({ id, name, found }) => ['BROKEN', `${id} ${name}: ${found}`] as const);
  const { symbols } = report;
  const fills = fillSummary(report);
  return [
    ['Orders', ordersLine(report)],
    ['Latency', latencyLine(report)],
    ...(fills === undefined ? [] : [['Fills', fills] as const]),
    ...(symbols.length > 1
      ? symbols.map(
          ({ symbol, fills, position, netUsd }) =>
            [symbol, `${counted(fills, 'fill')}, position ${position}, net ${fixed(netUsd)} USDT`] as const,
        )
      : []),
    ...(report.faults === null ? [] : [['Faults', faultsLine(report.faults)] as const]),
    ['Ledger', ledgerLine(invariants)],
    ...broken,
    ['Report', files === undefined ? 'not written' : `${files}/report.html, with report.md, report.json and journal.log`],
    ['Repeat', report.origin.repeat],
  ];
}

function ledgerLine(invariants: SoakReport['invariants']): string {
  const { broken, idle, held } = invariantCounts(invariants);
  const line = `${held} of ${held + broken} invariants hold against the exchange's own record`;
  return idle === 0 ? line : `${line}, ${idle} not exercised`;
}

function faultsLine({ chosen, occurrences }: NonNullable<SoakReport['faults']>): string {
  const found = chosen.map((name) => `${name} ${occurrences.filter((occurrence) => occurrence.name === name).length}×`);
  return found.join(', ') || 'none occurred';
}

function ordersLine({ orders, pnl }: SoakReport): string {
  const acknowledged = orders.acknowledged + orders.amendsAcknowledged;
  return [
    `${grouped(acknowledged)} acknowledged (${grouped(orders.acknowledged)} new, ${grouped(orders.amendsAcknowledged)} amended)`,
    `${counted(pnl.fills, 'fill')}, ${grouped(pnl.makerFills)} as maker`,
    `${grouped(orders.failedRequests)} of ${grouped(orders.requests)} requests failed`,
    `${grouped(orders.denied.reduce((sum, [, count]) => sum + count, 0))} denied by risk`,
  ].join('; ');
}

function latencyLine({ latencyMs: { acknowledge, confirm } }: SoakReport): string {
  const ms = (value: number | null): string => fixed(value, 1);
  return `order to answer p50 ${ms(acknowledge.p50)}, p95 ${ms(acknowledge.p95)}, p99 ${ms(acknowledge.p99)} ms; to stream p95 ${ms(confirm.p95)} ms`;
}
