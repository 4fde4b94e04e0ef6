import type { Settings } from '../../config/fields.ts';
import { EXIT, MmbotError } from '../../errors.ts';
import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { BotEvent, Recorder } from '../../execution/events.ts';
import type { Journal } from '../../execution/journal.ts';
import { OrderPath } from '../../execution/orders/order-path.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import type { Exchange, ExchangeEvent } from '../../exchange/exchange.ts';
import { ACTIVE } from '../../risk/trading-state.ts';
import type { Watched } from '../../telemetry/scrape.ts';
import { every, sleep, type Cancel, type Clock } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import type { Random } from '../../util/random.ts';
import { LoadDesk, type LoadRecord } from './load-desk.ts';
import type { DueRequest } from './load-generator.ts';

const HEARTBEAT_MS = 100;
/** What a load that broke something may take to be in order again: a breaker opens for up to a minute. */
const RECOVERY_MS = 75_000;

/** A cancel that failed may have met a closed limit. */
const CANCEL_AGAIN_MS = 1000;
/** For the last answers, when the cancels took all of the time. */
const LEAST_SETTLING_MS = 500;

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

/** A load on the order path of a bot: everything but what decides on quotes is the same. */
export class LoadSession {
  readonly #parts: LoadSessionParts;
  readonly #path: OrderPath;
  #timers: Cancel[] = [];
  #load: (LoadRecord & { readonly desk: LoadDesk; readonly onFault: () => void }) | undefined;
  #fault: unknown;

  constructor(parts: LoadSessionParts) {
    this.#parts = parts;
    this.#path = new OrderPath({
      ...parts,
      record: (event) => this.#record(event),
      // The account's positions are none of a load's business: its orders are not to fill.
      heldSymbols: [],
      bookShowsOwn: false,
      entry: this.#noting(parts.exchange),
      onChanged: () => undefined,
      onResolved: (id) => this.#resolved(id),
      onBlocks: () => undefined,
      freeze: (reason) => this.#failed(refused(reason)),
      onFault: (error) => this.#failed(error),
    });
  }

  /** The first bug, broken journal or refusal of the account, which ended the load; undefined in a sound run. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Streams, then the exchange's own lists. Rejects with ExchangeError. */
  async start(): Promise<void> {
    const { clock, settings } = this.#parts;
    const startedAt = await this.#path.open((event) => this.#observe(event));
    await this.#path.reconciling.begin(startedAt);
    // A load is refused where orders of mmbot's are open.
    this.#path.cleared();
    this.#show('running');
    this.#timers = [
      every(clock, settings.execution.reconcileMs, () => this.#path.reconcileSoon()),
      every(clock, HEARTBEAT_MS, () => this.#path.look()),
    ];
  }

  /** True as soon as every symbol has a book and a mark price, false when they have not within `withinMs`. */
  async hasPrices(withinMs: number, stop: AbortSignal): Promise<boolean> {
    const states = [...this.#path.states.values()];
    const isPriced = (): boolean => states.every((state) => state.touch() !== undefined && state.markPrice !== undefined);
    await this.#until(isPriced, withinMs, stop);
    return isPriced();
  }

  /** Where requests that are due go from now on, until `end`. `record.idPrefix` begins with the run's. */
  begin(record: LoadRecord, onFault: () => void): (due: readonly DueRequest[]) => void {
    const { store, states, account, gateway, blocks } = this.#path;
    const { clock, settings } = this.#parts;
    const soon = (task: () => void): void => void clock.schedule(0, () => this.#guarded(task));
    const heldBy = (): string | undefined => [...blocks][0];
    const desk = new LoadDesk({ store, states, account, gateway, risk: settings.risk, soon, heldBy }, record);
    this.#load = { ...record, desk, onFault };
    return (due) => this.#guarded(() => desk.submit(due));
  }

  /** Resolves when every order has ended, by the exchange's own word, and creates may leave again; or after a while all the same. */
  settled(stop: AbortSignal): Promise<void> {
    const { store, breakers } = this.#path;
    const isQuiet = (): boolean => store.live().length === 0 && (this.#load?.desk.waiting ?? 0) === 0 && breakers.state === 'closed';
    return this.#until(isQuiet, RECOVERY_MS, stop);
  }

  /** Nothing that happens from here on counts for the load. */
  end(): void {
    this.#load = undefined;
  }

  /** Fence, cancel, verify; what is on its way is canceled as it lands. The report says what may remain; rejects with ExchangeError when the exchange could not be read at all. */
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
      // What is proven, or may rest, outranks it.
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
    if (event.type === 'book' && this.#load !== undefined) this.#load.statistics.bookMessages += 1;
    this.#path.observe(event);
  }

  #record(event: BotEvent): void {
    this.#load?.statistics.record(event);
    this.#parts.record(event);
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
    const order = this.#path.store.get(clientOrderId);
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
    this.#path.gateway.fence();
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
