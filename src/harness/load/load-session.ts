import type { Settings } from '../../config/fields.ts';
import { EXIT, MmbotError } from '../../errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { BotEvent, Recorder } from '../../execution/events.ts';
import type { Journal } from '../../execution/journal.ts';
import { OrderManagement } from '../../execution/orders/order-management.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { ACTIVE } from '../../risk/trading-state.ts';
import type { Watched } from '../../telemetry/scrape.ts';
import { every, sleep, type Cancel, type Clock } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import type { Random } from '../../util/random.ts';
import { LoadDispatcher, type LoadRecord } from './load-dispatcher.ts';
import type { DueRequest } from './load-generator.ts';

const HEARTBEAT_MS = 100;
/** Time in which a failing load may recover: a breaker stays open for up to a minute. */
const RECOVERY_MS = 75_000;

/** A cancel is repeated after this delay, because it may have hit a rate limit. */
const CANCEL_AGAIN_MS = 1000;
/** Least time for the last answers, when the cancels took all of the deadline. */
const LEAST_SETTLING_MS = 500;

export interface LoadSessionParts {
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly limiter: RateLimiter;
  /** False: the load ignores the rate limits that the exchange reports, and the circuit breaker. */
  readonly heedsLimits: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Prefix of every client order id of this run. */
  readonly idPrefix: string;
  /** Receives the same events as a bot’s recorder. */
  readonly record: Recorder;
  /** Receives the state for metrics scrapes when trading begins and when it ends. */
  readonly watch?: (watched: Watched) => void;
}

/** Runs a load on the order path of a bot; only the strategy is replaced. */
export class LoadSession {
  readonly #parts: LoadSessionParts;
  readonly #path: OrderManagement;
  #timers: Cancel[] = [];
  #load: (LoadRecord & { readonly dispatcher: LoadDispatcher; readonly onFault: () => void }) | undefined;
  #fault: unknown;

  constructor(parts: LoadSessionParts) {
    const { settings, symbols, exchange, journal, limiter, heedsLimits, clock, random, idPrefix } = parts;
    this.#parts = parts;
    this.#path = new OrderManagement({
      settings,
      symbols,
      exchange,
      journal,
      limiter,
      heedsLimits,
      clock,
      random,
      idPrefix,
      record: (event) => this.#record(event),
      // A load ignores the account’s positions, because its orders are not meant to fill.
      heldSymbols: [],
      bookShowsOwn: false,
      // No preflight has checked who else has orders there.
      isShared: true,
      entry: this.#noting(exchange),
      trader: {
        onChanged: () => undefined,
        onResolved: (id) => this.#resolved(id),
        onBlocks: () => undefined,
        freeze: (reason) => this.#failed(refused(reason)),
        onFault: (error) => this.#failed(error),
      },
    });
  }

  /** The first error that ended the load: a bug, a broken journal or a refusal of the account. Undefined in a sound run. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Opens the streams, then reads the exchange’s lists. Rejects with ExchangeError. */
  async start(): Promise<void> {
    const { clock, settings } = this.#parts;
    const startedAt = await this.#path.open();
    await this.#path.reconciling.begin(startedAt);
    // A load does not start while orders of mmbot are open, so none need to be canceled here.
    this.#path.cleared();
    this.#show('running');
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#path.reconcileSoon()),
      every(clock, HEARTBEAT_MS, () => this.#path.look()),
    ];
  }

  /** True as soon as every symbol has a book and a mark price; false if one is missing after `withinMs`. */
  async hasPrices(withinMs: number, stop: AbortSignal): Promise<boolean> {
    const states = [...this.#path.states.values()];
    const isPriced = (): boolean => states.every((state) => state.touch() !== undefined && state.markPrice !== undefined);
    await this.#until(isPriced, withinMs, stop);
    return isPriced();
  }

  /** Starts a load: returns the function that takes due requests until `end`. `record.idPrefix` begins with the run’s prefix. */
  begin(record: LoadRecord, onFault: () => void): (due: readonly DueRequest[]) => void {
    const { store, states, account, gateway, blocks } = this.#path;
    const { clock, settings } = this.#parts;
    const soon = (task: () => void): void => void clock.schedule(0, () => this.#guarded(task));
    const heldBy = (): string | undefined => [...blocks][0];
    const dispatcher = new LoadDispatcher({ store, states, account, gateway, settings, soon, heldBy }, record);
    this.#load = { ...record, dispatcher, onFault };
    return (due) => this.#guarded(() => dispatcher.submit(due));
  }

  /** Resolves when the exchange has confirmed the end of every order and creates may be sent again, or after RECOVERY_MS. */
  settled(stop: AbortSignal): Promise<void> {
    const { store, breakers } = this.#path;
    const isQuiet = (): boolean => store.live().length === 0 && (this.#load?.dispatcher.waiting ?? 0) === 0 && breakers.state === 'closed';
    return this.#until(isQuiet, RECOVERY_MS, stop);
  }

  /** Ends a load: later events do not count for it. */
  end(): void {
    this.#load = undefined;
  }

  /**
   * Fences the gateway, cancels and verifies; orders on their way are canceled when they appear. The report lists orders that may remain.
   * Rejects with ExchangeError when the exchange could not be read at all.
   */
  async stop(): Promise<CancelReport> {
    const { clock, settings } = this.#parts;
    const { gateway, journal, unknown } = this.#path;
    const deadline = clock.monotonic() + settings.execution.stopDeadlineMs;
    this.end();
    this.#show('stopping');
    this.#path.end();
    for (const cancel of this.#timers) cancel();
    try {
      const report = await this.#path.cancelAll('stop');
      await within(clock, Math.max(LEAST_SETTLING_MS, deadline - clock.monotonic()), gateway.drained(), () => undefined);
      journal.append({ type: 'stop', at: clock.now(), clean: report.verified });
      // The cancel report matters more than a journal error, which is only noted as the fault.
      await journal.synced().catch((error: unknown) => this.#failed(error));
      return report;
    } finally {
      unknown.stop();
    }
  }

  #show(phase: Watched['phase']): void {
    const { breakers, store, states } = this.#path;
    this.#parts.watch?.({ phase, trading: ACTIVE, breakers, store, states });
  }

  /** Wraps the exchange: notes when each request is sent. */
  #noting(exchange: Exchange): Pick<Exchange, 'place' | 'amend' | 'cancel' | 'together' | 'entries'> {
    const note = (kind: 'place' | 'amend' | 'cancel', clientOrderId: string): void => this.#load?.statistics.sent(kind, clientOrderId);
    return {
      entries: () => exchange.entries(),
      together: (send) => exchange.together(send),
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

  #record(event: BotEvent): void {
    this.#load?.statistics.record(event);
    this.#parts.record(event);
    const id = clientOrderIdIn(event);
    if (id !== undefined) this.#heard(id);
    if (event.type === 'cancelFailed') this.#parts.clock.schedule(CANCEL_AGAIN_MS, () => this.#resolved(event.clientOrderId));
  }

  /** The state of an order in doubt is known again. */
  #resolved(clientOrderId: string): void {
    this.#heard(clientOrderId);
    this.#guarded(() => this.#load?.dispatcher.cancelAgain(clientOrderId));
  }

  #heard(clientOrderId: string): void {
    const order = this.#path.store.get(clientOrderId);
    if (order === undefined || this.#load === undefined) return;
    const { dispatcher, statistics } = this.#load;
    statistics.settled(order);
    this.#guarded(() => dispatcher.heard(clientOrderId));
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

  /** Ends the load: no further order is placed, and open ones are canceled. */
  #failed(error: unknown): void {
    this.#fault ??= error;
    this.#path.gateway.fence();
    this.#load?.onFault();
  }
}

/** The order of events after which requests that waited for it can proceed. */
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
