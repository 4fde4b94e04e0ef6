import { samplesFor, type Measure, type Threshold } from './gates.ts';
import type { MemorySamples } from './memory-samples.ts';
import type { RunStatistics } from '../soak/run-statistics.ts';

const MIN_FILLS = 30;
const MIN_REQUESTS = 100;
const MIN_UPTIME_MS = 30_000;
/** At one sample a second: ten minutes after the warm-up minute. */
const MIN_MEMORY_SAMPLES = 660;

/** Computes the figures that the gates judge from the statistics of a run. */
export function measureRun(statistics: RunStatistics, memory: MemorySamples, memoryCounts: boolean): Record<Threshold, Measure> {
  const { ackLatency, riskRatio } = statistics;
  const totals = sumUp(statistics);
  const requests = requestCount(statistics);
  return {
    orderLatencyP95Ms: { value: ackLatency.quantile(0.95), samples: ackLatency.count, needed: samplesFor(0.95) },
    orderLatencyP99Ms: { value: ackLatency.quantile(0.99), samples: ackLatency.count, needed: samplesFor(0.99) },
    riskRatioP95: { value: riskRatio.quantile(0.95), samples: riskRatio.count, needed: 30 },
    makerShare: { value: ratio(totals.makerFills, totals.fills), samples: totals.fills, needed: MIN_FILLS },
    errorRate: { value: ratio(failureCount(statistics), requests), samples: requests, needed: MIN_REQUESTS },
    netEdgeBps: netEdgeOf(statistics, totals),
    quoteUptime: {
      value: ratio(totals.twoSidedMs, totals.observedMs),
      samples: Math.round(totals.observedMs / 1000),
      needed: MIN_UPTIME_MS / 1000,
    },
    memorySlopeMbPerHour: {
      value: memory.slope,
      samples: memory.count,
      needed: MIN_MEMORY_SAMPLES,
      notMeasured: memoryCounts ? undefined : 'simulated time',
    },
  };
}

/** Without an interval nothing is judged: too few fills, or all of them within a short time. */
function netEdgeOf({ edge }: RunStatistics, totals: RunTotals): Measure {
  const interval = edge.intervalBps();
  return {
    value: edgeBps(totals.netUsd, totals.turnoverUsd),
    samples: totals.fills,
    needed: interval === undefined ? Math.max(edge.neededFills, totals.fills + 1) : edge.neededFills,
    neededToPass: edge.neededToPass,
    interval,
  };
}

export interface RunTotals {
  readonly fills: number;
  readonly makerFills: number;
  readonly turnoverUsd: number;
  readonly spreadUsd: number;
  /** Price moves for (positive) or against (negative) the positions that the fills made. */
  readonly adverseUsd: number;
  /** The part of `adverseUsd` within `risk.edgeMarkoutMs` of each fill. */
  readonly selectionUsd: number;
  /** The rest of `adverseUsd`: moves of the price while the position was held longer. */
  readonly driftUsd: number;
  readonly feesUsd: number;
  /** Funding paid for the positions; negative if received. */
  readonly fundingUsd: number;
  readonly grossUsd: number;
  readonly netUsd: number;
  /** Value of the positions at the mid, as if all were long. */
  readonly grossPositionUsd: number;
  readonly twoSidedMs: number;
  readonly observedMs: number;
}

/** Totals over all symbols. `grossUsd` = spread captured at the fills + later price moves of the position. */
export function sumUp({ symbols }: Pick<RunStatistics, 'symbols'>): RunTotals {
  const sum = (pick: (tally: NonNullable<ReturnType<typeof symbols.get>>) => number): number =>
    [...symbols.values()].reduce((total, tally) => total + pick(tally), 0);
  const grossUsd = sum((tally) => tally.grossUsd);
  const spreadUsd = sum((tally) => tally.spreadUsd);
  const selectionUsd = sum((tally) => tally.selectionUsd);
  const feesUsd = sum((tally) => tally.feesUsd);
  const fundingUsd = sum((tally) => tally.fundingUsd);
  return {
    fills: sum((tally) => tally.fills),
    makerFills: sum((tally) => tally.makerFills),
    turnoverUsd: sum((tally) => tally.turnoverUsd),
    spreadUsd,
    adverseUsd: grossUsd - spreadUsd,
    selectionUsd,
    driftUsd: grossUsd - spreadUsd - selectionUsd,
    feesUsd,
    fundingUsd,
    grossUsd,
    netUsd: grossUsd - feesUsd - fundingUsd,
    grossPositionUsd: sum(({ positionUsd }) => Math.abs(positionUsd)),
    twoSidedMs: sum((tally) => tally.twoSidedMs),
    observedMs: sum((tally) => tally.observedMs),
  };
}

/** Creates, amends and cancels that were sent to the exchange. */
export function requestCount({ events }: RunStatistics): number {
  return events.get('orderSent') + events.get('amendSent') + events.get('cancelSent');
}

export function failureCount({ failures }: RunStatistics): number {
  return failures.entries().reduce((total, [, count]) => total + count, 0);
}

export function edgeBps(usd: number, turnoverUsd: number): number | undefined {
  return turnoverUsd === 0 ? undefined : (usd / turnoverUsd) * 10_000;
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
