import type { Settings } from '../config/fields.ts';
import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange, ExchangeEvent, StreamName } from '../exchange/exchange.ts';
import type { TradingState } from '../risk/trading-state.ts';
import { defined } from '../util/assert.ts';
import { every, type Cancel, type Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import { AccountState } from './account-state.ts';
import { countActivity } from './activity.ts';
import { BreakerWatch } from './breaker-watch.ts';
import { cancelOwn } from './cancel-own.ts';
import type { CancelReport } from './cancel-report.ts';
import { Breakers } from './breakers.ts';
import type { BotEvent, Recorder } from './events.ts';
import type { IntendedOrder, Journal } from './journal.ts';
import { Freezing } from './freezing.ts';
import { Observer } from './observer.ts';
import { OrderGateway } from './order-gateway.ts';
import { OrderStore } from './order-store.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { KEYS_REFUSED, Reconciling, UNRECONCILED } from './reconciling.ts';
import { settleLeftOpen } from './left-open.ts';
import { adoptPositions, clearLeftovers } from './recovery.ts';
import { loadStates } from './symbol-states.ts';
import type { SymbolState } from './symbol-state.ts';
import { Turns } from './turns.ts';
import { settledAfterMs, UnknownOrders } from './unknown-orders.ts';
import { watchedJournal } from './watched-journal.ts';

/** A turn without any event: staleness is noticed by time alone. */
const HEARTBEAT_MS = 100;

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
  /** Orders of earlier runs whose end is not in the journal. */
  readonly leftOpen?: readonly IntendedOrder[];
}

/** The market-making loop: observe, decide, act, record; the same in every run, whatever exchange and clock it is given. */
export class ExecutionLoop {
  readonly store = new OrderStore();
  readonly breakers: Breakers;
  readonly #parts: LoopParts;
  readonly #states = new Map<string, SymbolState>();
  readonly #observer: Observer;
  readonly #gateway: OrderGateway;
  readonly #breakerWatch: BreakerWatch;
  readonly #unknown: UnknownOrders;
  readonly #turns: Turns;
  readonly #freezing: Freezing;
  readonly #reconciling: Reconciling;
  /** Why nothing may be quoted now, by cause. */
  readonly #blocks = new Set<string>();
  readonly #account: AccountState;
  #timers: Cancel[] = [];
  #phase: 'starting' | 'running' | 'stopping' = 'starting';

  constructor(given: LoopParts) {
    const { clock, settings, random } = given;
    const { recvWindowMs } = settings.bybit;
    const parts = { ...given, journal: watchedJournal(given.journal, (error) => this.#freezing.failed(error)) };
    this.#parts = parts;
    const freeze = (reason: string): void => this.freeze(reason);
    const onFault = (error: unknown): void => this.#freezing.failed(error);
    const shared = {
      ...parts,
      store: this.store,
      states: this.#states,
      blocks: this.#blocks,
      doubtful: new Set<string>(),
      freeze,
      onFault,
    };
    this.#account = new AccountState(this.store, this.#states, clock);
    this.#observer = new Observer({ ...shared, onChanged: (symbol) => this.#turns.schedule(symbol) });
    const onResolved = (id: string): void => this.#turns.schedule(this.store.get(id)?.symbol ?? '');
    this.#unknown = new UnknownOrders({ ...shared, observer: this.#observer, recvWindowMs, onResolved });
    const breakers = new Breakers(clock, random);
    this.breakers = breakers;
    this.#breakerWatch = new BreakerWatch({ ...shared, breakers });
    this.#gateway = new OrderGateway({
      ...shared,
      breakers,
      record: (event) => this.#recordSent(event),
      queueDeadlineMs: settings.execution.queueDeadlineMs,
      askAbout: (order, sentAt) => this.#unknown.resolve(order, sentAt),
      confirmWithinMs: settledAfterMs(recvWindowMs),
    });
    const [fence, cancelAll] = [() => this.#gateway.fence(), (trigger: 'freeze') => this.#cancelAll(trigger)];
    this.#freezing = new Freezing({ ...parts, fence, cancelAll });
    this.#turns = new Turns({ ...shared, account: this.#account, gateway: this.#gateway, trading: () => this.trading });
    this.#reconciling = new Reconciling({
      ...shared,
      observer: this.#observer,
      unknown: this.#unknown,
      onPassed: () => this.#turns.scheduleAll(),
    });
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

  /** By symbol, in the order of the exchange's list; empty before the start. */
  get states(): ReadonlyMap<string, SymbolState> {
    return this.#states;
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
    await this.#reconciling.begin(startedAt);
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#reconcileSoon()),
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
    this.#blocks.add(reason);
    this.#turns.scheduleAll();
  }

  lift(reason: string): void {
    this.#blocks.delete(reason);
    this.#turns.scheduleAll();
  }

  /** Fence, drain, cancel, verify. The report says what may remain; rejects with ExchangeError when the exchange could not be read at all. */
  async stop(): Promise<CancelReport> {
    this.#phase = 'stopping';
    this.#turns.end();
    this.#gateway.fence();
    for (const cancel of this.#timers) cancel();
    await this.#freezing.end();
    await this.#gateway.drained();
    try {
      const report = await this.#cancelAll('stop');
      await this.settle();
      this.#freezing.guarded(() => {
        this.#parts.journal.append({ type: 'stop', at: this.#parts.clock.now(), clean: report.verified });
        this.#parts.journal.sync();
      });
      return report;
    } finally {
      this.#unknown.stop();
    }
  }

  /** The last executions and the final word on every order. Again after `stop`, when the exchange answers again; quotes nothing. */
  async settle(): Promise<void> {
    this.#unknown.resume();
    await this.#reconciling.catchUp(this.#parts.settings.execution.stopDeadlineMs);
    this.#unknown.stop();
  }

  async #loadInstruments(): Promise<void> {
    const changed = await loadStates(this.#states, this.#parts);
    for (const symbol of changed) this.freeze(`${symbol} has another tick or lot size now`);
  }

  async #recover(startedAt: number): Promise<void> {
    const { exchange, clock, limiter, settings, journal, record, quietAt = clock.monotonic(), leftOpen = [] } = this.#parts;
    const parts = { exchange, store: this.store, clock, limiter, quietAt, deadlineMs: settings.execution.stopDeadlineMs };
    const report = await clearLeftovers(parts);
    if (report !== undefined) record({ type: 'cancelAllDone', report });
    const instruments = [...this.#states.values()].map(({ instrument }) => instrument);
    await settleLeftOpen({ ...parts, journal, record }, leftOpen);
    await adoptPositions(parts, instruments, startedAt);
  }

  #refreshInstruments(): void {
    this.#loadInstruments().catch((error: unknown) => {
      // The old limits stay: the exchange itself refuses what breaks the new ones.
      if (!(error instanceof ExchangeError)) this.#freezing.failed(error);
    });
  }

  #observe(event: ExchangeEvent): void {
    if (event.type === 'stream') return this.#streamChanged(event.stream, event.state, event.reason);
    if (event.type === 'limit') return this.#parts.limiter.observe(event.observation);
    if (event.type === 'answered') return this.breakers.heard(event.via, event.error);
    this.#freezing.guarded(() => this.#observer.observe(event));
  }

  /** Streams replay nothing: after every reconnect of the private one the exchange's lists are read before the next quote. */
  #streamChanged(stream: StreamName, state: 'up' | 'down', reason: string): void {
    this.#parts.record({ type: 'stream', stream, state, reason });
    if (stream === 'trade') return;
    const block = `${stream}_stream_down`;
    if (state === 'down') this.#blocks.add(block);
    else this.#blocks.delete(block);
    if (stream === 'private') this.#blocks.add(UNRECONCILED);
    if (stream === 'private' && state === 'up') this.#reconcileSoon();
    this.#turns.scheduleAll();
  }

  #heartbeat(): void {
    this.#breakerWatch.look();
    this.#turns.scheduleAll();
  }

  /** Keeps the activity that pacing and guards look at, then passes the event on. */
  #recordSent(event: BotEvent): void {
    countActivity(event, this.#states, this.#account);
    if (event.type === 'orderSent') this.#observer.expect(event.order);
    this.#parts.record(event);
    if ('reason' in event && event.reason === 'auth') this.freeze(KEYS_REFUSED);
  }

  #reconcileSoon(): void {
    if (this.#phase !== 'stopping') this.#reconciling.soon();
  }

  #cancelAll(trigger: CancelReport['trigger']): Promise<CancelReport> {
    const { exchange, settings, ...parts } = this.#parts;
    const { stopDeadlineMs: deadlineMs } = settings.execution;
    const { recvWindowMs } = settings.bybit;
    exchange.insist();
    const own = { ...parts, port: exchange.cancelPort, store: this.store, gateway: this.#gateway, recvWindowMs, deadlineMs };
    return cancelOwn(trigger, own).then((report) => {
      this.#parts.record({ type: 'cancelAllDone', report });
      return report;
    });
  }
}
