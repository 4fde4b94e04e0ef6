import { pageHtml } from '../html/page.ts';
import type { Headline, Tile } from '../html/headline.ts';
import { pack } from '../html/packed.ts';
import { line, NO_LIMITS, scaled } from '../html/plot-parts.ts';
import type { Plot, PlotData } from '../html/plots.ts';
import { fixed, grouped, percent, signed } from '../text/format.ts';
import { drawdownOf, historyOf, type HistoryColumns, type Step } from './trade-history.ts';
import type { TradeReport } from './trade-report.ts';
import { coverage, reasonOf, tradeTables } from './trade-tables.ts';

/** Times of a report, ms since the epoch. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** `report.html`. `steps`: of the report, in the order of their time. */
export function tradeHtml(report: TradeReport, steps: readonly Step[], span: Span): string {
  const all = historyOf(steps, span.from);
  return pageHtml({
    command: 'mmbot report',
    verdict: report.verdict === 'SO_FAR' ? 'SO FAR' : report.verdict,
    headline: headlineOf(report, steps, all, span),
    reason: `${reasonOf(report)}.`,
    subject: coverage(report),
    aboutRun: 'Where the record is',
    origin: {
      title: 'Record',
      head: ['', ''],
      rows: [
        ['journal', report.folder],
        ['from', report.from],
        ['to', report.to],
      ],
    },
    first: tradeTables(report),
    rest: [],
    plots: plotsOf(report, steps, all, span),
  });
}

function headlineOf({ figures }: TradeReport, steps: readonly Step[], all: HistoryColumns, { from, to }: Span): Headline {
  const { fills, makerFills, turnoverUsd, netUsd, netEdgeBps } = figures;
  const tiles: Tile[] = [
    {
      label: 'net',
      value: signed(netUsd),
      unit: 'USDT',
      notes: netEdgeBps === null ? ['no fills'] : [`${signed(netEdgeBps)} bps of turnover`, 'position at its last price'],
      mood: fills === 0 ? undefined : netUsd < 0 ? 'bad' : 'good',
    },
    { label: 'fills', value: grouped(fills), unit: '', notes: fills === 0 ? [] : [`${percent(makerFills / fills)} as maker`] },
    { label: 'turnover', value: grouped(Math.round(turnoverUsd)), unit: 'USDT', notes: [] },
    { label: 'fees paid', value: fixed(Number(figures.fees)), unit: 'USDT', notes: ['as the exchange charged them'] },
    { label: 'funding paid', value: fixed(Number(figures.funding)), unit: 'USDT', notes: [] },
    { label: 'drawdown of net', value: fixed(drawdownOf(steps)), unit: 'USDT', notes: ['from an earlier high'] },
  ];
  const { atMs, netUsd: values } = all;
  const title = 'Net PnL over time, USDT';
  return {
    tiles,
    failed: [],
    trend: atMs.length < 2 ? undefined : { title, atMs, values, endMs: to - from, text: (value) => signed(value), hasSides: true },
  };
}

function plotsOf({ symbols, from: startedAt }: TradeReport, steps: readonly Step[], all: HistoryColumns, { from, to }: Span): PlotData {
  const ofSymbol = (symbol: string): HistoryColumns =>
    historyOf(
      steps.filter((step) => step.symbol === symbol),
      from,
    );
  const several = symbols.length > 1 ? [{ title: 'All symbols', isTab: true, plots: [pnlPlot(all)] }] : [];
  const each = symbols.map(({ symbol }) => {
    const columns = ofSymbol(symbol);
    return { title: symbol, isTab: true, plots: [pricePlot(columns), pnlPlot(columns), positionPlot(columns)] };
  });
  return { endMs: to - from, marks: [], groups: [...several, ...each], instants: { startedAt, decisions: [] } };
}

function common({ atMs }: HistoryColumns): Pick<Plot, 'axis' | 'scale' | 'width' | 'x' | 'limits'> {
  return { axis: 'time', scale: 'linear', width: 'full', x: pack(atMs), limits: NO_LIMITS };
}

function pricePlot(columns: HistoryColumns): Plot {
  const digits = pack(columns.price).decimals;
  return {
    ...common(columns),
    title: 'Executions',
    unit: 'USDT',
    lines: [
      line('price', 'dim', 'line', digits, columns.price),
      line('▲ bought', 'blue', 'buys', digits, columns.bought),
      line('▼ sold', 'red', 'sells', digits, columns.sold),
    ],
  };
}

function pnlPlot(columns: HistoryColumns): Plot {
  return {
    ...common(columns),
    title: 'PnL and its components',
    unit: 'USDT',
    lines: [
      line('trades and position', 'green', 'line', 2, columns.grossUsd),
      line('fees and funding', 'orange', 'dashed', 2, scaled(columns.costUsd, -1)),
      line('net', 'ink', 'strong', 2, columns.netUsd),
    ],
  };
}

function positionPlot(columns: HistoryColumns): Plot {
  return { ...common(columns), title: 'Position', unit: 'coins', lines: [line('position', 'blue', 'area', 4, columns.position)] };
}
