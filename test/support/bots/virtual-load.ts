import { orderLanesOpen, tradingLimiter } from '../../../src/wiring/limiters.ts';
import { slaOf, withoutCountLimits } from '../../../src/commands/load-test/options.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import { runLoad, type LoadRun, type RunningStep } from '../../../src/harness/load/load-run.ts';
import type { Journal } from '../../../src/execution/journal.ts';
import type { LoadPlan } from '../../../src/harness/load/load-plan.ts';
import type { SlaBound } from '../../../src/harness/load/sla.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import type { FaultChoice } from '../../../src/simulator/faults/fault-choice.ts';
import { NO_LATENCY, type Latency } from '../../../src/simulator/bybit-api/latency.ts';
import type { LimitMode } from '../../../src/simulator/limits/rate-tiers.ts';
import { VirtualClock, type Clock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { delayedWire, type ReplyDelay } from '../wires/delayed-wire.ts';
import { inProcessExchange } from '../exchange/in-process-exchange.ts';
import { settingsOf } from './virtual-soak.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';

interface VirtualLoad extends Partial<Omit<LoadPlan, 'restMs'>> {
  readonly durationMs?: number;
  readonly warmUpMs?: number;
  readonly transport?: 'socket' | 'rest';
  readonly limits?: LimitMode;
  readonly latency?: Latency;
  readonly faults?: FaultChoice;
  readonly limiter?: boolean;
  readonly findsKnee?: boolean;
  readonly bounds?: readonly SlaBound[];
  readonly replyDelay?: ReplyDelay;
  /** A busy process: it looks at what is due only this often. */
  readonly wakesEveryMs?: number;
  readonly onEvent?: (event: BotEvent, now: number) => void;
  readonly onSample?: (step: RunningStep) => void;
  readonly stop?: AbortSignal;
  readonly journal?: Journal;
  readonly sets?: Readonly<Record<string, string | number>>;
}

/**
 * `mmbot load-test --clock virtual` without its command line and its reports: 1,100 requests of one symbol in ten seconds, on an
 * exchange that answers at once, unless told otherwise.
 */
export function virtualLoad(load: VirtualLoad = {}): Promise<{ run: LoadRun; exchange: EmbeddedExchange }> {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom('load');
  const { symbols = ['BTCUSDT'], perSecond = 40, arrival = 'constant', amendRatio = 0.75, limiter: isPaced = true } = load;
  const given = settingsOf(undefined, { 'execution.opsPerSecond': 500, 'risk.maxOpenOrders': 200, ...load.sets });
  const settings = isPaced ? given : withoutCountLimits(given);
  const limiter = (isPaced ? tradingLimiter : orderLanesOpen)(clock, settings.execution.opsPerSecond);
  const embedded = createEmbeddedExchange({
    clock,
    random: random.fork('exchange'),
    symbols,
    market: 'calm',
    limits: load.limits ?? 'mm3',
    latency: load.latency ?? NO_LATENCY,
    ...(load.faults === undefined ? {} : { faults: load.faults }),
  });
  const { replyDelay } = load;
  const exchange = inProcessExchange(embedded, {
    clock,
    random,
    settings,
    limiter,
    orderEntry: load.transport ?? 'socket',
    ...(replyDelay === undefined ? {} : { between: (wire) => delayedWire(wire, clock, replyDelay) }),
  });
  const ledger = embedded.venue.ledger(0);
  const work = async (): Promise<LoadRun> => {
    embedded.start();
    try {
      return await runLoad({
        settings,
        symbols,
        exchange,
        journal: load.journal ?? NO_JOURNAL,
        limiter,
        heedsLimits: isPaced,
        clock: load.wakesEveryMs === undefined ? clock : drowsy(clock, load.wakesEveryMs),
        random,
        idPrefix: 'mm-load-',
        plan: { symbols, perSecond, arrival, amendRatio },
        warmUpMs: load.warmUpMs ?? 2500,
        durationMs: load.durationMs ?? 10_000,
        findsKnee: load.findsKnee === true,
        bounds: load.bounds ?? slaOf(settings.thresholds),
        resources: undefined,
        ledger: () => Promise.resolve({ buckets: ledger.counts().buckets, resting: ledger.openOrders().length }),
        stop: load.stop ?? new AbortController().signal,
        onSample: (step) => load.onSample?.(step),
        record: (event) => load.onEvent?.(event, clock.monotonic()),
      });
    } finally {
      await exchange.close();
      embedded.stop();
    }
  };
  return clock.run(work()).then((run) => ({ run, exchange: embedded }));
}

/** Timers end only at whole multiples of `ms`. */
function drowsy(clock: Clock, ms: number): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, task) => clock.schedule(Math.ceil((clock.monotonic() + delayMs) / ms) * ms - clock.monotonic(), task),
  };
}
