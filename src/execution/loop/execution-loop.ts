import { ExchangeError } from '../../exchange/errors.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import { defined } from '../../util/assert.ts';
import { every, stampedClock, type Cancel } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { fundingUnknownFrom } from '../account/account-day.ts';
import type { AccountDay } from '../account/day.ts';
import type { Breakers } from '../limits/breakers.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import { Freezing } from './freezing.ts';
import type { IntendedOrder } from '../journal.ts';
import { settleLeftOpen } from '../start/left-open.ts';
import { lostRecords } from '../start/lost-records.ts';
import { OrderPath, type OrderPathParts } from '../orders/order-path.ts';
import type { OrderStore } from '../orders/order-store.ts';
import { adoptPositions, clearLeftovers } from '../start/recovery.ts';
import type { SymbolState } from './symbol-state.ts';
import { Turns } from './turns.ts';

/** A turn without any event: staleness is noticed by time alone. */
const HEARTBEAT_MS = 100;
/** For the last executions, when the cancels took all of the time. */
const LEAST_SETTLING_MS = 500;

type SharedParts =
  | 'settings'
  | 'symbols'
  | 'exchange'
  | 'journal'
  | 'limiter'
  | 'clock'
  | 'random'
  | 'record'
  | 'idPrefix'
  | 'bookShowsOwn';

export interface LoopParts extends Pick<OrderPathParts, SharedParts> {
  /** Monotonic time until which a create of an earlier run may still land. */
  readonly quietAt?: number;
  /** Orders of earlier runs whose end is not in the journal. */
  readonly leftOpen?: readonly IntendedOrder[];
  /** Exchange time of the journal's last record; undefined when it has none, or it is not known by which clock. */
  readonly journaledTo?: number | undefined;
  /** What they have done to the account today. */
  readonly day?: AccountDay;
}

/** The market-making loop: observe, decide, act, record; the same in every run, whatever exchange and clock it is given. */
export class ExecutionLoop {
  readonly #parts: LoopParts;
  readonly #path: OrderPath;
  readonly #turns: Turns;
  readonly #freezing: Freezing;
  #timers: Cancel[] = [];
  #phase: 'starting' | 'running' | 'stopping' = 'starting';

  constructor({ clock, ...shared }: LoopParts) {
    // What is recorded is stamped by the exchange's clock: ours may be put back and forth, and the next start has to compare.
    const parts = { ...shared, clock: stampedClock(clock, () => shared.exchange.now()) };
    this.#parts = parts;
    const freeze = (reason: string): void => this.freeze(reason);
    const onFault = (error: unknown): void => this.#freezing.failed(error);
    const path = new OrderPath({
      ...parts,
      onChanged: (symbol) => this.#turns.schedule(symbol),
      onResolved: (id) => this.#turns.schedule(this.store.get(id)?.symbol ?? ''),
      onBlocks: () => this.#turns.scheduleAll(),
      freeze,
      onFault,
    });
    this.#path = path;
    const { journal } = path;
    this.#freezing = new Freezing({
      ...parts,
      journal,
      fence: () => path.gateway.fence(),
      cancelAll: (trigger) => path.cancelAll(trigger),
    });
    this.#turns = new Turns({ ...parts, path, trading: () => this.trading, freeze, onFault });
  }

  get store(): OrderStore {
    return this.#path.store;
  }

  get breakers(): Breakers {
    return this.#path.breakers;
  }

  get phase(): 'starting' | 'running' | 'stopping' {
    return this.#phase;
  }

  get trading(): TradingState {
    return this.#freezing.trading;
  }

  /** The first bug or broken journal, which froze the loop; undefined in a sound run. */
  get fault(): unknown {
    return this.#freezing.fault;
  }

  /** Since midnight UTC, also by earlier runs; `pnlUsd`: undefined while a position has no price. */
  get day(): { readonly pnlUsd: number | undefined; readonly orders: number } {
    const { dayPnlUsd: pnlUsd, ordersToday: orders } = this.#path.account.view();
    return { pnlUsd, orders };
  }

  /** By symbol, in the order of the exchange's list; empty before the start. */
  get states(): ReadonlyMap<string, SymbolState> {
    return this.#path.states;
  }

  state(symbol: string): SymbolState {
    return defined(this.#path.states.get(symbol), `state of ${symbol}`);
  }

  /**
   * Start is recovery: streams first, so that nothing is missed; then the exchange's own lists; only then quotes. After a `stop` meanwhile
   * nothing begins any more. Rejects with ExchangeError.
   */
  async start(): Promise<void> {
    const { clock, settings } = this.#parts;
    const startedAt = await this.#path.open((event) => this.#path.observe(event));
    await this.#recover(startedAt);
    await this.#path.reconciling.begin(startedAt, fundingUnknownFrom(startedAt, this.#parts.day));
    if (this.#phase === 'stopping') return;
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#path.reconcileSoon()),
      every(clock, settings.execution.filtersRefreshMs, () => this.#refreshInstruments()),
      every(clock, HEARTBEAT_MS, () => this.#heartbeat()),
    ];
    this.#phase = 'running';
    this.#turns.begin();
  }

  /** Quotes nothing more, cancels everything of ours and waits for the proof. Sticky: only a new run trades again. */
  freeze(reason: string): void {
    this.#freezing.freeze(reason);
  }

  /** Quotes nothing, and pulls what is quoted, for a reason that the loop cannot see. */
  hold(reason: string): void {
    this.#path.blocks.add(reason);
    this.#turns.scheduleAll();
  }

  lift(reason: string): void {
    this.#path.blocks.delete(reason);
    this.#turns.scheduleAll();
  }

  /** Fence, cancel, verify, also while it still starts; what is on its way is canceled as it lands. The report says what may remain; rejects with ExchangeError when the exchange could not be read at all. */
  async stop(): Promise<CancelReport> {
    const { clock, settings } = this.#parts;
    const deadline = clock.monotonic() + settings.execution.stopDeadlineMs;
    const hasStarted = this.#phase === 'running';
    this.#phase = 'stopping';
    this.#turns.end();
    this.#path.end();
    for (const cancel of this.#timers) cancel();
    // Its cancels may go on beside ours: the stop has a deadline of its own.
    const freezeEnds = this.#freezing.end();
    try {
      const report = await this.#path.cancelAll('stop');
      const leftMs = (): number => Math.max(LEAST_SETTLING_MS, deadline - clock.monotonic());
      await within(clock, leftMs(), freezeEnds, () => undefined);
      await within(clock, leftMs(), this.#path.gateway.drained(), () => undefined);
      await this.settle(leftMs());
      // What earlier runs left is settled by the start: one that was cut off ends as a crash does, and the next start does it all again.
      if (hasStarted) this.#path.journal.append({ type: 'stop', at: this.#parts.clock.now(), clean: report.verified });
      await this.#path.journal.synced().catch((error: unknown) => this.#freezing.failed(error));
      return report;
    } finally {
      this.#path.unknown.stop();
    }
  }

  /** The last executions and the final word on every order. Again after `stop`, when the exchange answers again; quotes nothing. */
  async settle(deadlineMs = this.#parts.settings.execution.stopDeadlineMs): Promise<void> {
    const { unknown, reconciling } = this.#path;
    unknown.resume();
    await reconciling.catchUp(deadlineMs);
    unknown.stop();
  }

  async #recover(startedAt: number): Promise<void> {
    const { exchange, clock, limiter, record, quietAt = Number.NEGATIVE_INFINITY, leftOpen = [] } = this.#parts;
    const { store, journal, states } = this.#path;
    const watchedSince = (): number | undefined => this.#path.watchedSince;
    const parts = { exchange, port: this.#path.cancelPort, store, clock, limiter, quietAt, watchedSince };
    const report = await clearLeftovers(parts, leftOpen);
    if (report !== undefined) record({ type: 'cancelAllDone', report });
    const instruments = [...states.values()].map(({ instrument }) => instrument);
    await settleLeftOpen({ ...parts, journal, record }, leftOpen);
    this.#path.cleared();
    await this.#findLostRecords(leftOpen, startedAt);
    await adoptPositions(parts, instruments, startedAt);
    for (const paymentId of this.#parts.day?.payments ?? []) store.knowFill(paymentId);
  }

  /** With them a freeze may have been lost. */
  async #findLostRecords(leftOpen: readonly IntendedOrder[], startedAt: number): Promise<void> {
    const { exchange, journaledTo } = this.#parts;
    if (journaledTo === undefined) return;
    const lost = await lostRecords(exchange, leftOpen, journaledTo, startedAt);
    if (lost !== undefined) this.freeze(lost);
  }

  #refreshInstruments(): void {
    this.#path.loadInstruments().catch((error: unknown) => {
      // The old limits stay: the exchange itself refuses what breaks the new ones.
      if (!(error instanceof ExchangeError)) this.#freezing.failed(error);
    });
  }

  #heartbeat(): void {
    this.#path.look();
    this.#turns.scheduleAll();
  }
}
