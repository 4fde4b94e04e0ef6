import type { LoadPoint, PointQuantiles } from '../../harness/load/load-series.ts';
import type { LoadStage } from '../../harness/load/load-stage.ts';
import { pack } from '../html/packed.ts';
import { distributionPlot, histogramPlot, limitOf, line, NO_LIMITS, quantileLines, type Figures, type Limits } from '../html/plot-parts.ts';
import type { Plot, PlotColor, PlotData } from '../html/plots.ts';
import type { LoadReport } from './load-report.ts';
import { kneeFailure, rate } from './load-rows.ts';

/** The answer comes first, because the SLA is about it. */
const STAGES: readonly (readonly [LoadStage, PlotColor])[] = [
  ['ack', 'blue'],
  ['stream', 'green'],
  ['queue', 'orange'],
  ['decide', 'purple'],
  ['schedule', 'dim'],
];

/** The plots of a load test’s page. */
export function loadPlots(report: LoadReport): PlotData {
  const { series, elapsedMs, stages, origin } = report;
  const time = { axis: 'time', scale: 'linear', limits: NO_LIMITS, width: 'half', x: pack(startsOf(series)) } as const;
  const limits = slaLimits(report);
  const curves = STAGES.map(([stage, color]) => ({ label: stage, color, points: stages[stage].distribution }));
  const bins = STAGES.slice(0, 2).map(([stage, color]) => ({ label: stage, color, bins: stages[stage].histogram }));
  const plots: Plot[] = [
    latencyPlot(series, { ...time, limits }),
    histogramPlot(bins, limits),
    distributionPlot(curves, limits),
    orderPlot(series, { ...time, width: 'full' }),
    stagePlot(series, time),
    ...resourcePlots(series, time),
  ];
  const ofKnee =
    report.knee === null ? [] : [{ title: 'The search for the highest rate', isTab: false, plots: [kneePlot(report.knee, limits)] }];
  const title = report.knee === null ? 'Over time' : 'The highest rate that held, over time';
  return {
    endMs: elapsedMs,
    marks: [],
    groups: [...ofKnee, { title, isTab: false, plots }],
    instants: { startedAt: origin.startedAt, decisions: [] },
  };
}

/** Latency by rate, with the bounds; of a rate that was tried twice, the longer run. */
function kneePlot(knee: NonNullable<LoadReport['knee']>, limits: Limits): Plot {
  const { lastGoodPerSecond, firstBadPerSecond } = knee;
  const steps = [...new Map(knee.steps.map((step) => [step.perSecond, step])).values()].sort((a, b) => a.perSecond - b.perSecond);
  const of = (q: 'p50' | 'p95' | 'p99'): Figures => steps.map(({ ack }) => shortened(ack[q]));
  const post = (x: number | null, text: string, color: PlotColor): NonNullable<Plot['posts']> => (x === null ? [] : [{ x, text, color }]);
  return {
    title: 'Order latency by rate',
    unit: 'ms, by orders a second',
    axis: 'log',
    scale: 'log',
    width: 'full',
    x: pack(steps.map(({ perSecond }) => shortened(perSecond))),
    lines: [
      line('p99', 'red', 'points', 1, of('p99')),
      line('p95', 'orange', 'points', 1, of('p95')),
      line('p50', 'blue', 'points', 1, of('p50')),
      line(
        'errors, %',
        'dim',
        'note',
        2,
        steps.map(({ errorRatio }) => (errorRatio === null ? null : shortened(100 * errorRatio))),
      ),
    ],
    limits,
    posts: [
      ...post(lastGoodPerSecond, `holds ${rate(lastGoodPerSecond ?? 0)}/s`, 'green'),
      ...post(firstBadPerSecond, `${rate(firstBadPerSecond ?? 0)}/s breaks ${kneeFailure(knee)}`, 'red'),
    ],
  };
}

type Frame = Omit<Plot, 'title' | 'unit' | 'lines'>;

function latencyPlot(series: readonly LoadPoint[], frame: Frame): Plot {
  const of = (pick: (quantiles: PointQuantiles) => number): Figures => stageFigures(series, 'ack', pick);
  return {
    ...frame,
    title: 'Order latency',
    unit: 'ms from when a request was due to its answer',
    width: 'full',
    scale: 'log',
    lines: quantileLines({
      samples: of(({ count }) => count),
      p50: of(({ p50 }) => p50),
      p95: of(({ p95 }) => p95),
      p99: of(({ p99 }) => p99),
      max: of(({ max }) => max),
    }),
  };
}

function orderPlot(series: readonly LoadPoint[], frame: Frame): Plot {
  const due = series.map(({ askedPerSecond }) => shortened(askedPerSecond));
  const sent = series.map(({ achievedPerSecond }) => shortened(achievedPerSecond));
  const failed = series.map(({ errors }) => errors);
  return {
    ...frame,
    title: 'Orders',
    unit: 'a second; failures are requests of any kind',
    atLeast: [0, 0],
    lines: [line('due', 'dim', 'steps', 2, due), line('sent', 'blue', 'steps', 2, sent), line('failed', 'red', 'steps', 0, failed)],
  };
}

function stagePlot(series: readonly LoadPoint[], frame: Frame): Plot {
  const lines = STAGES.map(([stage, color]) => {
    const p95 = stageFigures(series, stage, (quantiles) => quantiles.p95);
    return line(stage, color, stage === 'ack' ? 'strong' : 'line', 2, p95);
  });
  return { ...frame, title: 'Latency by stage', unit: 'ms, p95 of each stage', width: 'full', scale: 'log', lines };
}

function stageFigures(series: readonly LoadPoint[], stage: LoadStage, pick: (quantiles: PointQuantiles) => number): Figures {
  return series.map(({ latencyMs }) => {
    const quantiles = latencyMs[stage];
    return quantiles === null ? null : shortened(pick(quantiles));
  });
}

/** Figures of the process that made the load; no plots in simulated time. */
function resourcePlots(series: readonly LoadPoint[], time: Frame): Plot[] {
  const plot = (title: string, unit: string, digits: number, pick: (point: LoadPoint) => number | null): Plot[] => {
    const figures = series.map((point) => shortened(pick(point)));
    if (figures.every((figure) => figure === null || figure === 0)) return [];
    return [
      { ...time, title, unit, width: 'third', atLeast: [0, 0], lines: [line(title.toLowerCase(), 'purple', 'line', digits, figures)] },
    ];
  };
  return [
    ...plot('Memory', 'MB resident', 1, ({ rssMb }) => rssMb),
    ...plot('Processor', '% of one', 1, ({ cpuRatio }) => (cpuRatio === null ? null : 100 * cpuRatio)),
    ...plot('Event loop', 'largest delay, ms', 1, ({ loopLagMs }) => loopLagMs),
  ];
}

const SLA_COLORS: readonly PlotColor[] = ['orange', 'red', 'purple'];

function slaLimits({ gates }: LoadReport): Limits {
  return gates
    .filter(({ unit }) => unit === 'ms')
    .map((gate, index) => limitOf(gate, SLA_COLORS[index] ?? 'dim', gate.name.replace('order latency ', '')));
}

/** A point is stamped with the end of its interval; a plot needs the beginning. */
function startsOf(series: readonly LoadPoint[]): number[] {
  return series.map((_, index) => series[index - 1]?.atMs ?? 0);
}

function shortened(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(3));
}
