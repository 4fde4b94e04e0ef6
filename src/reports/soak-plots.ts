import type { Mark } from '../harness/soak-statistics.ts';
import type { SymbolColumns } from '../harness/series/symbol-series.ts';
import { pack } from './html/packed.ts';
import type { Plot, PlotColor, PlotData, PlotLine, PlotMark } from './html/plots.ts';
import type { LatencyName, SoakReport } from './soak-report.ts';

type Figures = readonly (number | null)[];
type Limits = Plot['limits'];

const NONE: Limits = [];

/** What `report.html` draws. */
export function soakPlots(report: SoakReport): PlotData {
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

/** A freeze lasts: nothing but a person ends it. */
function plotMark({ atMs, untilMs, kind, text }: Mark, endMs: number): PlotMark {
  const toMs = untilMs ?? (kind === 'freeze' ? endMs : atMs);
  return { fromMs: Math.round(atMs), toMs: Math.round(Math.min(toMs, endMs)), kind, text: kind === 'freeze' ? `frozen: ${text}` : text };
}

function symbolPlots(columns: SymbolColumns, report: SoakReport): Plot[] {
  const x = pack(columns.atMs);
  const common = { x, axis: 'time', scale: 'linear', limits: NONE, width: 'third' } as const;
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
      title: 'PnL and what it is made of',
      unit: 'USDT since the start',
      width: 'full',
      lines: [
        line('spread captured', 'green', 'line', 2, columns.spreadUsd),
        line('adverse selection and inventory', 'red', 'line', 2, columns.adverseUsd),
        line('fees', 'orange', 'dashed', 2, negated(columns.feesUsd)),
        line('funding', 'purple', 'dotted', 2, negated(columns.fundingUsd)),
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

function runPlots(report: SoakReport): Plot[] {
  const { latencyMs, perSecond, memoryMb, atMs } = report.series.run;
  const common = { x: pack(atMs), axis: 'time', scale: 'linear', limits: NONE, width: 'half' } as const;
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
      unit: 'ms from the turn that wanted it to the answer',
      scale: 'log',
      lines: [
        line('worst', 'dim', 'dotted', 1, latencyMs.max),
        line('p99', 'red', 'line', 1, latencyMs.p99),
        line('p95', 'orange', 'line', 1, latencyMs.p95),
        line('p50', 'blue', 'strong', 1, latencyMs.p50),
        line('samples', 'dim', 'note', 0, latencyMs.samples),
      ],
      limits: slaLimits(report),
    },
    distributionPlot(report),
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
  ['acknowledge', 'order, to the answer', 'blue'],
  ['confirm', 'order, to the stream', 'green'],
  ['queue', 'wait in the lane', 'orange'],
  ['cancel', 'cancel, to the answer', 'purple'],
];

/** Each latency over its percentiles, drawn to the worst sample. All share the longest one's axis: their shares are the same numbers. */
function distributionPlot(report: SoakReport): Plot {
  const { distributionMs } = report.series;
  const shares = [...new Set(LATENCIES.flatMap(([name]) => distributionMs[name].map(([q]) => q)))].sort((a, b) => a - b);
  const column = (name: LatencyName): Figures => {
    const known = new Map(distributionMs[name]);
    return shares.map((q) => known.get(q) ?? null);
  };
  return {
    title: 'Latency distribution',
    unit: 'ms not exceeded by this share of the samples',
    axis: 'share',
    scale: 'log',
    width: 'half',
    x: pack(shares.map((q) => Number((1 / (1 - q)).toFixed(4)))),
    lines: LATENCIES.map(([name, label, color]) => line(label, color, name === 'acknowledge' ? 'strong' : 'line', 1, column(name))),
    limits: slaLimits(report),
  };
}

function slaLimits(report: SoakReport): Limits {
  return [...limit(report, 'orderLatencyP95Ms', 'orange', 'p95'), ...limit(report, 'orderLatencyP99Ms', 'red', 'p99')];
}

/** The bound of a gate, as the profile sets it. */
function limit({ gates }: SoakReport, key: string, color: PlotColor, what: string, factor = 1): Limits {
  const gate = gates.find((each) => each.key === `thresholds.${key}`);
  if (gate === undefined) return [];
  const value = gate.bound * factor;
  return [{ value, color, text: `${what} ${gate.atMost ? 'at most' : 'at least'} ${value}` }];
}

function line(label: string, color: PlotColor, shape: PlotLine['shape'], digits: number, figures: Figures): PlotLine {
  return { label, color, shape, digits, y: pack(figures) };
}

function negated(figures: Figures): Figures {
  return scaled(figures, -1);
}

function scaled(figures: Figures, factor: number): Figures {
  return figures.map((value) => (value === null ? null : Number((value * factor).toFixed(4))));
}
