import type { Settings } from '../../config/fields.ts';
import type { ConfigWarning } from '../../config/warnings.ts';
import type { Verdict } from '../../errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { BotEvent } from '../../execution/events.ts';
import { ExecutionLoop } from '../../execution/loop/execution-loop.ts';
import type { Journal } from '../../execution/journal.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Ledger } from '../../simulator/ledger/ledger.ts';
import { every, sleep, type Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import type { Faults } from '../../simulator/faults/faults.ts';
import type { Aftermath } from './aftermath.ts';
import { FaultWatch, type Suffered } from './fault-watch.ts';
import { judgeGates, verdictOf, type Gate } from '../measures/gates.ts';
import { FillWatch } from './fill-watch.ts';
import { noOrderRests } from '../invariants/checks/accounts.ts';
import type { Invariant, Sample } from '../invariants/invariant.ts';
import type { Oracle, Seams } from '../invariants/oracle.ts';
import { MemorySamples } from '../measures/memory-samples.ts';
import { measureRun } from '../measures/measures.ts';
import type { AskedMoment, Moment, MomentWatch } from './moment-watch.ts';
import { RunStatistics } from './run-statistics.ts';

const SAMPLE_MS = 1000;

export interface SoakParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly durationMs: number;
  readonly exchange: Exchange;
  /** The exchange’s own record, which the bot cannot read. */
  readonly ledger: Ledger;
  /** Checks the run against the invariants. */
  readonly oracle: Oracle;
  readonly listens: Seams;
  readonly journal: Journal;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  readonly idPrefix: string;
  /** Whether the market’s order book includes our orders; true by default. */
  readonly bookShowsOwn?: boolean;
  /** Settings that defeat each other, for the report. */
  readonly warnings: readonly ConfigWarning[];
  /** Faults to inject at the exchange; undefined: none. */
  readonly faults: Faults | undefined;
  /** Wall time at which the market, and with it the run, ends; undefined for a market without end. */
  readonly endsAt: number | undefined;
  /** Ends the run early, with the same cleanup. */
  readonly stop: AbortSignal;
  /** Resident memory now, bytes; undefined in simulated time. */
  readonly memoryBytes: (() => number) | undefined;
  /** Called once a second. `judge`: the gates as they would be judged now. */
  readonly onSample: (statistics: RunStatistics, judge: () => Gate[]) => void;
  readonly onEvent: (event: BotEvent) => void;
  /** Keeps the decisions at an instant of the run. */
  readonly moment?: MomentWatch | undefined;
  /** Called with the loop before it starts, for views of its state. */
  readonly onLoop?: (loop: ExecutionLoop) => void;
}

export interface SoakRun {
  readonly statistics: RunStatistics;
  readonly fills: FillWatch;
  readonly memory: MemorySamples;
  /** Undefined when the exchange could not be read at the end. */
  readonly stopReport: CancelReport | undefined;
  /** Orders of ours rest at the end, according to the ledger. */
  readonly ordersRest: boolean;
  readonly invariants: readonly Invariant[];
  readonly warnings: readonly ConfigWarning[];
  /** Empty when none were asked for. */
  readonly moments: readonly Moment[];
  /** Undefined when none was asked for. */
  readonly askedMoment: AskedMoment | undefined;
  readonly gates: readonly Gate[];
  readonly verdict: Verdict;
  /** Ended early by the stop signal. */
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly frozen: string | undefined;
  /** Undefined without faults. */
  readonly suffered: Suffered | undefined;
  /** A bug that froze the loop. */
  readonly fault: unknown;
}

/** Runs the live loop, unchanged, for the duration; then cancels everything, verifies it against the ledger, and judges the run. */
export async function runSoak(parts: SoakParts): Promise<SoakRun> {
  const { clock, settings, symbols, onEvent, stop, memoryBytes, durationMs, oracle, listens } = parts;
  const { exchange, journal, limiter, random, idPrefix, bookShowsOwn } = parts;
  const statistics = new RunStatistics(clock, settings.risk.edgeMarkoutMs);
  const fills = new FillWatch(clock, exchange);
  const memory = new MemorySamples();
  const watch = parts.faults === undefined ? undefined : new FaultWatch(parts.faults, clock, durationMs);
  const watches = [statistics, fills, watch, parts.moment].filter((each) => each !== undefined);
  const record = (event: BotEvent): void => {
    listens.event(event);
    for (const each of watches) each.record(event);
    onEvent(event);
  };
  const loop = new ExecutionLoop({ settings, symbols, exchange, journal, limiter, clock, random, record, idPrefix, bookShowsOwn });
  oracle.botBook = (symbol) => loop.states.get(symbol)?.book;
  parts.onLoop?.(loop);
  parts.moment?.begin(loop);
  const judge = (): Gate[] => judgeGates(measureRun(statistics, memory, memoryBytes !== undefined), settings.thresholds);
  await loop.start();
  for (const symbol of symbols) for (const each of [statistics, fills]) each.addSymbol(loop.state(symbol).instrument);
  const endSampling = every(clock, SAMPLE_MS, () => {
    statistics.sample();
    statistics.activeFaults = watch?.active ?? [];
    oracle.sample(sampleOf(loop, statistics.activeFaults.length), clock.monotonic());
    if (memoryBytes !== undefined) statistics.sampleMemory(memory, memoryBytes());
    parts.onSample(statistics, judge);
  });
  const { lengthMs, elapsedMs } = await untilEnd(parts);
  endSampling();
  const { moments = [], asked: askedMoment } = parts.moment ?? {};
  watch?.ended();
  fills.stopping();
  const stopReport = await loop.stop().catch(unreadable);
  if (watch?.heal() === true) await loop.settle();
  await sleep(clock, oracle.quietInMs(clock.monotonic()));
  const suffered = watch?.suffered(elapsedMs);
  const aftermath = aftermathOf(parts, loop, statistics, suffered, stopReport);
  const invariants = oracle.judge(aftermath, ...(suffered === undefined ? [] : ['with faults' as const]));
  statistics.ended();
  const gates = judge();
  return {
    statistics,
    fills,
    memory,
    stopReport,
    ordersRest: !noOrderRests(aftermath).holds,
    invariants,
    warnings: parts.warnings,
    moments,
    askedMoment,
    gates,
    verdict: verdictOf(gates, invariants.filter(({ holds }) => !holds).length),
    interrupted: stop.aborted && elapsedMs < lengthMs,
    elapsedMs,
    frozen: aftermath.frozen,
    suffered,
    fault: loop.fault,
  };
}

/** `lengthMs`: of the whole run; it lasted shorter when it was stopped. */
async function untilEnd({ clock, durationMs, endsAt = Infinity, stop }: SoakParts): Promise<{ lengthMs: number; elapsedMs: number }> {
  const startedAt = clock.monotonic();
  const lengthMs = Math.max(0, Math.min(durationMs, endsAt - clock.now()));
  await sleep(clock, lengthMs, stop);
  return { lengthMs, elapsedMs: clock.monotonic() - startedAt };
}

function aftermathOf(
  { ledger, idPrefix, symbols }: SoakParts,
  loop: ExecutionLoop,
  { events }: RunStatistics,
  suffered: Suffered | undefined,
  stop: CancelReport | undefined,
): Aftermath {
  const { store, trading, fault } = loop;
  return {
    ledger,
    idPrefix,
    suffered,
    stop,
    positions: new Map(symbols.map((symbol) => [symbol, { instrument: loop.state(symbol).instrument, position: store.position(symbol) }])),
    liveInStore: store.live().length,
    frozen: trading.mode === 'frozen' ? trading.reason : undefined,
    fault,
    counted: { ordersSent: events.get('orderSent'), amendsSent: events.get('amendSent') },
  };
}

/** mmbot’s own view of its state. */
function sampleOf({ store, trading }: ExecutionLoop, activeFaults: number): Sample {
  const live = store.live();
  const settled = live.filter(({ state, change }) => state.tag === 'open' && change.kind === 'none');
  return { activeFaults, isFrozen: trading.mode === 'frozen', settled, live: live.length };
}

function unreadable(error: unknown): undefined {
  if (error instanceof ExchangeError) return undefined;
  throw error;
}
