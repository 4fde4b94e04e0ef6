import type { Settings } from '../config/fields.ts';
import { EXIT, MmbotError } from '../errors.ts';
import { AccountState } from '../execution/account-state.ts';
import { countActivity } from '../execution/activity.ts';
import { BreakerWatch } from '../execution/breaker-watch.ts';
import { cancelOwn } from '../execution/cancel-own.ts';
import type { CancelReport } from '../execution/cancel-report.ts';
import { Breakers } from '../execution/breakers.ts';
import type { BotEvent, Recorder } from '../execution/events.ts';
import type { Journal } from '../execution/journal.ts';
import { Observer } from '../execution/observer.ts';
import { OrderGateway } from '../execution/order-gateway.ts';
import { OrderStore } from '../execution/order-store.ts';
import type { RateLimiter } from '../execution/rate-limiter.ts';
import { KEYS_REFUSED, Reconciling, UNRECONCILED } from '../execution/reconciling.ts';
import { loadStates } from '../execution/symbol-states.ts';
import type { SymbolState } from '../execution/symbol-state.ts';
import { settledAfterMs, UnknownOrders } from '../execution/unknown-orders.ts';
import { watchedJournal } from '../execution/watched-journal.ts';
import type { Exchange, ExchangeEvent, Transport } from '../exchange/exchange.ts';
import { every, sleep, type Cancel, type Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import { ACTIVE } from '../risk/trading-state.ts';
import type { Watched } from '../telemetry/scrape.ts';
import { LoadDesk, type LoadRecord } from './load-desk.ts';
import type { DueRequest } from './load-generator.ts';

const HEARTBEAT_MS = 100;
/** What a load that broke something may take to be in order again: a breaker opens for up to a minute. */
const RECOVERY_MS = 75_000;

/** A cancel that failed may have met a closed limit. */
const CANCEL_AGAIN_MS = 1000;
const first = (usable: readonly Transport[]): Transport | undefined => usable[0];
const NO_BREAKERS = { forChange: first, forCancel: first };

export interface LoadSessionParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly limiter: RateLimiter;
  /** False: neither what the exchange says about its limits nor the breaker slows us down. */
  readonly heedsLimits: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Every client order id of this run begins with it. */
  readonly idPrefix: string;
  /** Hears what a bot's recorder hears. */
  readonly record: Recorder;
  /** Gets what a scrape of metrics looks at, when that begins and when it ends. */
  readonly watch?: (watched: Watched) => void;
}

/** The order path of a bot without its quotes: the same gate, gateway, journal, limiter, store, streams and reconciliation, driven by a load. */
export class LoadSession {
  readonly #parts: LoadSessionParts;
  readonly #store = new OrderStore();
  readonly #states = new Map<string, SymbolState>();
  readonly #account: AccountState;
  readonly #observer: Observer;
  readonly #gateway: OrderGateway;
  readonly #breakers: Breakers;
  readonly #breakerWatch: BreakerWatch;
  readonly #unknown: UnknownOrders;
  readonly #reconciling: Reconciling;
  /** Why nothing may be placed now, by cause. */
  readonly #blocks = new Set<string>();
  #timers: Cancel[] = [];
  #load: (LoadRecord & { readonly desk: LoadDesk; readonly onFault: () => void }) | undefined;
  #fault: unknown;

  constructor(given: LoadSessionParts) {
    const { exchange, clock, settings, random } = given;
    const { recvWindowMs } = settings.bybit;
    const parts = { ...given, journal: watchedJournal(given.journal, (error) => this.#failed(error)) };
    this.#parts = parts;
    const onFault = (error: unknown): void => this.#failed(error);
    const record = (event: BotEvent): void => this.#record(event);
    const freeze = (reason: string): void => this.#failed(refused(reason));
    const doubtful = new Set<string>();
    const shared = { ...parts, store: this.#store, states: this.#states, blocks: this.#blocks, doubtful, record, freeze, onFault };
    this.#account = new AccountState(this.#store, this.#states, clock);
    this.#observer = new Observer({ ...shared, onChanged: () => undefined });
    this.#unknown = new UnknownOrders({ ...shared, observer: this.#observer, recvWindowMs, onResolved: (id) => this.#resolved(id) });
    this.#breakers = new Breakers(clock, random);
    this.#breakerWatch = new BreakerWatch({ ...shared, breakers: this.#breakers });
    this.#gateway = new OrderGateway({
      ...shared,
      exchange: this.#noting(exchange),
      breakers: parts.heedsLimits ? this.#breakers : NO_BREAKERS,
      queueDeadlineMs: settings.execution.queueDeadlineMs,
      askAbout: (order) => this.#unknown.resolve(order),
      confirmWithinMs: settledAfterMs(recvWindowMs),
    });
    // The account's positions are none of a load's business: its orders are not to fill.
    this.#reconciling = new Reconciling({
      ...shared,
      symbols: [],
      observer: this.#observer,
      unknown: this.#unknown,
      onPassed: () => undefined,
    });
  }

  /** The first bug, broken journal or refusal of the account, which ended the load; undefined in a sound run. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Streams, then the exchange's own lists. Rejects with ExchangeError. */
  async start(): Promise<void> {
    const { exchange, clock, settings, symbols } = this.#parts;
    const startedAt = await exchange.serverTime();
    await exchange.prepareAccount();
    await loadStates(this.#states, this.#parts);
    await exchange.connect(symbols, (event) => this.#observe(event));
    await this.#reconciling.begin(startedAt);
    this.#show('running');
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#reconciling.soon()),
      every(clock, HEARTBEAT_MS, () => this.#breakerWatch.look()),
    ];
  }

  /** True as soon as every symbol has a book and a mark price, false when they have not within `withinMs`. */
  async hasPrices(withinMs: number, stop: AbortSignal): Promise<boolean> {
    const states = [...this.#states.values()];
    const isPriced = (): boolean => states.every((state) => state.touch() !== undefined && state.markPrice !== undefined);
    await this.#until(isPriced, withinMs, stop);
    return isPriced();
  }

  /** Where requests that are due go from now on, until `end`. `record.idPrefix` begins with the run's. */
  begin(record: LoadRecord, onFault: () => void): (due: readonly DueRequest[]) => void {
    const desk = new LoadDesk(
      {
        store: this.#store,
        states: this.#states,
        account: this.#account,
        gateway: this.#gateway,
        risk: this.#parts.settings.risk,
        heldBy: () => [...this.#blocks][0],
      },
      record,
    );
    this.#load = { ...record, desk, onFault };
    return (due) => this.#guarded(() => desk.submit(due));
  }

  /** Resolves when every order has ended, by the exchange's own word, and creates may leave again; or after a while all the same. */
  settled(stop: AbortSignal): Promise<void> {
    const isQuiet = (): boolean =>
      this.#store.live().length === 0 && (this.#load?.desk.waiting ?? 0) === 0 && this.#breakers.state === 'closed';
    return this.#until(isQuiet, RECOVERY_MS, stop);
  }

  /** Nothing that happens from here on counts for the load. */
  end(): void {
    this.#load = undefined;
  }

  /** Fence, drain, cancel, verify. The report says what may remain; rejects with ExchangeError when the exchange could not be read at all. */
  async stop(): Promise<CancelReport> {
    const { exchange, settings, journal, clock, record, ...parts } = this.#parts;
    const { stopDeadlineMs: deadlineMs } = settings.execution;
    this.end();
    this.#show('stopping');
    this.#gateway.fence();
    for (const cancel of this.#timers) cancel();
    await this.#gateway.drained();
    const { recvWindowMs } = settings.bybit;
    const own = { ...parts, clock, port: exchange.cancelPort, store: this.#store, gateway: this.#gateway, recvWindowMs, deadlineMs };
    try {
      const report = await cancelOwn('stop', own);
      record({ type: 'cancelAllDone', report });
      journal.append({ type: 'stop', at: clock.now(), clean: report.verified });
      journal.sync();
      return report;
    } finally {
      this.#unknown.stop();
    }
  }

  #show(phase: Watched['phase']): void {
    this.#parts.watch?.({ phase, trading: ACTIVE, breakers: this.#breakers, store: this.#store, states: this.#states });
  }

  /** The way to the exchange, with a note of when each request leaves. */
  #noting(exchange: Exchange): Pick<Exchange, 'place' | 'amend' | 'cancel' | 'entries'> {
    const note = (kind: 'place' | 'amend' | 'cancel', clientOrderId: string): void => this.#load?.statistics.sent(kind, clientOrderId);
    return {
      entries: () => exchange.entries(),
      place(order, via) {
        note('place', order.clientOrderId);
        return exchange.place(order, via);
      },
      amend(change, via) {
        note('amend', change.clientOrderId);
        return exchange.amend(change, via);
      },
      cancel(order, via) {
        note('cancel', order.clientOrderId);
        return exchange.cancel(order, via);
      },
    };
  }

  #observe(event: ExchangeEvent): void {
    if (event.type === 'stream') return this.#streamChanged(event);
    if (event.type === 'answered') {
      if (this.#parts.heedsLimits) this.#breakers.heard(event.via, event.error);
      return;
    }
    if (event.type === 'limit') {
      if (this.#parts.heedsLimits) this.#parts.limiter.observe(event.observation);
      return;
    }
    if (event.type === 'book' && this.#load !== undefined) this.#load.statistics.bookMessages += 1;
    this.#guarded(() => this.#observer.observe(event));
  }

  /** As in a bot: blind it places nothing, and what a stream missed is read from the exchange's lists. */
  #streamChanged(event: Extract<ExchangeEvent, { type: 'stream' }>): void {
    const { stream, state } = event;
    this.#parts.record(event);
    if (stream === 'trade') return;
    if (state === 'down') this.#blocks.add(`${stream}_stream_down`);
    else this.#blocks.delete(`${stream}_stream_down`);
    if (stream !== 'private') return;
    this.#blocks.add(UNRECONCILED);
    if (state === 'up') this.#reconciling.soon();
  }

  #record(event: BotEvent): void {
    countActivity(event, this.#states, this.#account);
    if (event.type === 'orderSent') this.#observer.expect(event.order);
    this.#load?.statistics.record(event);
    this.#parts.record(event);
    if ('reason' in event && event.reason === 'auth') this.#failed(refused(KEYS_REFUSED));
    const id = clientOrderIdIn(event);
    if (id !== undefined) this.#heard(id);
    if (event.type === 'cancelFailed') this.#parts.clock.schedule(CANCEL_AGAIN_MS, () => this.#resolved(event.clientOrderId));
  }

  /** How the order stands is known again after a doubt. */
  #resolved(clientOrderId: string): void {
    this.#heard(clientOrderId);
    this.#guarded(() => this.#load?.desk.cancelAgain(clientOrderId));
  }

  #heard(clientOrderId: string): void {
    const order = this.#store.get(clientOrderId);
    if (order === undefined || this.#load === undefined) return;
    const { desk, statistics } = this.#load;
    statistics.settled(order);
    this.#guarded(() => desk.heard(clientOrderId));
  }

  async #until(isSo: () => boolean, withinMs: number, stop: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const deadline = clock.monotonic() + withinMs;
    while (!isSo() && clock.monotonic() < deadline && !stop.aborted) await sleep(clock, HEARTBEAT_MS, stop);
  }

  #guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Nothing more is placed; the load ends, and what is open is canceled. */
  #failed(error: unknown): void {
    this.#fault ??= error;
    this.#gateway.fence();
    this.#load?.onFault();
  }
}

/** Of events after which what waits for an order may go on. */
function clientOrderIdIn(event: BotEvent): string | undefined {
  switch (event.type) {
    case 'orderAcked':
    case 'orderConfirmed':
    case 'orderRefused':
      return event.order.clientOrderId;
    case 'orderClosed':
    case 'requestDropped':
      return event.clientOrderId;
    default:
      return undefined;
  }
}

function refused(reason: string): MmbotError {
  return new MmbotError({ code: reason, exitCode: EXIT.exchange, message: `the exchange refuses this account: ${reason}` });
}
