import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import { settingsFor, type Settings } from '../../config/fields.ts';
import { countsFor } from '../../config/keys.ts';
import type { Resolution } from '../../config/resolve.ts';
import type { ConfigWarning } from '../../config/warnings.ts';
import type { Verdict } from '../../errors.ts';
import type { Gate } from '../../harness/measures/gates.ts';
import type { Invariant } from '../../harness/invariants/invariant.ts';
import { edgeBps, failureCount, requestCount, sumUp, type RunTotals } from '../../harness/measures/measures.ts';
import type { RunColumns } from '../../harness/series/run-series.ts';
import type { TotalColumns } from '../../harness/series/total-series.ts';
import type { SymbolColumns } from '../../harness/series/symbol-series.ts';
import type { AskedMoment } from '../../harness/soak/moment-watch.ts';
import type { SoakRun } from '../../harness/soak/soak-run.ts';
import type { Suffered } from '../../harness/soak/fault-watch.ts';
import type { Mark, RunStatistics } from '../../harness/soak/run-statistics.ts';
import type { SymbolTally } from '../../harness/soak/symbol-tally.ts';
import type { Interval } from '../../statistics/block-bootstrap.ts';
import { stepsToNumber } from '../../model/grid.ts';
import type { Histogram } from '../../util/histogram.ts';
import { costsOf, type Cost } from '../causes/costs.ts';
import { attributionOf, type Attribution } from '../causes/held-back.ts';
import { markoutFigures, type MarkoutFigures } from '../causes/markout-figures.ts';
import { fillFigures, standingFigures, type FillFigures, type StandingFigures } from './fills/fill-figures.ts';
import type { FeeFigures } from '../fee-words.ts';
import { momentFigures, type MomentFigures } from './moment.ts';
import type { RunOrigin } from '../run-origin.ts';

export interface SoakOrigin extends RunOrigin {
  readonly market: string;
  /** Parameters of the market model. A PnL figure means little without psi and phi. */
  readonly knobs: Readonly<Record<string, number>>;
  /** As chosen on the command line. */
  readonly faults: string;
  /** That the exchange charged. */
  readonly fees: FeeFigures;
  /** Undefined when the market was simulated. */
  readonly replay?: ReplayOrigin | undefined;
}

/** The recording that served as the market, and the queue model for our orders. */
export interface ReplayOrigin {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** ISO times of the first book and of the last event. */
  readonly from: string;
  readonly to: string;
  readonly bookMessages: number;
  readonly trades: number;
  readonly overlapping: number;
  /** Funding settlements within the recorded time, and tickers that name a rate. */
  readonly settlements: number;
  readonly fundingRates: number;
  readonly longestGapMs: number;
  readonly queueModel: string;
}

/** The whole report as one JSON document. On the virtual clock, nothing in it depends on the speed of the machine. */
export interface SoakReport {
  readonly schemaVersion: 2;
  readonly command: 'soak';
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly origin: SoakOrigin;
  readonly elapsedMs: number;
  readonly gates: readonly Gate[];
  readonly invariants: readonly Invariant[];
  readonly orders: OrderFigures;
  readonly pnl: PnlFigures;
  readonly positionLimits: PositionLimits;
  readonly symbols: readonly SymbolFigures[];
  /** Where the time of all sides went, and what held quotes back. */
  readonly attribution: Attribution;
  /** Settings that defeat each other, as they were known before the run. */
  readonly warnings: readonly ConfigWarning[];
  /** The decisions at the instant that was asked for. */
  readonly moments: readonly MomentFigures[];
  /** That instant, and why there is no decision to show; null when none was asked for. */
  readonly askedMoment: { readonly atMs: number; readonly missing: NonNullable<AskedMoment['missing']> | null } | null;
  /** What a losing run lost money on, worst first. */
  readonly costs: readonly Cost[];
  readonly markouts: MarkoutFigures;
  /** In the order in which the bot learned of them: the latest, and of those before them the ones that lost most. */
  readonly fills: readonly FillFigures[];
  /** Number of fills that are not in `fills`. */
  readonly fillsDropped: number;
  /** Of all fills: what was happening to their orders. */
  readonly fillStandings: readonly StandingFigures[];
  readonly latencyMs: Readonly<Record<LatencyName, Quantiles>>;
  readonly riskRatio: Quantiles;
  readonly cancelAll: CancelReport | null;
  readonly memoryPeakMb: number | null;
  /** Faults that were injected at the exchange; null without faults. */
  readonly faults: Pick<Suffered, 'chosen' | 'occurrences'> | null;
  readonly marks: readonly Mark[];
  /** Number of incidents beyond those that were kept. */
  readonly marksDropped: number;
  readonly series: Series;
}

/** What every run of the bot reports, simulated or live. */
export type BotReport = Omit<SoakReport, 'command' | 'origin'>;

/** The parts of a run that its report is made from. */
export type BotRun = Pick<
  SoakRun,
  | 'statistics'
  | 'fills'
  | 'memory'
  | 'verdict'
  | 'interrupted'
  | 'elapsedMs'
  | 'gates'
  | 'invariants'
  | 'warnings'
  | 'moments'
  | 'askedMoment'
  | 'stopReport'
  | 'suffered'
>;

/** The data of the plots. */
export interface Series {
  readonly run: RunColumns;
  readonly total: TotalColumns;
  /** For each latency, pairs of a share of the samples and the ms that this share does not exceed. */
  readonly distributionMs: Readonly<Record<LatencyName, readonly (readonly [q: number, ms: number])[]>>;
  /** For each latency, bins that have samples: where each begins, ms, and its number of samples. Each is 12 % wider than the one before. */
  readonly histogramMs: Readonly<Record<LatencyName, readonly Bin[]>>;
  readonly symbols: readonly SymbolColumns[];
}

export type Bin = readonly [fromMs: number, count: number];

export type LatencyName = 'acknowledge' | 'confirm' | 'queue' | 'cancel';

export interface OrderFigures {
  readonly sent: number;
  readonly acknowledged: number;
  readonly amendsAcknowledged: number;
  readonly cancels: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly denied: readonly (readonly [string, number])[];
  readonly failures: readonly (readonly [string, number])[];
  readonly closings: readonly (readonly [string, number])[];
  readonly holds: readonly (readonly [string, number])[];
  readonly divergences: readonly (readonly [string, number])[];
  readonly dropped: number;
}

export interface PnlFigures extends RunTotals {
  readonly grossEdgeBps: number | null;
  readonly netEdgeBps: number | null;
  /** 95 % interval of the net edge, by which its gate judges; null in a run that is too short for it. */
  readonly netEdgeIntervalBps: Interval | null;
  /** Largest fall of net PnL from an earlier high, sampled once a second. */
  readonly drawdownUsd: number;
  /** Largest value of the position of one symbol. */
  readonly largestPositionUsd: number;
  /** Largest share of its maximum that the position of one symbol had. */
  readonly largestPositionShare: number;
}

/** Values of the position of a symbol at which its risk guard is SOFT and HARD, and the maximum. */
export interface PositionLimits {
  readonly softUsd: number;
  readonly hardUsd: number;
  readonly maxUsd: number;
}

export interface SymbolFigures {
  readonly symbol: string;
  readonly positionLimits: PositionLimits;
  readonly fills: number;
  readonly position: number;
  /** Of either sign, coins. */
  readonly largestPosition: number;
  readonly turnoverUsd: number;
  readonly spreadUsd: number;
  readonly grossUsd: number;
  readonly feesUsd: number;
  readonly fundingUsd: number;
  readonly netUsd: number;
  readonly uptime: number | null;
}

export interface Quantiles {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** `resolution`: of the settings of the run. */
export function soakReport(run: SoakRun, origin: SoakOrigin, resolution: Pick<Resolution, 'settings' | 'explain'>): SoakReport {
  const { schemaVersion, verdict, interrupted, ...rest } = botReport(run, resolution);
  return { schemaVersion, command: 'soak', verdict, interrupted, origin, ...rest };
}

export function botReport(run: BotRun, { settings, explain }: Pick<Resolution, 'settings' | 'explain'>): BotReport {
  const { statistics, memory } = run;
  const tallies = [...statistics.symbols.values()];
  const totals = sumUp(statistics);
  const fields = explain.filter(({ key }) => countsFor(key, [...statistics.symbols.keys()]));
  return {
    schemaVersion: 2,
    verdict: run.verdict,
    interrupted: run.interrupted,
    elapsedMs: run.elapsedMs,
    gates: run.gates,
    invariants: run.invariants,
    orders: orderFigures(run),
    pnl: pnlFigures(statistics, totals, settings),
    positionLimits: positionLimits(settings),
    symbols: tallies.map((tally) => symbolFigures(tally, settingsFor(settings, tally.instrument.symbol))),
    attribution: attributionOf(tallies, { settings, fields, latencyP95Ms: statistics.ackLatency.quantile(0.95) }),
    warnings: run.warnings,
    moments: run.moments.map(momentFigures),
    askedMoment: run.askedMoment === undefined ? null : { atMs: run.askedMoment.atMs, missing: run.askedMoment.missing ?? null },
    costs: costsOf(statistics, settings, fields),
    markouts: markoutFigures(tallies),
    fills: run.fills.fills.map(fillFigures),
    fillsDropped: run.fills.dropped,
    fillStandings: standingFigures(run.fills),
    latencyMs: eachLatency(statistics, quantiles),
    riskRatio: quantiles(statistics.riskRatio),
    cancelAll: run.stopReport ?? null,
    memoryPeakMb: memory.peakMb === 0 ? null : memory.peakMb,
    faults: run.suffered === undefined ? null : { chosen: run.suffered.chosen, occurrences: run.suffered.occurrences },
    marks: [...statistics.marks, ...faultMarks(run)].sort((a, b) => a.atMs - b.atMs),
    marksDropped: statistics.marksDropped,
    series: {
      run: statistics.series.columns(run.elapsedMs),
      total: statistics.totals.columns(totals, run.elapsedMs),
      distributionMs: eachLatency(statistics, distribution),
      histogramMs: eachLatency(statistics, binsOf),
      symbols: tallies.map((tally) => tally.columns(run.elapsedMs)),
    },
  };
}

/** The whole document: first the figures, then the fills and the columns of the plots, one line each. */
export function reportJson({ series, fills, ...figures }: BotReport): string {
  return [
    `${JSON.stringify(figures, undefined, 2).slice(0, -2)},`,
    `  "fills": [${linesOf(fills.map((fill) => JSON.stringify(fill)))}],`,
    `  "series": {${linesOf(Object.entries(series).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`))}}`,
    '}\n',
  ].join('\n');
}

function linesOf(elements: readonly string[]): string {
  return elements.length === 0 ? '' : `\n    ${elements.join(',\n    ')}\n  `;
}

function eachLatency<Figures>(statistics: RunStatistics, figures: (histogram: Histogram) => Figures): Record<LatencyName, Figures> {
  return {
    acknowledge: figures(statistics.ackLatency),
    confirm: figures(statistics.confirmLatency),
    queue: figures(statistics.queueWait),
    cancel: figures(statistics.cancelLatency),
  };
}

function binsOf(histogram: Histogram): Bin[] {
  return histogram.bins().map(([ms, count]) => [Number(ms.toPrecision(6)), count]);
}

function distribution(histogram: Histogram): (readonly [number, number])[] {
  return histogram.distribution().map(([q, ms]) => [Number(q.toFixed(8)), Number(ms.toFixed(3))]);
}

function faultMarks({ suffered }: BotRun): Mark[] {
  return (suffered?.occurrences ?? []).map(({ name, fromMs, toMs }) => ({ atMs: fromMs, untilMs: toMs, kind: 'fault', text: name }));
}

function orderFigures({ statistics }: BotRun): OrderFigures {
  const { events } = statistics;
  return {
    sent: events.get('orderSent'),
    acknowledged: events.get('orderAcked'),
    amendsAcknowledged: events.get('amendAcked'),
    cancels: events.get('cancelSent'),
    requests: requestCount(statistics),
    failedRequests: failureCount(statistics),
    denied: statistics.denials.entries(),
    failures: statistics.failures.entries(),
    closings: statistics.closings.entries(),
    holds: statistics.holds.entries(),
    divergences: statistics.divergences.entries(),
    dropped: events.get('requestDropped'),
  };
}

function pnlFigures({ edge, drawdownUsd, symbols }: RunStatistics, totals: RunTotals, settings: Settings): PnlFigures {
  const shares = [...symbols].map(
    ([symbol, { largestPositionUsd }]) => largestPositionUsd / settingsFor(settings, symbol).risk.maxPositionUsd,
  );
  return {
    ...totals,
    grossEdgeBps: edgeBps(totals.grossUsd, totals.turnoverUsd) ?? null,
    netEdgeBps: edgeBps(totals.netUsd, totals.turnoverUsd) ?? null,
    netEdgeIntervalBps: edge.intervalBps() ?? null,
    drawdownUsd,
    largestPositionUsd: Math.max(0, ...[...symbols.values()].map((tally) => tally.largestPositionUsd)),
    largestPositionShare: Math.max(0, ...shares),
  };
}

function positionLimits({ risk }: Settings): PositionLimits {
  const { maxPositionUsd, softInventoryRatio, hardInventoryRatio } = risk;
  return { softUsd: softInventoryRatio * maxPositionUsd, hardUsd: hardInventoryRatio * maxPositionUsd, maxUsd: maxPositionUsd };
}

function symbolFigures(tally: SymbolTally, settings: Settings): SymbolFigures {
  const { instrument, fills, turnoverUsd, spreadUsd, grossUsd, feesUsd, fundingUsd, netUsd, position, largestPosition } = tally;
  return {
    symbol: instrument.symbol,
    positionLimits: positionLimits(settings),
    fills,
    position: stepsToNumber(position.quantity, instrument.lot),
    largestPosition,
    turnoverUsd,
    spreadUsd,
    grossUsd,
    feesUsd,
    fundingUsd,
    netUsd,
    uptime: tally.observedMs === 0 ? null : tally.twoSidedMs / tally.observedMs,
  };
}

function quantiles(histogram: Histogram): Quantiles {
  return {
    count: histogram.count,
    mean: histogram.mean ?? null,
    p50: histogram.quantile(0.5) ?? null,
    p95: histogram.quantile(0.95) ?? null,
    p99: histogram.quantile(0.99) ?? null,
    max: histogram.max ?? null,
  };
}
