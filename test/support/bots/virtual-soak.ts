import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { openEmbedded } from '../../../src/wiring/soak-exchange.ts';
import type { Settings } from '../../../src/config/fields.ts';
import { load } from '../../../src/config/load.ts';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import type { Journal } from '../../../src/execution/journal.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import { runSoak, type SoakRun } from '../../../src/harness/soak/soak-run.ts';
import type { RunStatistics } from '../../../src/harness/soak/run-statistics.ts';
import { NO_FAULTS, type FaultChoice } from '../../../src/simulator/faults/fault-choice.ts';
import type { FeeRates } from '../../../src/model/instrument.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import type { MarketModelName } from '../../../src/simulator/market-model/markets.ts';
import type { ReplayPlayer } from '../../../src/simulator/replay/replay-player.ts';
import { VirtualClock, type Clock } from '../../../src/util/clock.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';

export interface VirtualSoak {
  readonly clock?: VirtualClock;
  /** The same time as the bot's machine sees it. */
  readonly hostClock?: (clock: VirtualClock) => Clock;
  readonly settings: Settings;
  /** What the oracle holds the run to, where that is not what the bot heeds. */
  readonly promised?: Settings;
  readonly seed: string;
  readonly durationMs: number;
  /** Ends the run before its time: when all that is looked for was seen. */
  readonly stop?: AbortSignal;
  /** BTCUSDT unless given. */
  readonly symbols?: readonly string[];
  readonly market?: MarketModelName;
  /** A recording instead of a market model; the run ends with it. */
  readonly replay?: ReplayPlayer;
  readonly faults?: FaultChoice;
  readonly fees?: FeeRates;
  readonly journal?: Journal;
  readonly onEvent?: (event: BotEvent, ledger: Ledger) => void;
  readonly onLoop?: (loop: ExecutionLoop) => void;
  /** Once a simulated second. */
  readonly onSample?: (statistics: RunStatistics, ledger: Ledger) => void;
  /** Stands between the bot and its exchange. */
  readonly between?: (exchange: Exchange) => Exchange;
  /** Stand between the bot and what the oracle sees of its wire and its journal. */
  readonly betweenWire?: (wire: Wire) => Wire;
  readonly betweenJournal?: (journal: Journal) => Journal;
}

/** A profile's settings with some of its own. */
export function settingsOf(profile: string | undefined, sets: Readonly<Record<string, string | number | boolean>> = {}): Settings {
  const assignments = Object.entries(sets).map(([key, value]) => `${key}=${value}`);
  return load({ env: {}, cwd: process.cwd() }, { profile, overrides: undefined, typed: { assignments, flags: [] } }).settings;
}

/** `mmbot soak --clock virtual` without its command line and its reports. */
export function virtualSoak({
  clock = new VirtualClock(1_767_225_600_000),
  hostClock = (same) => same,
  settings,
  promised = settings,
  seed,
  durationMs,
  stop = new AbortController().signal,
  symbols = ['BTCUSDT'],
  market = 'btc',
  replay,
  faults = NO_FAULTS,
  fees,
  journal,
  onEvent,
  onLoop,
  onSample,
  between,
  betweenWire = (wire) => wire,
  betweenJournal = (inner) => inner,
}: VirtualSoak): Promise<SoakRun> {
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const parts = { clock, seed, symbols, market, settings, limiter };
  const run = async (): Promise<SoakRun> => {
    await using embedded = await openEmbedded({ ...parts, promised, faults, fees, replay, overSockets: false, between: betweenWire });
    return await runSoak({
      ...parts,
      ...embedded,
      clock: hostClock(clock),
      exchange: between?.(embedded.exchange) ?? embedded.exchange,
      journal: betweenJournal(embedded.listens.journal(journal ?? NO_JOURNAL)),
      durationMs,
      stop,
      memoryBytes: undefined,
      onSample: (statistics) => onSample?.(statistics, embedded.ledger),
      onEvent: (event) => onEvent?.(event, embedded.ledger),
      onLoop: (loop) => onLoop?.(loop),
    });
  };
  return clock.run(run());
}
