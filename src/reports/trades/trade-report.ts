import { edgeBps } from '../../harness/measures/measures.ts';
import { isoTime } from '../../util/clock.ts';
import { toNumber } from '../../util/decimal.ts';
import type { RecordedRun } from './run-log.ts';
import { coins } from './trade-row.ts';
import type { TradeFold, TradeScope, Unrecorded } from './trade-fold.ts';
import type { TradeSums } from './trade-sums.ts';

const DAY_MS = 86_400_000;

/** What an account traded, from its journal. Times are ISO texts; amounts without a unit in their name are decimal texts in settle coin. */
export interface TradeReport {
  readonly schemaVersion: 1;
  readonly command: 'report';
  /** `INCOMPLETE`: executions may be missing; `problems` says why. `SO_FAR`: a process uses the account, and may record more. */
  readonly verdict: 'COMPLETE' | 'INCOMPLETE' | 'SO_FAR';
  readonly problems: readonly string[];
  /** The folder of the account’s journal. */
  readonly folder: string;
  /** Whether a bot writes to the journal now. */
  readonly isRunning: boolean;
  readonly from: string;
  readonly to: string;
  readonly figures: TradeFigures;
  readonly symbols: readonly SymbolFigures[];
  readonly days: readonly DayFigures[];
  readonly runs: readonly RunFigures[];
  /** Changes of a position that no recorded execution explains, such as trades by hand. */
  readonly unrecorded: readonly (Omit<Unrecorded, 'at'> & { readonly at: string })[];
}

export interface TradeFigures {
  readonly fills: number;
  readonly makerFills: number;
  readonly turnoverUsd: number;
  /** Paid; negative when received. Exact. */
  readonly fees: string;
  readonly funding: string;
  readonly grossUsd: number;
  /** Trades and position, less fees and funding. The position is valued at `price`. */
  readonly netUsd: number;
  readonly netEdgeBps: number | null;
}

export interface SymbolFigures extends TradeFigures {
  readonly symbol: string;
  /** At the end of the records, base coin. */
  readonly position: number;
  /** The last known price, at which the position is valued; null when there was none. */
  readonly price: number | null;
}

export interface DayFigures extends TradeFigures {
  /** UTC. */
  readonly day: string;
}

export interface RunFigures extends TradeFigures {
  readonly runId: string;
  readonly startedAt: string;
  readonly stoppedAt: string | null;
  readonly lastedMs: number | null;
  /** `running`: the process is there. `unknown`: no stop is recorded. */
  readonly end: 'stopped' | 'orders_may_remain' | 'running' | 'unknown';
  readonly frozen: string | null;
  readonly version: string;
  readonly configHash: string;
}

export interface TradeSource {
  readonly folder: string;
  readonly isRunning: boolean;
  /** Orders of the journal that may rest, or whose executions are not all recorded. */
  readonly unsettled: readonly string[];
  /** Files that are missing or damaged. */
  readonly problems: readonly string[];
  /** Time of this machine, ms since the epoch. */
  readonly now: number;
}

export function tradeReport(fold: TradeFold, scope: TradeScope, source: TradeSource): TradeReport {
  const { folder, isRunning } = source;
  const all = [...source.problems, ...fold.snapshots.problems, ...gaps(fold, source)];
  const { from, to } = spanOf(fold, scope, source);
  return {
    schemaVersion: 1,
    command: 'report',
    verdict: all.length > 0 ? 'INCOMPLETE' : isRunning ? 'SO_FAR' : 'COMPLETE',
    problems: all,
    folder,
    isRunning,
    from: isoTime(from),
    to: isoTime(to),
    figures: figuresOf(fold.total),
    symbols: symbolFigures(fold),
    days: [...fold.days].sort(([a], [b]) => a - b).map(([day, sums]) => ({ day: isoTime(day * DAY_MS).slice(0, 10), ...figuresOf(sums) })),
    runs: fold.runs.all.filter((run) => isWithin(run, scope)).map((run) => runFigures(run, isRunning && run === fold.runs.last)),
    unrecorded: fold.unrecorded.map(({ at, ...change }) => ({ at: isoTime(at), ...change })),
  };
}

/** The time that the record covers, ms since the epoch: to its end, or until now while a bot is running. */
export function spanOf(
  { firstAt, lastAt }: TradeFold,
  scope: TradeScope,
  { isRunning, now }: Pick<TradeSource, 'isRunning' | 'now'>,
): { readonly from: number; readonly to: number } {
  const to = Math.min(scope.to, isRunning ? now : (lastAt ?? now));
  return { from: Math.min(to, Math.max(0, scope.from, firstAt ?? to)), to };
}

/** Why executions may be missing although every file was read. */
function gaps({ unreadable, runs: { last, previous } }: TradeFold, { isRunning, unsettled }: TradeSource): string[] {
  const old = unreadable === 0 ? [] : [`${unreadable} executions of an older version were left out: their price steps are not recorded`];
  if (last === undefined) return [...old, 'no run is recorded'];
  // A run that goes on has read what the one before it left.
  const [checked, next] = isRunning
    ? [last.hasBegun ? undefined : previous, 'the run that is starting now reads what is missing']
    : [last, 'what is missing is read when live starts again'];
  if (checked === undefined) return old;
  if (checked.stop === undefined) return [...old, `the last run ended without a recorded stop; ${next}`];
  if (!checked.stop.clean) return [...old, `the last run could not verify that its orders were gone; ${next}`];
  return unsettled.length === 0 ? old : [...old, `executions of ${unsettled.join(', ')} are not all recorded; ${next}`];
}

function symbolFigures({ symbols, held }: TradeFold): readonly SymbolFigures[] {
  return [...symbols].map(([symbol, sums]) => {
    const now = held.get(symbol);
    return { symbol, position: now === undefined ? 0 : toNumber(now.position), price: now?.price ?? null, ...figuresOf(sums) };
  });
}

function isWithin({ start, stop, lastAt, sums }: RecordedRun, { from, to }: TradeScope): boolean {
  return sums.fills > 0 || (start.at < to && (stop?.at ?? lastAt) >= from);
}

function runFigures({ start, stop, frozen, sums }: RecordedRun, isRunning: boolean): RunFigures {
  const ended = stop === undefined ? 'unknown' : stop.clean ? 'stopped' : 'orders_may_remain';
  return {
    runId: start.runId.replace(/-$/, ''),
    startedAt: isoTime(start.at),
    stoppedAt: stop === undefined ? null : isoTime(stop.at),
    lastedMs: stop === undefined ? null : stop.at - start.at,
    end: isRunning ? 'running' : ended,
    frozen: frozen ?? null,
    version: start.version,
    configHash: start.configHash,
    ...figuresOf(sums),
  };
}

function figuresOf(sums: TradeSums): TradeFigures {
  const { fills, makerFills, turnoverUsd, feeAtoms, fundingAtoms, grossUsd, netUsd } = sums;
  return {
    fills,
    makerFills,
    turnoverUsd,
    fees: coins(feeAtoms),
    funding: coins(fundingAtoms),
    grossUsd,
    netUsd,
    netEdgeBps: edgeBps(netUsd, turnoverUsd) ?? null,
  };
}
