import type { Settings } from '../config/fields.ts';
import { messageOf } from '../errors.ts';
import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange, ExchangeEvent, StreamName } from '../exchange/exchange.ts';
import { ACTIVE, type TradingState } from '../risk/trading-state.ts';
import { defined } from '../util/assert.ts';
import { every, sleep, type Cancel, type Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import { AccountState } from './account-state.ts';
import { cancelOwn } from './cancel-own.ts';
import type { CancelReport } from './cancel-report.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { BotEvent, Recorder } from './events.ts';
import type { Journal } from './journal.ts';
import { Observer } from './observer.ts';
import { OrderGateway } from './order-gateway.ts';
import { OrderStore } from './order-store.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { Reconciler } from './reconcile.ts';
import { adoptPositions, clearLeftovers } from './recovery.ts';
import { SymbolState } from './symbol-state.ts';
import { settledAfterMs, UnknownOrders } from './unknown-orders.ts';

/** A turn without any event: staleness is noticed by time alone. */
const HEARTBEAT_MS = 100;
const POSITION_READS = 3;
/** Only a person can mend keys and permissions. */
const KEYS_REFUSED = 'keys_refused';

export interface LoopParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  readonly record: Recorder;
  /** Every client order id of this run begins with it. */
  readonly idPrefix: string;
  /** Monotonic time until which a create of an earlier run may still land. */
  readonly quietAt?: number;
}

/** The market-making loop: observe, decide, act, record; the same in every run, whatever exchange and clock it is given. */
export class ExecutionLoop {
  readonly store = new OrderStore();
  readonly #parts: LoopParts;
  readonly #states = new Map<string, SymbolState>();
  readonly #observer: Observer;
  readonly #gateway: OrderGateway;
  readonly #breaker: CircuitBreaker;
  readonly #unknown: UnknownOrders;
  readonly #due = new Set<string>();
  readonly #holds = new Map<string, string | undefined>();
  /** Why nothing may be quoted now, by cause. */
  readonly #blocks = new Set<string>();
  readonly #positionOffReads = new Map<string, number>();
  readonly #account: AccountState;
  #trading: TradingState = ACTIVE;
  #fault: unknown;
  #reconciler: Reconciler | undefined;
  #reconciling: Promise<void> | undefined;
  #timers: Cancel[] = [];
  #orders = 0;
  #started = false;
  #stopping = false;
  #freezing: Promise<CancelReport | undefined> | undefined;

  constructor(parts: LoopParts) {
    const { exchange, journal, limiter, clock, settings } = parts;
    this.#parts = parts;
    const onFault = (error: unknown): void => this.#failed(error);
    this.#account = new AccountState(this.store, this.#states, clock);
    this.#observer = new Observer({
      store: this.store,
      states: this.#states,
      journal,
      clock,
      record: parts.record,
      onChanged: (symbol) => this.#schedule(symbol),
    });
    this.#unknown = new UnknownOrders({
      exchange,
      store: this.store,
      clock,
      recvWindowMs: settings.bybit.recvWindowMs,
      onResolved: (id) => this.#schedule(this.store.get(id)?.symbol ?? ''),
      onFault,
    });
    this.#breaker = new CircuitBreaker(clock, parts.random);
    this.#gateway = new OrderGateway({
      exchange,
      store: this.store,
      journal,
      limiter,
      breaker: this.#breaker,
      clock,
      record: (event) => this.#recordSent(event),
      queueDeadlineMs: settings.execution.queueDeadlineMs,
      askAbout: (order) => this.#unknown.resolve(order),
      confirmWithinMs: settledAfterMs(settings.bybit.recvWindowMs),
      onFault,
    });
  }

  get trading(): TradingState {
    return this.#trading;
  }

  /** The first bug or broken journal, which froze the loop; undefined in a sound run. */
  get fault(): unknown {
    return this.#fault;
  }

  state(symbol: string): SymbolState {
    return defined(this.#states.get(symbol), `state of ${symbol}`);
  }

  /** Start is recovery: streams first, so that nothing is missed; then the exchange's own lists; only then quotes. Rejects with ExchangeError. */
  async start(): Promise<void> {
    const { exchange, clock, settings, symbols } = this.#parts;
    const startedAt = await exchange.serverTime();
    await exchange.prepareAccount();
    await this.#loadInstruments();
    await exchange.connect(symbols, (event) => this.#observe(event));
    await this.#recover(startedAt);
    this.#reconciler = new Reconciler(
      {
        exchange,
        store: this.store,
        clock,
        symbols,
        isOurs: (id) => id.startsWith(this.#parts.idPrefix),
        applyFill: (fill) => this.#observer.applyFill(fill),
        applyFunding: (payment) => this.#observer.applyFunding(payment),
        applyReport: (report) => this.#observer.applyReport(report),
      },
      startedAt,
    );
    await this.#reconcile();
    this.#started = true;
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#reconcileSoon()),
      every(clock, settings.execution.filtersRefreshMs, () => this.#refreshInstruments()),
      every(clock, HEARTBEAT_MS, () => this.#heartbeat()),
    ];
    this.#scheduleAll();
  }

  /** Quotes nothing more, cancels everything of ours and waits for the proof. Sticky: only a new run trades again. */
  freeze(reason: string): void {
    if (this.#trading.mode === 'frozen' || this.#stopping) return;
    const at = this.#parts.clock.now();
    this.#trading = { mode: 'frozen', reason, at };
    this.#gateway.fence();
    this.#parts.record({ type: 'frozen', reason });
    try {
      this.#parts.journal.append({ type: 'freeze', at, reason });
    } catch {
      // The cancels matter more than their record.
    }
    this.#freezing = this.#cancelAll('freeze').catch(() => undefined);
  }

  /** Quotes nothing, and pulls what is quoted, for a reason that the loop cannot see. */
  hold(reason: string): void {
    this.#blocks.add(reason);
    this.#scheduleAll();
  }

  lift(reason: string): void {
    this.#blocks.delete(reason);
    this.#scheduleAll();
  }

  /** Fence, drain, cancel, verify. The report says what may remain; rejects with ExchangeError when the exchange could not be read at all. */
  async stop(): Promise<CancelReport> {
    this.#stopping = true;
    this.#gateway.fence();
    for (const cancel of this.#timers) cancel();
    await this.#freezing;
    await this.#gateway.drained();
    try {
      const report = await this.#cancelAll('stop');
      await this.settle();
      this.#parts.journal.append({ type: 'stop', at: this.#parts.clock.now(), clean: report.verified });
      this.#parts.journal.sync();
      return report;
    } finally {
      this.#unknown.stop();
    }
  }

  /** The last executions and the final word on every order. Again after `stop`, when the exchange answers again; quotes nothing. */
  async settle(): Promise<void> {
    this.#unknown.resume();
    await this.#catchUp();
    this.#unknown.stop();
  }

  async #loadInstruments(): Promise<void> {
    const { exchange, symbols, clock, settings } = this.#parts;
    const instruments = await exchange.instruments(symbols);
    for (const instrument of instruments) {
      const fees = await exchange.feeRates(instrument.symbol);
      const known = this.#states.get(instrument.symbol);
      if (known === undefined) this.#states.set(instrument.symbol, new SymbolState(instrument, fees, clock, settings));
      else if (!known.refresh(instrument, fees)) this.freeze(`${instrument.symbol} has another tick or lot size now`);
    }
  }

  async #recover(startedAt: number): Promise<void> {
    const { exchange, clock, limiter, settings, record, quietAt = clock.monotonic() } = this.#parts;
    const parts = { exchange, store: this.store, clock, limiter, quietAt, deadlineMs: settings.execution.stopDeadlineMs };
    const report = await clearLeftovers(parts);
    if (report !== undefined) record({ type: 'cancelAllDone', report });
    const instruments = [...this.#states.values()].map(({ instrument }) => instrument);
    await adoptPositions(parts, instruments, startedAt);
  }

  #refreshInstruments(): void {
    this.#loadInstruments().catch((error: unknown) => {
      // The old limits stay: the exchange itself refuses what breaks the new ones.
      if (!(error instanceof ExchangeError)) this.#failed(error);
    });
  }

  #observe(event: ExchangeEvent): void {
    if (event.type === 'stream') return this.#streamChanged(event.stream, event.state, event.reason);
    if (event.type === 'limit') return this.#parts.limiter.observe(event.observation, this.#parts.clock.now());
    this.#guarded(() => this.#observer.observe(event));
  }

  /** Streams replay nothing: after every reconnect of the private one the exchange's lists are read before the next quote. */
  #streamChanged(stream: StreamName, state: 'up' | 'down', reason: string): void {
    this.#parts.record({ type: 'stream', stream, state, reason });
    if (stream === 'trade') return;
    const block = `${stream}_stream_down`;
    if (state === 'down') this.#blocks.add(block);
    else this.#blocks.delete(block);
    if (stream === 'private') this.#blocks.add('unreconciled');
    if (stream === 'private' && state === 'up') this.#reconcileSoon();
    this.#scheduleAll();
  }

  #heartbeat(): void {
    this.#watchBreaker();
    this.#scheduleAll();
  }

  /** While creates may not leave, resting quotes could not be moved either: they are pulled. One harmless query tests whether that is over. */
  #watchBreaker(): void {
    const { exchange } = this.#parts;
    if (this.#breaker.state === 'closed') this.#blocks.delete('breaker_open');
    else this.#blocks.add('breaker_open');
    if (!this.#breaker.takeProbe()) return;
    exchange.serverTime().then(
      () => this.#breaker.succeeded(),
      (error: unknown) => (error instanceof ExchangeError ? this.#breaker.failed(error) : this.#failed(error)),
    );
  }

  #scheduleAll(): void {
    for (const symbol of this.#states.keys()) this.#schedule(symbol);
  }

  /** Events of one instant share one turn. */
  #schedule(symbol: string): void {
    if (!this.#started || this.#stopping || this.#due.has(symbol) || !this.#states.has(symbol)) return;
    this.#due.add(symbol);
    this.#parts.clock.schedule(0, () => {
      this.#due.delete(symbol);
      if (!this.#stopping) this.#guarded(() => this.#turn(symbol));
    });
  }

  #turn(symbol: string): void {
    const { settings, limiter } = this.#parts;
    const state = this.state(symbol);
    const [heldBy] = this.#blocks;
    const view = state.view({
      orders: this.store.live(symbol),
      position: this.store.position(symbol),
      account: this.#account.view(),
      trading: this.#trading,
      heldBy,
      inFlight: this.#gateway.inFlight(symbol),
      placeRoom: limiter.room('create'),
      amendRoom: limiter.room('amend'),
    });
    const decision = decide(view, settings, () => this.#newId());
    if (decision.freeze !== undefined) this.freeze(decision.freeze);
    else this.#gateway.execute(decision.plan);
    state.remember(decision.memory);
    this.#recordTurn(symbol, decision);
  }

  #recordTurn(symbol: string, { denied, hold, explanation, plan }: Decision): void {
    const { record } = this.#parts;
    for (const denial of denied) record({ type: 'orderDenied', denial });
    if (!this.#holds.has(symbol) || this.#holds.get(symbol) !== hold) {
      this.#holds.set(symbol, hold);
      record({ type: 'hold', symbol, reason: hold });
    }
    const open = this.store.live(symbol).filter((order) => order.state.tag === 'open');
    const bids = open.filter(({ side }) => side === 'buy').map(({ price }) => price);
    const asks = open.filter(({ side }) => side === 'sell').map(({ price }) => price);
    const best = { bid: bids.sort((a, b) => b - a)[0], ask: asks.sort((a, b) => a - b)[0] };
    record({ type: 'turn', symbol, ...best, mid: this.state(symbol).mid(), hold, explanation, plan, denied });
  }

  /** Keeps the activity that pacing and guards look at, then passes the event on. */
  #recordSent(event: BotEvent): void {
    if (event.type === 'orderSent') {
      this.state(event.order.symbol).changed();
      this.#account.placed();
      this.#observer.expect(event.order);
    } else if (event.type === 'orderRefused' && event.reason === 'rejected')
      this.state(event.order.symbol).refused(event.order.side, false);
    else if (event.type === 'amendSent') this.state(event.amend.symbol).changed();
    else if (event.type === 'orderAcked') this.state(event.order.symbol).answered(event.latencyMs);
    else if (event.type === 'amendAcked') this.state(event.amend.symbol).answered(event.latencyMs);
    this.#parts.record(event);
    if ('reason' in event && event.reason === 'auth') this.freeze(KEYS_REFUSED);
  }

  #newId(): string {
    this.#orders += 1;
    return `${this.#parts.idPrefix}${this.#orders.toString(36)}`;
  }

  #reconcileSoon(): void {
    if (this.#reconciling !== undefined || this.#stopping || this.#reconciler === undefined) return;
    this.#reconciling = this.#reconcile()
      .catch((error: unknown) => {
        if (!(error instanceof ExchangeError)) this.#failed(error);
        else if (error.kind === 'auth') this.freeze(KEYS_REFUSED);
        else this.#blocks.add('unreconciled');
      })
      .finally(() => {
        this.#reconciling = undefined;
        this.#scheduleAll();
      });
  }

  async #reconcile(): Promise<void> {
    const { divergences, positionsOff } = await defined(this.#reconciler, 'reconciler').run();
    this.#blocks.delete('unreconciled');
    const all = [...divergences, ...positionsOff.map((symbol) => `position ${symbol}`)];
    for (const symbol of this.#states.keys()) {
      const reads = positionsOff.includes(symbol) ? (this.#positionOffReads.get(symbol) ?? 0) + 1 : 0;
      this.#positionOffReads.set(symbol, reads);
      if (reads >= POSITION_READS) this.freeze(`position of ${symbol} differs from the exchange's`);
    }
    this.#parts.record({ type: 'reconciled', divergences: all });
  }

  /** Last executions and the final word on every order, after everything is canceled. */
  async #catchUp(): Promise<void> {
    const { clock, settings } = this.#parts;
    const deadline = clock.monotonic() + settings.execution.stopDeadlineMs;
    await this.#reconciling;
    do {
      for (const order of this.store.live()) this.#unknown.resolve(order);
      await this.#reconcile().catch(ignoreUnreadable);
      if (this.store.live().length > 0) await sleep(clock, HEARTBEAT_MS);
    } while (this.store.live().length > 0 && clock.monotonic() < deadline);
  }

  #cancelAll(trigger: CancelReport['trigger']): Promise<CancelReport> {
    const { exchange, settings, ...parts } = this.#parts;
    const { stopDeadlineMs: deadlineMs } = settings.execution;
    const { recvWindowMs } = settings.bybit;
    const own = { ...parts, port: exchange.cancelPort, store: this.store, gateway: this.#gateway, recvWindowMs, deadlineMs };
    return cancelOwn(trigger, own).then((report) => {
      this.#parts.record({ type: 'cancelAllDone', report });
      return report;
    });
  }

  /** A bug or a broken journal stops trading; it never takes the process down with orders open. */
  #guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#fault ??= error;
    this.freeze(`fault: ${messageOf(error)}`);
  }
}

function ignoreUnreadable(error: unknown): void {
  if (!(error instanceof ExchangeError)) throw error;
}
