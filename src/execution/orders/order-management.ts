import type { Settings } from '../../config/fields.ts';
import { messageOf } from '../../errors.ts';
import type { CancelPort } from '../../exchange/cancel-port.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Order } from '../../model/order.ts';
import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { DayFold } from '../account/account-day.ts';
import type { AccountDay } from '../account/day.ts';
import { AccountState } from '../account/account-state.ts';
import { countActivity } from '../loop/activity.ts';
import { BreakerWatch } from '../limits/breaker-watch.ts';
import { Breakers } from '../limits/breakers.ts';
import { cancelOwn } from '../cancel/cancel-own.ts';
import { CancelWatch } from './cancel-watch.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import { DifferenceWatch } from '../account/difference-watch.ts';
import type { BotEvent, Recorder } from '../events.ts';
import type { Journal } from '../journal.ts';
import { ListingWatch } from '../account/listing-watch.ts';
import { Observer, type StreamChange } from './observer.ts';
import { OrderGateway, type GatewayParts } from './order-gateway.ts';
import { OrderStore } from './order-store.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { ReadAge } from '../cancel/read-age.ts';
import { ReconcileScheduler } from '../account/reconcile-scheduler.ts';
import { loadStates } from '../loop/symbol-states.ts';
import type { SymbolState } from '../loop/symbol-state.ts';
import { settledAfterMs, UnknownOrders } from './unknown-orders.ts';
import { foldedJournal, watchedJournal } from './watched-journal.ts';

export interface OrderManagementParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  /** Every client order id of this run begins with it. */
  readonly idPrefix: string;
  readonly record: Recorder;
  /** The account's trading of today by earlier runs. */
  readonly day?: AccountDay | undefined;
  /** Symbols whose positions are compared with the exchange's. Default: all. */
  readonly heldSymbols?: readonly string[];
  /**
   * False when the order book does not contain our orders (market data of another venue, or a recording), or when it is not used
   * for quoting. Default: true.
   */
  readonly bookShowsOwn?: boolean | undefined;
  /** Monotonic time until which the exchange may still accept a create of an earlier run. */
  readonly lateCreateDeadline?: number | undefined;
  /** Others may have orders on this account, which are never canceled. Default: false, the account is mmbot's own. */
  readonly isShared?: boolean | undefined;
  /** False: ignore the exchange's reported rate limits and the breakers. Default: true. */
  readonly heedsLimits?: boolean;
  /** Where requests are sent, when not directly to the exchange. */
  readonly entry?: GatewayParts['exchange'];
  readonly trader: Trader;
}

/** The part that decides what is sent, a bot or a load test: what it does when something happened to its orders. */
export interface Trader {
  /** Something changed for this symbol. */
  readonly onChanged: (symbol: string) => void;
  /** The state of an order that was in doubt is known again. */
  readonly onResolved: (clientOrderId: string) => void;
  /** A stream or a reconciliation may have changed whether orders may be placed. */
  readonly onBlocks: () => void;
  /** Trading must stop until the operator acts. */
  readonly freeze: (reason: string) => void;
  /** There was a bug, or the journal is broken. */
  readonly onFault: (error: unknown) => void;
}

const JOURNAL_SLOW = 'journal_slow';
/** For a load that ignores what the exchange says of its limits. */
const UNHEARD = { observe: () => undefined, heard: () => undefined };

/**
 * The path of an order to the exchange and of its reports back: gateway, breakers, journal, store, streams, orders in doubt and
 * reconciliation. The trader decides what is sent.
 */
export class OrderManagement {
  readonly store = new OrderStore();
  readonly states = new Map<string, SymbolState>();
  /** The causes for which no order may be placed now. */
  readonly blocks = new Set<string>();
  /** Symbols whose position at the exchange differs from ours. */
  readonly mismatchedSymbols = new Set<string>();
  readonly account: AccountState;
  readonly breakers: Breakers;
  readonly gateway: OrderGateway;
  readonly journal: Journal;
  readonly unknown: UnknownOrders;
  readonly reconciling: ReconcileScheduler;
  readonly #differences: DifferenceWatch;
  readonly #listing: ListingWatch;
  readonly #parts: OrderManagementParts;
  readonly #observer: Observer;
  readonly #breakerWatch: BreakerWatch;
  readonly #watch: CancelWatch;
  /** The largest delay of the exchange's lists that a cancel-all of this run has observed. */
  #readsLateMs = 0;
  #ended = false;

  constructor(parts: OrderManagementParts) {
    const { settings, symbols, exchange, limiter, clock, random, idPrefix, heldSymbols = symbols, entry = exchange } = parts;
    const { record, heedsLimits = true } = parts;
    const { onChanged, onResolved, onBlocks, freeze, onFault } = parts.trader;
    const { recvWindowMs } = settings.bybit;
    const { store, states, blocks, mismatchedSymbols } = this;
    this.#parts = parts;
    const watch = new CancelWatch({ clock, store });
    const day = new DayFold(parts.day);
    const onSlow = (isSlow: boolean): void => this.#slowed(isSlow);
    const journal = foldedJournal(watchedJournal(parts.journal, { clock, onBroken: onFault, onSlow }), day);
    const breakers = new Breakers(clock, random, exchange.banMs);
    const limits = heedsLimits ? { limiter, breakers } : { limiter: UNHEARD, breakers: UNHEARD };
    const observer = new Observer({
      exchange,
      store,
      states,
      journal,
      clock,
      record,
      watch,
      ...limits,
      onChanged,
      onStream: (event) => this.#streamChanged(event),
      onStray: () => this.reconcileSoon(),
      onFault,
    });
    const watchedSince = (): number | undefined => this.watchedSince;
    const unknown = new UnknownOrders({ exchange, store, observer, clock, recvWindowMs, watchedSince, onResolved, onFault });
    this.#watch = watch;
    this.#observer = observer;
    this.journal = journal;
    this.breakers = breakers;
    this.unknown = unknown;
    this.account = new AccountState({ store, states, day, journal, exchange, clock });
    this.gateway = this.#newGateway(entry, heedsLimits);
    this.reconciling = new ReconcileScheduler({
      exchange,
      store,
      clock,
      limiter,
      symbols: heldSymbols,
      idPrefix,
      observer,
      unknown,
      record,
      blocks,
      mismatchedSymbols,
      onPassed: onBlocks,
      freeze,
      onFault,
    });
    this.#breakerWatch = new BreakerWatch({ breakers, exchange, blocks, record, onFault });
    this.#listing = new ListingWatch({ exchange, clock, symbols, states, settings, freeze, onFault });
    this.#differences = new DifferenceWatch({ store, symbols: heldSymbols, clock, ask: () => this.reconcileSoon() });
  }

  #newGateway(entry: GatewayParts['exchange'], heedsLimits: boolean): OrderGateway {
    const { store, journal, breakers, unknown } = this;
    const { settings, limiter, clock, trader } = this.#parts;
    return new OrderGateway({
      exchange: entry,
      store,
      journal,
      limiter,
      breakers: heedsLimits ? breakers : { forChange: ([first]) => first, forCancel: ([first]) => first },
      clock,
      record: (event) => this.#recordSent(event),
      queueDeadlineMs: settings.execution.queueDeadlineMs,
      askAbout: (order, sentAt) => unknown.resolve(order, sentAt),
      confirmWithinMs: settledAfterMs(settings.bybit.recvWindowMs),
      onFault: trader.onFault,
    });
  }

  /** Loads instruments and fees and opens the streams. Returns the exchange time at the start of this run. Rejects with ExchangeError. */
  async open(): Promise<number> {
    const { exchange, symbols } = this.#parts;
    const startedAt = await exchange.serverTime();
    await exchange.prepareAccount();
    await this.loadInstruments();
    this.account.adoptDay();
    await exchange.connect(symbols, (event) => this.#observer.observe(event));
    return startedAt;
  }

  /** Freezes when a tick or lot size has changed: all stored prices and quantities would be wrong. Rejects with ExchangeError. */
  async loadInstruments(): Promise<void> {
    const { bookShowsOwn = true } = this.#parts;
    const own = bookShowsOwn ? (symbol: string): readonly Order[] => this.store.live(symbol) : undefined;
    // At the start an unlisted symbol is a configuration error; later it may have been delisted.
    const symbols = this.states.size === 0 ? this.#parts.symbols : await this.#listing.listed();
    const { exchange, clock, settings } = this.#parts;
    const changed = await loadStates(this.states, { exchange, symbols, clock, settings, own });
    for (const symbol of changed) this.#parts.trader.freeze(`${symbol} has another tick or lot size now`);
  }

  /** The port for cancel-all, with the private stream as a second source beside the lists. */
  get cancelPort(): CancelPort {
    return this.#watch.port(this.#parts.exchange.cancelPort);
  }

  /** No orders of earlier runs are left, so a later cancel-all need not look for them again. */
  cleared(): void {
    this.#watch.cleared();
  }

  /** Since when the private stream is up and misses no order event, monotonic; undefined while it is down. */
  get watchedSince(): number | undefined {
    return this.#watch.upSince;
  }

  /** To be called periodically: breakers become half open by time alone, and missing executions cause no event. */
  look(): void {
    this.#breakerWatch.look();
    this.#differences.look();
    this.#listing.look();
  }

  /** Why no order of this symbol may be placed now; undefined when it may. */
  heldBy(symbol: string): string | undefined {
    const [block] = this.blocks;
    if (block !== undefined) return block;
    if (this.mismatchedSymbols.has(symbol)) return 'position_differs';
    if (this.#differences.lasts(symbol)) return 'executions_missing';
    // With an old mark price the price collar would not protect, and a loss would not be noticed.
    return this.states.get(symbol)?.isMarkPriceOld === true ? 'stale_mark_price' : this.#listing.heldBy(symbol);
  }

  reconcileSoon(): void {
    if (!this.#ended) this.reconciling.soon();
  }

  /** From now on no create or amend is sent, and no reconciliation starts automatically. */
  end(): void {
    this.#ended = true;
    this.gateway.fence();
  }

  /**
   * Cancels all orders of mmbot and proves it; no order is placed afterwards. Rejects with ExchangeError when the exchange could not
   * be read at all.
   */
  async cancelAll(trigger: CancelReport['trigger']): Promise<CancelReport> {
    const { exchange, settings, record, clock, limiter, isShared = false, lateCreateDeadline = Number.NEGATIVE_INFINITY } = this.#parts;
    const { stopDeadlineMs: deadlineMs } = settings.execution;
    const { recvWindowMs } = settings.bybit;
    exchange.forceProbes();
    const { store, gateway } = this;
    const fencedAt = gateway.fence();
    // One instance per call: a freeze and the stop may run a cancel-all at the same time.
    const age = new ReadAge(this.#readsLateMs);
    const watchedSince = (): number | undefined => (this.#watch.isUnbroken ? Number.NEGATIVE_INFINITY : this.watchedSince);
    try {
      const report = await cancelOwn(trigger, {
        port: this.cancelPort,
        clock,
        limiter,
        store,
        gateway,
        recvWindowMs,
        deadlineMs,
        watchedSince,
        isShared,
        fencedAt,
        earlierUntil: this.#watch.isCleared ? Number.NEGATIVE_INFINITY : lateCreateDeadline,
        age,
      });
      record({ type: 'cancelAllDone', report });
      return report;
    } catch (error) {
      record({ type: 'cancelAllFailed', trigger, reason: messageOf(error) });
      throw error;
    } finally {
      this.#readsLateMs = Math.max(this.#readsLateMs, age.seenMs);
    }
  }

  /** Streams replay nothing: after every reconnect of the private stream, the exchange's lists are read before an order is placed. */
  #streamChanged(event: StreamChange): void {
    const { stream, state } = event;
    this.#parts.record(event);
    if (stream === 'trade') return;
    this.#block(`${stream}_stream_down`, state === 'down');
    if (stream === 'private') this.reconciling.doubt();
    if (stream === 'private') this.#watch.state(state);
    if (stream === 'private' && state === 'up') this.reconcileSoon();
    this.#parts.trader.onBlocks();
  }

  /** Creates and amends wait for the disk: resting orders cannot be moved meanwhile, so they are canceled. */
  #slowed(isSlow: boolean): void {
    this.#block(JOURNAL_SLOW, isSlow);
    this.#parts.trader.onBlocks();
  }

  #block(cause: string, isBlocked: boolean): void {
    if (isBlocked) this.blocks.add(cause);
    else this.blocks.delete(cause);
  }

  /** Updates the activity counts that pacing and guards use, then forwards the event. */
  #recordSent(event: BotEvent): void {
    countActivity(event, this.states);
    this.#observer.sent(event);
    this.#parts.record(event);
    const stopReason = 'error' in event ? event.error.stopReason : undefined;
    if (stopReason !== undefined) this.#parts.trader.freeze(stopReason);
  }
}
