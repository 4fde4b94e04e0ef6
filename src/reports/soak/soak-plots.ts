import type { Mark } from '../../harness/soak/run-statistics.ts';
import { distributionPlot, histogramPlot, line, NO_LIMITS, quantileLines, type Limits } from '../html/plot-parts.ts';
import { pack } from '../html/packed.ts';
import type { Instants, Plot, PlotColor, PlotData, PlotMark } from '../html/plots.ts';
import { withoutExplainAt } from './explain-command.ts';
import type { BotReport, LatencyName, SoakReport } from './soak-report.ts';
import { gateBound, symbolPlots, totalPlots } from './symbol-plots.ts';

/** The plots of `report.html`. */
export function soakPlots(report: BotReport, instants: Instants): PlotData {
  const { series, elapsedMs, marks } = report;
  const total = { title: 'All symbols', isTab: true, plots: totalPlots(report) };
  return {
    endMs: elapsedMs,
    marks: [...marks.map((mark) => plotMark(mark, elapsedMs)), ...decisionMarks(report)],
    groups: [
      ...(series.symbols.length > 1 ? [total] : []),
      ...series.symbols.map((columns) => ({ title: columns.symbol, isTab: true, plots: symbolPlots(columns, report) })),
      { title: 'The run as a whole', isTab: false, plots: runPlots(report) },
    ],
    instants,
  };
}

/** A freeze extends to the end of the run, because only a person can end it. */
function plotMark({ atMs, untilMs, kind, text }: Mark, endMs: number): PlotMark {
  const toMs = untilMs ?? (kind === 'freeze' ? endMs : atMs);
  return { fromMs: Math.round(atMs), toMs: Math.round(Math.min(toMs, endMs)), kind, text: kind === 'freeze' ? `frozen: ${text}` : text };
}

/** One for all symbols, which decide at the same instant. */
function decisionMarks({ moments }: BotReport): PlotMark[] {
  return moments.slice(0, 1).map(({ atMs }) => ({ fromMs: atMs, toMs: atMs, kind: 'decision', text: 'decision: click' }));
}

/** What can be said of an instant of a soak. */
export function soakInstants({ origin, moments }: SoakReport): Instants {
  return {
    startedAt: origin.startedAt,
    explain: `${withoutExplainAt(origin.repeat)} --explain-at`,
    note: origin.clock === 'wall' ? 'A run in real time does not repeat exactly: the decision then may be another one.' : undefined,
    decisions: moments.map(({ decidedAtMs, atMs, words }) => ({ fromMs: Math.floor(decidedAtMs), toMs: Math.ceil(atMs), words })),
  };
}

function runPlots(report: BotReport): Plot[] {
  const { series } = report;
  const { latencyMs, atMs } = series.run;
  const common = { x: pack(atMs), axis: 'time', scale: 'linear', limits: NO_LIMITS, width: 'half' } as const;
  const bounds = slaLimits(report);
  return [
    {
      ...common,
      title: 'Order latency',
      unit: 'ms from the decision to the answer',
      scale: 'log',
      lines: quantileLines(latencyMs),
      limits: bounds,
    },
    histogramPlot(
      LATENCIES.filter(([name]) => name !== 'queue').map(([name, label, color]) => ({ label, color, bins: series.histogramMs[name] })),
      bounds,
    ),
    distributionPlot(
      LATENCIES.map(([name, label, color]) => ({ label, color, points: series.distributionMs[name] })),
      bounds,
    ),
    ...activityPlots(report, common),
  ];
}

function activityPlots({ series }: BotReport, common: Omit<Plot, 'title' | 'unit' | 'lines'>): Plot[] {
  const { perSecond, memoryMb } = series.run;
  const messages: Plot = {
    ...common,
    title: 'Messages',
    unit: 'a second',
    atLeast: [0, 0],
    lines: [
      line('new orders', 'blue', 'steps', 2, perSecond.placed),
      line('amends', 'green', 'steps', 2, perSecond.amended),
      line('cancels', 'orange', 'steps', 2, perSecond.canceled),
      line('fills', 'ink', 'steps', 2, perSecond.filled),
      line('failed', 'red', 'steps', 2, perSecond.failed),
    ],
  };
  if (memoryMb === null) return [messages];
  const memory = line('memory', 'purple', 'line', 1, memoryMb);
  return [messages, { ...common, width: 'full', title: 'Memory', unit: 'MB resident, highest of each interval', lines: [memory] }];
}

const LATENCIES: readonly (readonly [LatencyName, string, PlotColor])[] = [
  ['acknowledge', 'order, to its answer', 'blue'],
  ['confirm', 'order, to its private stream update', 'green'],
  ['queue', 'wait in the rate limiter queue', 'orange'],
  ['cancel', 'cancel, to its answer', 'purple'],
];

function slaLimits({ gates }: BotReport): Limits {
  return [...gateBound(gates, 'orderLatencyP95Ms', 'orange', 'p95'), ...gateBound(gates, 'orderLatencyP99Ms', 'red', 'p99')];
}
