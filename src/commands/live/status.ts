import type { Settings } from '../../config/fields.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import type { ExecutionLoop } from '../../execution/loop/execution-loop.ts';
import type { LiveWatch } from '../../harness/live/live-watch.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import type { LiveStatus, LiveSymbol } from '../../reports/live/live-view.ts';
import { systemClock } from '../../util/clock.ts';
import type { LiveGuard } from './guard.ts';

/** Reason of the hold while no guard is watching. */
export const GUARD_LOST = 'guard_lost';

/** What it is set up with. */
interface Setup {
  readonly venue: { readonly name: string };
  readonly shadowOf?: LiveStatus['shadowOf'];
  readonly symbols: readonly string[];
  readonly limiter: RateLimiter;
  readonly settings: Settings;
}

export interface Running {
  readonly loop: ExecutionLoop;
  readonly statistics: RunStatistics;
  readonly watch: LiveWatch;
  readonly guard: LiveGuard | undefined;
}

/** The state of the running bot, for its status screen and log line. */
export function liveStatus({ venue, shadowOf, symbols, limiter, settings }: Setup, running: Running): LiveStatus {
  const { loop, statistics, watch, guard } = running;
  const shown = symbols.map((symbol): LiveSymbol => {
    const state = loop.state(symbol);
    const touch = state.touch();
    return {
      instrument: state.instrument,
      market: touch === undefined ? undefined : { bid: touch.bid.price, ask: touch.ask.price },
      ours: watch.quotes(symbol),
      openOrders: loop.store.live(symbol).length,
      bookAgeMs: state.bookAgeMs,
      hold: watch.hold(symbol),
    };
  });
  return {
    venue: venue.name,
    shadowOf,
    trading: loop.trading,
    symbols: shown,
    day: { ...loop.day, mostLossUsd: settings.risk.maxDailyLossUsd, mostOrders: settings.risk.maxOrdersPerDay },
    statistics,
    streams: watch.streams,
    room: {
      create: limiter.room('create'),
      amend: limiter.room('amend'),
      cancel: limiter.room('cancel'),
      most: settings.execution.opsPerSecond,
    },
    guard: guard?.state ?? 'none',
    frozenAt: watch.frozenAt,
    now: systemClock.monotonic(),
  };
}
