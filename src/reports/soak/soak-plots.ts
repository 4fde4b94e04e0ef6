import type { Mark } from '../../harness/soak/run-statistics.ts';
import type { SymbolColumns } from '../../harness/series/symbol-series.ts';
import { pack } from '../html/packed.ts';
import { distributionPlot, limitOf, line, NO_LIMITS, quantileLines, scaled, type Limits } from '../html/plot-parts.ts';
import type { Plot, PlotColor, PlotData, PlotMark } from '../html/plots.ts';
import type { BotReport, LatencyName } from './soak-report.ts';

/** The plots of `report.html`. */
export function soakPlots(report: BotReport): PlotData {
  const { series, elapsedMs, marks } = report;
  return {
    endMs: elapsedMs,
    marks: marks.map((mark) => plotMark(mark, elapsedMs)),
    groups: [
      ...series.symbols.map((columns) => ({ title: columns.symbol, isTab: true, plots: symbolPlots(columns, report) })),
      { title: 'The run as a whole', isTab: false, plots: runPlots(report) },
    ],
  };
}

/** A freeze extends to the end of the run, because only a person can end it. */
function plotMark({ atMs, untilMs, kind, text }: Mark, endMs: number): PlotMark {
  const toMs = untilMs ?? (kind === 'freeze' ? endMs : atMs);
  return { fromMs: Math.round(atMs), toMs: Math.round(Math.min(toMs, endMs)), kind, text: kind === 'freeze' ? `frozen: ${text}` : text };
}

function symbolPlots(columns: SymbolColumns, report: BotReport): Plot[] {
  const x = pack(columns.atMs);
  const common = { x, axis: 'time', scale: 'linear', limits: NO_LIMITS, width: 'third' } as const;
  const priceDigits = pack(columns.mid).decimals;
  return [
    {
      ...common,
      title: 'Price, own quotes and fills',
      unit: 'USDT',
      width: 'full',
      lines: [
        line('own bid', 'blue', 'steps', priceDigits, columns.bid),
        line('own ask', 'red', 'steps', priceDigits, columns.ask),
        line('mid', 'ink', 'line', priceDigits, columns.mid),
        line('▲ bought', 'blue', 'buys', priceDigits, columns.bought),
        line('▼ sold', 'red', 'sells', priceDigits, columns.sold),
      ],
    },
    {
      ...common,
      title: 'PnL and its components',
      unit: 'USDT since the start',
      width: 'full',
      lines: [
        line('spread captured', 'green', 'line', 2, columns.spreadUsd),
        line('adverse selection and inventory', 'red', 'line', 2, columns.adverseUsd),
        line('fees', 'orange', 'dashed', 2, scaled(columns.feesUsd, -1)),
        line('funding', 'purple', 'dotted', 2, scaled(columns.fundingUsd, -1)),
        line('net', 'ink', 'strong', 2, columns.netUsd),
      ],
    },
    { ...common, title: 'Position', unit: 'coins', lines: [line('position', 'blue', 'area', 4, columns.position)] },
    {
      ...common,
      title: 'Risk ratio',
      unit: 'worst-case position over its maximum',
      atLeast: [0, 0],
      lines: [line('risk ratio', 'blue', 'area', 3, columns.riskRatio)],
      limits: limit(report, 'riskRatioP95', 'red', 'p95'),
    },
    {
      ...common,
      title: 'Quoting on both sides',
      unit: '% of the time',
      x: pack(columns.quoting.atMs),
      atLeast: [0, 100],
      lines: [line('two-sided', 'green', 'area', 1, scaled(columns.quoting.share, 100))],
      limits: limit(report, 'quoteUptime', 'dim', 'whole run', 100),
    },
  ];
}

function runPlots(report: BotReport): Plot[] {
  const { latencyMs, perSecond, memoryMb, atMs } = report.series.run;
  const common = { x: pack(atMs), axis: 'time', scale: 'linear', limits: NO_LIMITS, width: 'half' } as const;
  const memory: Plot[] =
    memoryMb === null
      ? []
      : [
          {
            ...common,
            title: 'Memory',
            unit: 'MB resident, highest of each interval',
            lines: [line('memory', 'purple', 'line', 1, memoryMb)],
          },
        ];
  return [
    {
      ...common,
      title: 'Order latency',
      unit: 'ms from the decision to the answer',
      scale: 'log',
      lines: quantileLines(latencyMs),
      limits: slaLimits(report),
    },
    distributionPlot(
      LATENCIES.map(([name, label, color]) => ({ label, color, points: report.series.distributionMs[name] })),
      slaLimits(report),
    ),
    {
      ...common,
      title: 'Messages',
      width: memory.length === 0 ? 'full' : 'half',
      unit: 'a second',
      atLeast: [0, 0],
      lines: [
        line('new orders', 'blue', 'steps', 2, perSecond.placed),
        line('amends', 'green', 'steps', 2, perSecond.amended),
        line('cancels', 'orange', 'steps', 2, perSecond.canceled),
        line('fills', 'ink', 'steps', 2, perSecond.filled),
        line('failed', 'red', 'steps', 2, perSecond.failed),
      ],
    },
    ...memory,
  ];
}

const LATENCIES: readonly (readonly [LatencyName, string, PlotColor])[] = [
  ['acknowledge', 'order, to its answer', 'blue'],
  ['confirm', 'order, to its private stream update', 'green'],
  ['queue', 'wait in the rate limiter queue', 'orange'],
  ['cancel', 'cancel, to its answer', 'purple'],
];

function slaLimits(report: BotReport): Limits {
  return [...limit(report, 'orderLatencyP95Ms', 'orange', 'p95'), ...limit(report, 'orderLatencyP99Ms', 'red', 'p99')];
}

/** The bound of a gate, as the profile sets it. */
function limit({ gates }: BotReport, key: string, color: PlotColor, what: string, factor = 1): Limits {
  const gate = gates.find((each) => each.key === `thresholds.${key}`);
  return gate === undefined ? [] : [limitOf(gate, color, what, factor)];
}
