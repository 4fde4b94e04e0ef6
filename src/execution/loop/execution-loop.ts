import { ExchangeError } from '../../exchange/errors.ts';
import type { TradingState } from '../../risk/trading-state.ts';
import { defined } from '../../util/assert.ts';
import { every, stampedClock, type Cancel } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { fundingUnknownFrom } from '../account/account-day.ts';
import type { Breakers } from '../limits/breakers.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import { TradingHalt } from './trading-halt.ts';
import type { IntendedOrder } from '../journal.ts';
import { settleLeftOpen } from '../start/unresolved-orders.ts';
import { lostRecords } from '../start/lost-records.ts';
import { OrderManagement, type OrderManagementParts, type Trader } from '../orders/order-management.ts';
import type { OrderStore } from '../orders/order-store.ts';
import { adoptPositions, clearLeftovers } from '../start/recovery.ts';
import type { SymbolState } from './symbol-state.ts';
import { Turns } from './turns.ts';

/** Turns also run at this interval without any event, because staleness is only a matter of time. */
const HEARTBEAT_MS = 100;
/** Minimum time to read the last executions when the cancels used up the deadline. */
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
  | 'day'
  | 'isShared'
  | 'lateCreateDeadline'
  | 'bookShowsOwn';

export interface LoopParts extends Pick<OrderManagementParts, SharedParts> {
  /** Orders of earlier runs whose end is not in the journal. */
  readonly leftOpen?: readonly IntendedOrder[];
  /** Exchange time of the journal's last record; undefined when there is none or its clock is unknown. */
  readonly journaledTo?: number | undefined;
}

/** The market-making loop: observe, decide, act, record. It is the same for every exchange and clock, live or simulated. */
export class ExecutionLoop {
  readonly #parts: LoopParts;
  readonly #path: OrderManagement;
  readonly #turns: Turns;
  readonly #tradingHalt: TradingHalt;
  #timers: Cancel[] = [];
  #phase: 'starting' | 'running' | 'stopping' = 'starting';

  constructor(given: LoopParts) {
    const { settings, symbols, exchange, limiter, random, record, idPrefix, day, bookShowsOwn, isShared, lateCreateDeadline } = given;
    // Records are dated by the exchange's clock: the local one may be changed, and the next start must compare times.
    const clock = stampedClock(given.clock, () => exchange.now());
    this.#parts = { ...given, clock };
    const trader: Trader = {
      onChanged: (symbol) => this.#turns.schedule(symbol),
      onResolved: (id) => this.#turns.schedule(this.store.get(id)?.symbol ?? ''),
      onBlocks: () => this.#turns.scheduleAll(),
      freeze: (reason) => this.#tradingHalt.freeze(reason),
      onFault: (error) => this.#tradingHalt.failed(error),
    };
    const path = new OrderManagement({
      settings,
      symbols,
      exchange,
      journal: given.journal,
      limiter,
      clock,
      random,
      idPrefix,
      record,
      day,
      bookShowsOwn,
      isShared,
      lateCreateDeadline,
      trader,
    });
    const { gateway, journal } = path;
    const { freeze, onFault } = trader;
    this.#path = path;
    this.#tradingHalt = new TradingHalt({
      clock,
      journal,
      record,
      fence: () => gateway.fence(),
      cancelAll: (trigger) => path.cancelAll(trigger),
    });
    this.#turns = new Turns({ settings, clock, limiter, record, idPrefix, path, trading: () => this.trading, freeze, onFault });
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
    return this.#tradingHalt.trading;
  }

  /** The first bug or journal failure, which froze the loop; undefined when there was none. */
  get fault(): unknown {
    return this.#tradingHalt.fault;
  }

  /** The day since midnight UTC, including earlier runs; `pnlUsd`: undefined while a position has no price. */
  get day(): { readonly pnlUsd: number | undefined; readonly orders: number } {
    const { dayPnlUsd: pnlUsd, ordersToday: orders } = this.#path.account.view();
    return { pnlUsd, orders };
  }

  /** By symbol, in the order of the exchange's instrument list; empty before the start. */
  get states(): ReadonlyMap<string, SymbolState> {
    return this.#path.states;
  }

  state(symbol: string): SymbolState {
    return defined(this.#path.states.get(symbol), `state of ${symbol}`);
  }

  /**
   * Every start is a recovery: first the streams, so that no event is missed, then the exchange's lists, and only then quotes. When
   * `stop` is called meanwhile, quoting does not begin. Rejects with ExchangeError.
   */
  async start(): Promise<void> {
    const { clock, settings, day, journaledTo } = this.#parts;
    const startedAt = await this.#path.open();
    await this.#recover(startedAt);
    await this.#path.reconciling.begin(startedAt, fundingUnknownFrom(startedAt, day, journaledTo));
    if (this.#phase === 'stopping') return;
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#path.reconcileSoon()),
      every(clock, settings.execution.filtersRefreshMs, () => this.#refreshInstruments()),
      every(clock, HEARTBEAT_MS, () => this.#heartbeat()),
    ];
    this.#phase = 'running';
    this.#turns.begin();
  }

  /** Stops quoting and cancels all orders of mmbot until this is proven. Permanent for this run: only a new run trades again. */
  freeze(reason: string): void {
    this.#tradingHalt.freeze(reason);
  }

  /** Cancels the quotes and stops quoting, for an external reason, until `lift` is called with the same reason. */
  hold(reason: string): void {
    this.#path.blocks.add(reason);
    this.#turns.scheduleAll();
  }

  lift(reason: string): void {
    this.#path.blocks.delete(reason);
    this.#turns.scheduleAll();
  }

  /**
   * Blocks creates and amends, cancels everything and verifies it, also during the start; orders in flight are canceled when they
   * appear. The report lists what may remain. Rejects with ExchangeError when the exchange could not be read at all.
   */
  async stop(): Promise<CancelReport> {
    const { clock, settings } = this.#parts;
    const deadline = clock.monotonic() + settings.execution.stopDeadlineMs;
    const hasStarted = this.#phase === 'running';
    this.#phase = 'stopping';
    this.#turns.end();
    this.#path.end();
    for (const cancel of this.#timers) cancel();
    // The cancels of an earlier freeze may continue in parallel: the stop has its own deadline.
    const freezeEnds = this.#tradingHalt.end();
    try {
      const report = await this.#path.cancelAll('stop');
      const leftMs = (): number => Math.max(LEAST_SETTLING_MS, deadline - clock.monotonic());
      await within(clock, leftMs(), freezeEnds, () => undefined);
      await within(clock, leftMs(), this.#path.gateway.drained(), () => undefined);
      await this.settle(leftMs());
      // The start settles the orders of earlier runs. An interrupted start records no stop, like a crash, and the next one repeats it.
      if (hasStarted) this.#path.journal.append({ type: 'stop', at: this.#parts.clock.now(), clean: report.verified });
      await this.#path.journal.synced().catch((error: unknown) => this.#tradingHalt.failed(error));
      return report;
    } finally {
      this.#path.unknown.stop();
    }
  }

  /** Reads the last executions and the final state of every order. May be repeated after `stop` when the exchange responds again. */
  async settle(deadlineMs = this.#parts.settings.execution.stopDeadlineMs): Promise<void> {
    const { unknown, reconciling } = this.#path;
    unknown.resume();
    await reconciling.catchUp(deadlineMs);
    unknown.stop();
  }

  async #recover(startedAt: number): Promise<void> {
    const { exchange, clock, limiter, record, isShared, lateCreateDeadline = Number.NEGATIVE_INFINITY, leftOpen = [] } = this.#parts;
    const { store, journal, states } = this.#path;
    const watchedSince = (): number | undefined => this.#path.watchedSince;
    const parts = { exchange, port: this.#path.cancelPort, store, clock, limiter, isShared, lateCreateDeadline, watchedSince };
    const report = await clearLeftovers(parts, leftOpen);
    if (report !== undefined) record({ type: 'cancelAllDone', report });
    const instruments = [...states.values()].map(({ instrument }) => instrument);
    await settleLeftOpen({ ...parts, journal, record }, leftOpen);
    this.#path.cleared();
    await this.#findLostRecords(leftOpen, startedAt);
    await adoptPositions(parts, instruments, startedAt);
    for (const paymentId of this.#parts.day?.payments ?? []) store.knowFill(paymentId);
  }

  /** Freezes when journal records are missing: a freeze may be among them. */
  async #findLostRecords(leftOpen: readonly IntendedOrder[], startedAt: number): Promise<void> {
    const { exchange, journaledTo } = this.#parts;
    if (journaledTo === undefined) return;
    const lost = await lostRecords(exchange, leftOpen, journaledTo, startedAt);
    if (lost !== undefined) this.freeze(lost);
  }

  #refreshInstruments(): void {
    this.#path.loadInstruments().catch((error: unknown) => {
      // The old limits stay: the exchange refuses orders that violate the new ones.
      if (!(error instanceof ExchangeError)) this.#tradingHalt.failed(error);
    });
  }

  #heartbeat(): void {
    this.#path.look();
    this.#turns.scheduleAll();
  }
}
