import type { Verdict } from '../../errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { LedgerBucket } from '../../simulator/ledger/ledger.ts';
import { every, type Clock } from '../../util/clock.ts';
import { samplesFor, verdictOf } from '../measures/gates.ts';
import { findKnee, type Knee } from './knee.ts';
import { LoadGenerator } from './load-generator.ts';
import type { ResourceReading } from './load-series.ts';
import { plannedOrders, restMsFor, type LoadPlan } from './load-plan.ts';
import { LoadSession, type LoadSessionParts } from './load-session.ts';
import { LoadStatistics } from './load-statistics.ts';
import { LoopLag } from '../measures/loop-lag.ts';
import { MemorySamples } from '../measures/memory-samples.ts';
import { judgeLoad, type LoadGate, type SlaBound } from './sla.ts';

const SAMPLE_MS = 1000;
/** Order books and mark prices must arrive within this time. */
const PRICES_WITHIN_MS = 15_000;
const LEAST_PER_SECOND = 0.1;
const MOST_PER_SECOND = 50_000;
const KNEE_PRECISION = 0.05;
/** A confirming step takes as long as its samples need, up to this. */
const LONGEST_CONFIRMATION_MS = 300_000;
const MB = 1024 * 1024;

/** Resources of the process; undefined in simulated time. */
export interface Resources {
  memoryBytes(): number;
  /** Processor time so far, ms. */
  cpuMs(): number;
}

/** The exchange’s own record, where it can be read. */
export interface LedgerView {
  /** Requests that reached each endpoint. */
  readonly buckets: readonly LedgerBucket[];
  /** Number of orders of this run that rest now. */
  readonly resting: number;
}

export interface LoadParts extends LoadSessionParts {
  readonly plan: Omit<LoadPlan, 'restMs'>;
  readonly warmUpMs: number;
  /** Measured time; for a search, that of each step. */
  readonly durationMs: number;
  readonly findsKnee: boolean;
  readonly bounds: readonly SlaBound[];
  readonly resources: Resources | undefined;
  readonly ledger: () => Promise<LedgerView | undefined>;
  /** Ends the run early, with the same cleanup. */
  readonly stop: AbortSignal;
  /** Called once a second. */
  readonly onSample: (step: RunningStep) => void;
}

export interface RunningStep {
  readonly number: number;
  readonly perSecond: number;
  readonly elapsedMs: number;
  readonly durationMs: number;
  readonly isWarmingUp: boolean;
  readonly statistics: LoadStatistics;
  /** As they would be judged now. */
  readonly gates: readonly LoadGate[];
  /** The last reading of the process’s resources. */
  readonly reading: ResourceReading;
  /** For a search: the rates before this one. */
  readonly earlier: readonly LoadStep[];
}

/** One rate and its result. */
export interface LoadStep {
  readonly perSecond: number;
  readonly restMs: number;
  readonly durationMs: number;
  /** Without the warm-up. */
  readonly elapsedMs: number;
  readonly statistics: LoadStatistics;
  readonly gates: readonly LoadGate[];
  readonly verdict: Verdict;
  readonly lag: LoopLag;
  /** Share of one processor until the last request was submitted; undefined in simulated time. */
  readonly cpuRatio: number | undefined;
}

export interface LoadRun {
  readonly steps: readonly LoadStep[];
  /** The step that the report is about; for a search, the last good one. */
  readonly step: LoadStep | undefined;
  /** Undefined when no knee was searched for. */
  readonly knee: Knee | undefined;
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly memory: MemorySamples;
  /** Undefined when the exchange could not be read at the end. */
  readonly stopReport: CancelReport | undefined;
  /** At the end. */
  readonly ledger: LedgerView | undefined;
  readonly fault: unknown;
}

/**
 * Runs a load, or searches for the highest rate that passes, then cancels everything and verifies it. Rejects with ExchangeError when it
 * could not start.
 */
export async function runLoad(parts: LoadParts): Promise<LoadRun> {
  const { stop } = parts;
  const run = new Run(parts);
  let stopReport: CancelReport | undefined;
  let knee: Knee | undefined;
  try {
    await run.session.start();
    const isPriced = await run.session.hasPrices(PRICES_WITHIN_MS, stop);
    if (!isPriced && !stop.aborted) throw noPrices(parts.symbols);
    if (parts.findsKnee) knee = await run.findKnee();
    else await run.step(parts.plan.perSecond, parts.durationMs);
  } finally {
    stopReport = await run.session.stop().catch(unreadable);
  }
  const step = run.steps.findLast(({ perSecond }) => knee === undefined || perSecond === knee.lastGood) ?? run.steps.at(-1);
  const ledger = await parts.ledger();
  return {
    steps: run.steps,
    step,
    knee,
    verdict: step === undefined ? 'INCONCLUSIVE' : step.verdict,
    interrupted: stop.aborted,
    memory: run.memory,
    stopReport,
    ledger,
    fault: run.session.fault,
  };
}

class Run {
  readonly session: LoadSession;
  readonly steps: LoadStep[] = [];
  readonly memory = new MemorySamples();
  readonly #parts: LoadParts;
  readonly #startedAt: number;

  constructor(parts: LoadParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.monotonic();
    this.session = new LoadSession(parts);
  }

  findKnee(): Promise<Knee> {
    const { plan, durationMs, bounds } = this.#parts;
    const needed = Math.max(...bounds.map(({ quantile }) => (quantile === 1 ? 1 : samplesFor(quantile))), 1);
    return findKnee({
      first: plan.perSecond,
      least: LEAST_PER_SECOND,
      most: MOST_PER_SECOND,
      precision: KNEE_PRECISION,
      run: async (perSecond, confirm) => {
        const enoughMs = (1000 * 1.1 * needed) / (perSecond * (2 + plan.amendRatio));
        const forMs = confirm ? Math.min(LONGEST_CONFIRMATION_MS, Math.max(durationMs, enoughMs)) : durationMs;
        const verdict = await this.step(perSecond, Math.ceil(forMs / 1000) * 1000);
        return verdict === undefined ? undefined : { isGood: verdict !== 'FAIL', judged: verdict === 'PASS' };
      },
    });
  }

  /** Undefined when the step was ended early. */
  async step(perSecond: number, durationMs: number): Promise<Verdict | undefined> {
    const { clock, random, settings, warmUpMs, stop, idPrefix, resources } = this.#parts;
    if (stop.aborted || this.session.fault !== undefined) return undefined;
    const number = this.steps.length;
    const plan: LoadPlan = { ...this.#parts.plan, perSecond, restMs: restMsFor(perSecond, settings.risk.maxOpenOrders) };
    const startAt = clock.monotonic();
    const window = { from: startAt + warmUpMs, to: startAt + warmUpMs + durationMs };
    const statistics = new LoadStatistics(clock, window);
    const faulted = new AbortController();
    const record = { statistics, idPrefix: `${idPrefix}${number.toString(36)}-` };
    const submit = this.session.begin(record, () => faulted.abort());
    const elapsedMs = (): number => Math.max(0, Math.min(clock.monotonic(), window.to) - window.from);
    const lag = new LoopLag(clock);
    const endSampling = this.#sample({ number, perSecond, durationMs, statistics }, elapsedMs, lag);
    const cpuBeforeMs = resources?.cpuMs() ?? 0;
    const ended = AbortSignal.any([stop, faulted.signal]);
    const orders = plannedOrders(plan, random.fork(`load ${number}`));
    await new LoadGenerator({ clock, orders, startAt, endAt: window.to, submit, stop: ended }).run();
    const measuredMs = elapsedMs();
    const cpuMs = resources === undefined ? undefined : resources.cpuMs() - cpuBeforeMs;
    const cpuRatio = cpuMs === undefined ? undefined : cpuMs / (clock.monotonic() - startAt);
    await this.session.settled(ended);
    endSampling();
    lag.stop();
    this.session.end();
    const gates = this.#judge(statistics);
    const verdict = verdictOf(gates, 0);
    this.steps.push({ perSecond, restMs: plan.restMs, durationMs, elapsedMs: measuredMs, statistics, gates, verdict, lag, cpuRatio });
    return ended.aborted ? undefined : verdict;
  }

  #judge({ due, failed, counts, stages }: LoadStatistics): readonly LoadGate[] {
    const { bounds, settings } = this.#parts;
    const measures = { ack: stages.ack, due, failed, ordersDue: counts.place.due, ordersSent: counts.place.sent };
    return judgeLoad(measures, bounds, settings.thresholds.errorRate);
  }

  #sample(
    step: Pick<RunningStep, 'number' | 'perSecond' | 'durationMs' | 'statistics'>,
    elapsedMs: () => number,
    lag: LoopLag,
  ): () => void {
    const { clock, resources, onSample } = this.#parts;
    let last = readingAt(clock, resources);
    return every(clock, SAMPLE_MS, () => {
      const now = readingAt(clock, resources);
      const [wallMs, cpuMs] = [now.at - last.at, now.cpuMs - last.cpuMs];
      last = now;
      const isWarmingUp = now.at < step.statistics.window.from;
      const bytes = resources?.memoryBytes();
      if (bytes !== undefined) this.memory.add(now.at - this.#startedAt, bytes);
      const reading = {
        rssMb: bytes === undefined ? null : bytes / MB,
        cpuRatio: resources === undefined ? null : cpuMs / wallMs,
        loopLagMs: lag.takeWorst() ?? null,
      };
      // Subtracting half a sample assigns the reading to the second that has just passed.
      if (!isWarmingUp) step.statistics.series.resources(elapsedMs() - SAMPLE_MS / 2, reading);
      onSample({ ...step, elapsedMs: elapsedMs(), isWarmingUp, gates: this.#judge(step.statistics), reading, earlier: this.steps });
    });
  }
}

function readingAt(clock: Clock, resources: Resources | undefined): { readonly at: number; readonly cpuMs: number } {
  return { at: clock.monotonic(), cpuMs: resources?.cpuMs() ?? 0 };
}

function noPrices(symbols: readonly string[]): ExchangeError {
  return new ExchangeError(
    'unavailable',
    'not-applied',
    `no book and mark price of ${symbols.join(', ')} within ${PRICES_WITHIN_MS / 1000} s`,
  );
}

function unreadable(error: unknown): undefined {
  if (error instanceof ExchangeError) return undefined;
  throw error;
}
