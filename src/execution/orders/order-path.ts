import type { Settings } from '../../config/fields.ts';
import { messageOf } from '../../errors.ts';
import type { CancelPort } from '../../exchange/cancel-port.ts';
import type { Exchange, ExchangeEvent } from '../../exchange/exchange.ts';
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
import { Observer } from './observer.ts';
import { OrderGateway, type GatewayParts } from './order-gateway.ts';
import { OrderStore } from './order-store.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { ReadAge } from '../cancel/read-age.ts';
import { Reconciling } from '../account/reconciling.ts';
import { loadStates } from '../loop/symbol-states.ts';
import type { SymbolState } from '../loop/symbol-state.ts';
import { settledAfterMs, UnknownOrders } from './unknown-orders.ts';
import { foldedJournal, watchedJournal } from './watched-journal.ts';

export interface OrderPathParts {
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
  /** What earlier runs have done to the account today. */
  readonly day?: AccountDay;
  /** Symbols whose positions are held against the exchange's; all of them unless given. */
  readonly heldSymbols?: readonly string[];
  /** False: the market is another one's, or a recording, and does not show our orders; or nothing is quoted by it. True unless given. */
  readonly bookShowsOwn?: boolean;
  /** False: neither what the exchange says about its limits nor the breakers slow anything down. */
  readonly heedsLimits?: boolean;
  /** What requests go through, where that is not the exchange itself. */
  readonly entry?: GatewayParts['exchange'];
  /** Something happened to this symbol. */
  readonly onChanged: (symbol: string) => void;
  /** How this order stands is known again after a doubt. */
  readonly onResolved: (clientOrderId: string) => void;
  /** What may be placed may have changed: a stream, or a reconciliation. */
  readonly onBlocks: () => void;
  /** Trading must stop until a person acts. */
  readonly freeze: (reason: string) => void;
  /** A bug, or a broken journal. */
  readonly onFault: (error: unknown) => void;
}

const JOURNAL_SLOW = 'journal_slow';

/**
 * The way of an order to the exchange and of all that is heard of it: gateway, breakers, journal, store, streams, doubts,
 * reconciliation. What is sent on it is decided elsewhere, by a bot or by a load.
 */
export class OrderPath {
  readonly store = new OrderStore();
  readonly states = new Map<string, SymbolState>();
  /** Why nothing may be placed now, by cause. */
  readonly blocks = new Set<string>();
  /** Symbols whose position at the exchange is not ours. */
  readonly doubtful = new Set<string>();
  readonly account: AccountState;
  readonly breakers: Breakers;
  readonly gateway: OrderGateway;
  readonly journal: Journal;
  readonly unknown: UnknownOrders;
  readonly reconciling: Reconciling;
  readonly #differences: DifferenceWatch;
  readonly #listing: ListingWatch;
  readonly #parts: OrderPathParts;
  readonly #observer: Observer;
  readonly #breakerWatch: BreakerWatch;
  readonly #watch: CancelWatch;
  /** How late cancel-alls of this run have seen the lists to be. */
  #readsLateMs = 0;
  #ended = false;

  constructor(parts: OrderPathParts) {
    const { exchange, clock, settings, random, symbols, onChanged, onResolved, onBlocks, onFault } = parts;
    const { entry = exchange, heedsLimits = true, heldSymbols = symbols } = parts;
    const { recvWindowMs } = settings.bybit;
    const { store, states, blocks, doubtful } = this;
    this.#parts = parts;
    this.#watch = new CancelWatch({ clock, store });
    const day = new DayFold(parts.day);
    this.journal = foldedJournal(
      watchedJournal(parts.journal, { clock, onBroken: onFault, onSlow: (isSlow) => this.#slowed(isSlow) }),
      day,
    );
    this.account = new AccountState({ store, states, day, journal: this.journal, exchange, clock });
    this.breakers = new Breakers(clock, random);
    const shared = { ...parts, store, states, blocks, doubtful, journal: this.journal, breakers: this.breakers };
    const observer = new Observer({ ...shared, onChanged });
    this.#observer = observer;
    this.unknown = new UnknownOrders({ ...shared, observer, recvWindowMs, onResolved, watchedSince: () => this.watchedSince });
    this.#breakerWatch = new BreakerWatch(shared);
    this.gateway = new OrderGateway({
      ...shared,
      exchange: entry,
      breakers: heedsLimits ? this.breakers : { forChange: ([first]) => first, forCancel: ([first]) => first },
      record: (event) => this.#recordSent(event),
      queueDeadlineMs: settings.execution.queueDeadlineMs,
      askAbout: (order, sentAt) => this.unknown.resolve(order, sentAt),
      confirmWithinMs: settledAfterMs(recvWindowMs),
    });
    this.reconciling = new Reconciling({ ...shared, symbols: heldSymbols, observer, unknown: this.unknown, onPassed: onBlocks });
    this.#listing = new ListingWatch(shared);
    this.#differences = new DifferenceWatch({ store, symbols: heldSymbols, clock, ask: () => this.reconcileSoon() });
  }

  /** Instruments, fees and streams. Returns the exchange time before which nothing of this run happened. Rejects with ExchangeError. */
  async open(listen: (event: ExchangeEvent) => void): Promise<number> {
    const { exchange, symbols } = this.#parts;
    const startedAt = await exchange.serverTime();
    await exchange.prepareAccount();
    await this.loadInstruments();
    this.account.adoptDay();
    await exchange.connect(symbols, listen);
    return startedAt;
  }

  /** Another tick or lot size makes every number that we hold wrong. Rejects with ExchangeError. */
  async loadInstruments(): Promise<void> {
    const { bookShowsOwn = true } = this.#parts;
    const own = bookShowsOwn ? (symbol: string): readonly Order[] => this.store.live(symbol) : undefined;
    // At the start a symbol that is not listed is a mistake; later it may have been delisted.
    const symbols = this.states.size === 0 ? this.#parts.symbols : await this.#listing.listed();
    const changed = await loadStates(this.states, { ...this.#parts, symbols, own });
    for (const symbol of changed) this.#parts.freeze(`${symbol} has another tick or lot size now`);
  }

  observe(event: ExchangeEvent): void {
    const { heedsLimits = true, limiter, onFault } = this.#parts;
    if (event.type === 'stream') return this.#streamChanged(event);
    if (event.type === 'limit') return heedsLimits ? limiter.observe(event.observation) : undefined;
    if (event.type === 'answered') return heedsLimits ? this.breakers.heard(event.via, event.error) : undefined;
    try {
      this.#observer.observe(event);
      if (this.#watch.observe(event)) this.reconcileSoon();
    } catch (error) {
      onFault(error);
    }
  }

  /** For canceling everything, with the private stream as the second witness. */
  get cancelPort(): CancelPort {
    return this.#watch.port(this.#parts.exchange.cancelPort);
  }

  /** Nothing of earlier runs is left: no cancel-all has to look for it again. */
  cleared(): void {
    this.#watch.cleared();
  }

  /** Since when nothing that happens to an order goes unheard, monotonic; undefined while the private stream is down. */
  get watchedSince(): number | undefined {
    return this.#watch.upSince;
  }

  /** To be called now and then: a breaker opens by answers, but closes by time alone, and what has not come makes no event. */
  look(): void {
    this.#breakerWatch.look();
    this.#differences.look();
    this.#listing.look();
  }

  /** Why nothing of this symbol may be placed now. */
  heldBy(symbol: string): string | undefined {
    const [block] = this.blocks;
    if (block !== undefined) return block;
    if (this.doubtful.has(symbol)) return 'position_differs';
    if (this.#differences.lasts(symbol)) return 'executions_missing';
    // The collar would hold nothing, and a loss could not be seen.
    return this.states.get(symbol)?.isMarkPriceOld === true ? 'stale_mark_price' : this.#listing.heldBy(symbol);
  }

  reconcileSoon(): void {
    if (!this.#ended) this.reconciling.soon();
  }

  /** No create or amend leaves any more, and no reconciliation begins by itself. */
  end(): void {
    this.#ended = true;
    this.gateway.fence();
  }

  /** Everything of mmbot's, with proof; nothing is placed any more. Rejects with ExchangeError when the exchange could not be read at all. */
  async cancelAll(trigger: CancelReport['trigger']): Promise<CancelReport> {
    const { exchange, settings, record, ...parts } = this.#parts;
    const { stopDeadlineMs: deadlineMs } = settings.execution;
    const { recvWindowMs } = settings.bybit;
    exchange.insist();
    const { store, gateway } = this;
    const fencedAt = gateway.fence();
    // One of its own: an attempt of a freeze and the stop may look at the same time.
    const age = new ReadAge(this.#readsLateMs);
    const watchedSince = (): number | undefined => (this.#watch.isUnbroken ? Number.NEGATIVE_INFINITY : this.watchedSince);
    try {
      const report = await cancelOwn(trigger, {
        ...parts,
        port: this.cancelPort,
        store,
        gateway,
        recvWindowMs,
        deadlineMs,
        watchedSince,
        fencedAt,
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

  /** Streams replay nothing: after every reconnect of the private one the exchange's lists are read before anything is placed. */
  #streamChanged(event: Extract<ExchangeEvent, { type: 'stream' }>): void {
    const { stream, state } = event;
    this.#parts.record(event);
    if (stream === 'trade') return;
    this.#block(`${stream}_stream_down`, state === 'down');
    if (stream === 'private') this.reconciling.doubt();
    if (stream === 'private') this.#watch.state(state);
    if (stream === 'private' && state === 'up') this.reconcileSoon();
    this.#parts.onBlocks();
  }

  /** Creates and amends wait for the disk: what rests meanwhile cannot be moved, so it goes. */
  #slowed(isSlow: boolean): void {
    this.#block(JOURNAL_SLOW, isSlow);
    this.#parts.onBlocks();
  }

  #block(cause: string, isBlocked: boolean): void {
    if (isBlocked) this.blocks.add(cause);
    else this.blocks.delete(cause);
  }

  /** Keeps the activity that pacing and guards look at, then passes the event on. */
  #recordSent(event: BotEvent): void {
    countActivity(event, this.states);
    this.#observer.sent(event);
    this.#parts.record(event);
    const stopReason = 'error' in event ? event.error.stopReason : undefined;
    if (stopReason !== undefined) this.#parts.freeze(stopReason);
  }
}
