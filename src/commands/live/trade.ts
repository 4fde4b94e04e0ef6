import { withEmergency } from '../../config/emergency.ts';
import type { Settings } from '../../config/fields.ts';
import type { Resolution } from '../../config/resolve.ts';
import { VERSION } from '../../config/version.ts';
import { endOf, EXIT, failureOf, type ExitCode } from '../../errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { READS_LATE_MS } from '../../exchange/complete.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import { allOf } from '../../execution/events.ts';
import { ExecutionLoop, type LoopParts } from '../../execution/loop/execution-loop.ts';
import type { Journal } from '../../execution/journal.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import { mayLandForMs } from '../../execution/start/recovery.ts';
import { RunRecord } from '../../harness/live/run-record.ts';
import type { Host, Signal } from '../../host.ts';
import { OWN_PREFIX } from '../../model/order.ts';
import type { LiveOrigin } from '../../reports/live/live-report.ts';
import { feeFigures } from '../../reports/fee-words.ts';
import type { ShadowOf } from '../../reports/live/live-view.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import { beginJournal, type JournalHistory } from '../../store/journal-folder.ts';
import { eventLog } from '../../telemetry/event-log.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { every, isoTime, systemClock, watchedClock, type Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { randomId, systemRandom } from '../../util/random.ts';
import { redactor } from '../../util/redact.ts';
import { LiveGuard } from './guard.ts';
import { showEnd, statusShower } from './output.ts';
import { writeLiveReport } from './report.ts';
import { GUARD_LOST, liveStatus } from './status.ts';
import type { LiveVenue } from '../../wiring/live-venue.ts';
import { explainLevel } from '../process/log.ts';
import type { OutputOptions } from '../options/options.ts';
import { handoverOf, startGuard, type Rescue } from './rescue.ts';
import type { Screen } from '../terminal/screen.ts';
import type { OpenTelemetry } from '../process/telemetry.ts';

const SAMPLE_MS = 1000;
const SHOW_MS = 500;
const LOOK_MS = 100;
/** If this process was suspended (stopped, swapped out, with its machine) for this long, its guard may have declared it dead. */
const STALL_MS = 1500;

export interface TradeParts {
  readonly host: Host;
  readonly settings: Settings;
  /** Ends with the command: what is still scheduled on it is dropped. */
  readonly clock: Clock;
  readonly venue: LiveVenue;
  readonly exchange: Exchange;
  readonly limiter: RateLimiter;
  readonly log: Logger;
  readonly screen: Screen;
  readonly telemetry: OpenTelemetry;
  readonly folder: string;
  /** Names of the account on this machine. */
  readonly names: readonly string[];
  readonly foreignOrders: 'refuse' | 'ignore';
  readonly history: JournalHistory;
  /** Aborts, with the reason of the freeze, when mmbot cancel-all halts this bot or another process takes its account. */
  readonly halted: AbortSignal;
  /** Called when the start has recovered or was interrupted: from then on the stop verifies the orders of earlier runs too. */
  readonly onStarted: () => void;
  /** The first signal, also one that has already arrived. */
  readonly interrupted: Promise<Signal>;
  /** Cancels orders after a bug; undefined when no order can be left open. */
  readonly rescue?: Rescue;
  readonly resolution: Pick<Resolution, 'settings' | 'explain' | 'hash'>;
  readonly profile: string;
  /** Folder for the report. */
  readonly out: string;
  readonly output: OutputOptions;
  /** Set when no order leaves this machine. */
  readonly shadowOf?: ShadowOf;
  readonly symbols: readonly string[];
  readonly duration?: number;
  readonly guard: boolean;
  readonly explain?: boolean;
}

/** Recovers, quotes until the run ends, cancels all orders and verifies it. */
export async function trade(parts: TradeParts): Promise<ExitCode> {
  try {
    return await journaledRun(parts);
  } catch (error) {
    // The bug may have happened before the last cancel.
    if (failureOf(error).exitCode === EXIT.bug) parts.rescue?.begin();
    throw error;
  }
}

async function journaledRun(parts: TradeParts): Promise<ExitCode> {
  const { venue, log, screen, telemetry, halted, host } = parts;
  const idPrefix = `${OWN_PREFIX}${randomId(systemRandom, 6)}-`;
  const startedAt = systemClock.now();
  const journal = await openJournal(parts, idPrefix);
  const seen = new RunRecord(systemClock, parts.exchange, parts.settings.risk.edgeMarkoutMs);
  const { statistics, watch, fills, memory } = seen;
  const emergency = venue.emergency?.[parts.foreignOrders === 'ignore' ? 'mine' : 'all'];
  const logEvent = eventLog(log, { explain: explainLevel(parts.output, parts.explain), run: emergency?.command });
  const record = allOf(telemetry.record, seen.record, logEvent, (event) => guard?.heard(event));
  const onStall = (ms: number): void => loop.freeze(`this process stood still for ${Math.round(ms)} ms`);
  const clock = watchedClock(parts.clock, { stallMs: STALL_MS, onStall, uptimeMs: () => host.uptimeMs() });
  const loop = newLoop(parts, { clock, journal, record, idPrefix });
  telemetry.watch(loop);
  using guard = venue.outlivesUs && parts.guard ? openGuard(parts, loop) : undefined;
  if (guard !== undefined) parts.rescue?.covered();
  using _rescue = rescueOnCrash(parts, guard);
  if (guard === undefined && venue.outlivesUs) log.warn('no_guard', { meaning: 'orders stay open if this process dies' });
  const halt = (): void => loop.freeze(String(halted.reason));
  if (halted.aborted) halt();
  halted.addEventListener('abort', halt);
  using ending = untilEnded(parts, loop);
  const started = loop.start();
  // If the start was interrupted, the stop reports the outcome.
  started.catch(() => undefined);
  const hasStarted = await Promise.race([started.then(() => true), ending.reason.then(() => false)]);
  parts.onStarted();
  if (hasStarted) {
    guard?.beatOnTurns();
    clock.begin();
    seen.began(loop);
  }
  const endSampling = every(systemClock, SAMPLE_MS, () => seen.sample(host.memoryBytes()));
  const show = statusShower(host, log, screen, parts.output);
  const endStatus = every(systemClock, SHOW_MS, () => show(liveStatus(parts, { loop, statistics, watch, guard })));
  const reason = await ending.reason;
  endStatus();
  endSampling();
  guard?.beatOnTimer();
  log.info('live_stopping', { reason });
  seen.stopping();
  const report = await loop.stop().catch(unreadable);
  if (report?.verified === true) guard?.release();
  // Until the exchange is closed, late responses and events are still recorded.
  await parts.exchange.close();
  seen.ended();
  journal.close();
  const end = endOf(verdictOf(report, loop.trading), withEmergency(loop.fault, emergency));
  screen.end();
  const { canceledBefore } = watch;
  const liveIds = loop.store.live().map(({ clientOrderId }) => clientOrderId);
  const { trading } = loop;
  const { shadowOf } = parts;
  const origin = originOf(parts, { idPrefix, startedAt, reason, trading });
  const stopped = { statistics, fills, memory, stopReport: report, origin, resolution: parts.resolution };
  const ended = { statistics, report, liveIds, canceledBefore, trading, end, shadowOf, emergency };
  // Orders may be open: print that first, because writing the report may hang on a slow disk.
  if (report?.verified !== true) showEnd(host, { ...ended, written: undefined }, parts.output);
  const written = writeLiveReport(parts, stopped);
  if (report?.verified === true) showEnd(host, { ...ended, written }, parts.output);
  return end.exitCode;
}

interface StoppedBot {
  readonly idPrefix: string;
  /** Wall time, ms. */
  readonly startedAt: number;
  readonly reason: string;
  readonly trading: TradingState;
}

function originOf({ venue, shadowOf, symbols, profile, resolution, folder }: TradeParts, bot: StoppedBot): LiveOrigin {
  return {
    version: VERSION,
    venue: venue.name,
    shadowOf: shadowOf ?? null,
    fees: venue.fees === undefined ? null : feeFigures(venue.fees),
    symbols,
    profile,
    configHash: resolution.hash,
    runId: bot.idPrefix.replace(/-$/, ''),
    startedAt: isoTime(bot.startedAt),
    stoppedBy: bot.reason,
    frozen: bot.trading.mode === 'frozen' ? bot.trading.reason : null,
    state: folder,
  };
}

type OfRun = Pick<LoopParts, 'clock' | 'journal' | 'record' | 'idPrefix'>;

function newLoop(parts: TradeParts, { clock, journal, record, idPrefix }: OfRun): ExecutionLoop {
  const { settings, venue, exchange, limiter, symbols, history } = parts;
  return new ExecutionLoop({
    settings,
    symbols,
    exchange,
    journal,
    limiter,
    clock,
    random: systemRandom,
    record,
    idPrefix,
    // An exchange that ends with this process began with it.
    lateCreateDeadline: venue.outlivesUs ? lateCreateDeadline(parts) : undefined,
    leftOpen: history.open,
    journaledTo: history.lastAt,
    day: history.day,
    bookShowsOwn: parts.shadowOf === undefined,
    isShared: parts.foreignOrders === 'ignore',
  });
}

/** If an uncaught bug ends the process, its guard takes over; without a guard, one is started. */
function rescueOnCrash(parts: TradeParts, guard: LiveGuard | undefined): Disposable {
  const forget = parts.host.beforeCrash(() => {
    if (guard === undefined) parts.rescue?.begin();
    else guard[Symbol.dispose]();
  });
  return { [Symbol.dispose]: forget };
}

/** Starts the guard; quoting is on hold until it has answered. */
function openGuard(parts: TradeParts, loop: ExecutionLoop): LiveGuard {
  const { log } = parts;
  loop.hold(GUARD_LOST);
  return new LiveGuard({
    clock: systemClock,
    start: (onLine) => startGuard(parts, onLine),
    handover: handoverOf(parts),
    listener: {
      onLost(how) {
        log.error('guard_lost', { how, next: 'pull the quotes and start another guard' });
        loop.hold(GUARD_LOST);
      },
      onBack(pid) {
        log.info('guard_watches', { pid });
        loop.lift(GUARD_LOST);
      },
      onActs: () => loop.freeze('the guard took over: this process had fallen silent'),
    },
  });
}

/** Opens the journal. Secrets are redacted from the reason of a freeze, which may be an error message from elsewhere. */
async function openJournal({ folder, history, resolution, venue }: TradeParts, runId: string): Promise<Journal> {
  const at = systemClock.now();
  const configHash = resolution.hash;
  const journal = beginJournal(folder, { type: 'start', at, runId, configHash, version: VERSION, seed: undefined }, history);
  if (history.frozen !== undefined) journal.append({ type: 'unfreeze', at, reason: history.frozen.reason });
  // A disk that fails is known before anything is sent. The freeze mark is cleared only when its record is synced, and the start may fail later.
  await journal.synced();
  const redact = redactor([venue.credentials.apiKey, venue.credentials.secret]);
  return {
    append: (...records) =>
      journal.append(...records.map((record) => (record.type === 'freeze' ? { ...record, reason: redact(record.reason) } : record))),
    synced: () => journal.synced(),
    close: () => journal.close(),
  };
}

/** What the last run may still have had on the way when it ended. */
function lateCreateDeadline({ exchange, history, settings, log }: TradeParts): number {
  const waitMs = mayLandForMs(history, exchange.now(), settings.bybit.recvWindowMs);
  if (waitMs > 0) {
    const because = history.lastAt === undefined ? 'no run has recorded anything here' : 'the last run has just ended';
    log.info('awaiting_late_orders', { atMostMs: Math.ceil(waitMs + READS_LATE_MS), because });
  }
  return systemClock.monotonic() + waitMs;
}

interface Ending extends Disposable {
  readonly reason: Promise<string>;
}

/** The reason that ends the run: a signal, --duration, or a bug. A freeze does not end it: it waits for the user. */
function untilEnded({ interrupted, duration }: TradeParts, loop: ExecutionLoop): Ending {
  const { promise, resolve } = withResolvers<string>();
  const stopLooking = every(systemClock, LOOK_MS, () => {
    if (loop.fault !== undefined) resolve('fault');
  });
  const stopTimer = duration === undefined ? undefined : systemClock.schedule(duration, () => resolve('duration'));
  // Later signals are ignored, because all orders are being canceled.
  void interrupted.then(resolve);
  return {
    reason: promise,
    [Symbol.dispose]() {
      stopLooking();
      stopTimer?.();
    },
  };
}

/** Orders that may be open outrank all else. A run that ended frozen failed, and the next one needs --unfreeze. */
function verdictOf(report: CancelReport | undefined, { mode }: TradingState): ExitCode {
  if (report?.verified !== true) return EXIT.ordersRemain;
  return mode === 'frozen' ? EXIT.failed : EXIT.ok;
}

function unreadable(error: unknown): undefined {
  if (error instanceof ExchangeError) return undefined;
  throw error;
}
