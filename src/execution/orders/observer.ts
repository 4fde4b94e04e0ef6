import type { Exchange, ExchangeEvent, StreamName } from '../../exchange/exchange.ts';
import { gridOf } from '../../model/instrument.ts';
import { isLive, pendingTerms, type Fill, type NewOrder, type Order, type OrderReport } from '../../model/order.ts';
import type { FundingPayment } from '../../model/position.ts';
import type { Clock } from '../../util/clock.ts';
import { unreachable } from '../../util/assert.ts';
import type { BotEvent, Recorder } from '../events.ts';
import type { Journal } from '../journal.ts';
import type { Breakers } from '../limits/breakers.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { CancelWatch } from './cancel-watch.ts';
import type { OrderChange, OrderStore } from './order-store.ts';
import type { SymbolState } from '../loop/symbol-state.ts';

export interface ObserverParts {
  readonly exchange: Pick<Exchange, 'now'>;
  readonly store: OrderStore;
  readonly states: ReadonlyMap<string, SymbolState>;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly record: Recorder;
  /** Remembers orders that may be mmbot's but are not in the store. */
  readonly watch: Pick<CancelWatch, 'observe'>;
  /** Receives the rate limits that the exchange reports. */
  readonly limiter: Pick<RateLimiter, 'observe'>;
  /** Receives the outcome of every request. */
  readonly breakers: Pick<Breakers, 'heard'>;
  /** Called when something changed for this symbol that the next turn should consider. */
  readonly onChanged: (symbol: string) => void;
  readonly onStream: (event: StreamChange) => void;
  /** Called when an open order appeared that is or may be mmbot's but was not placed by this run. */
  readonly onStray: () => void;
  /** Called on a bug. */
  readonly onFault: (error: unknown) => void;
}

export type StreamChange = Extract<ExchangeEvent, { type: 'stream' }>;

/** The estimate of the exchange's clock may be behind by this much. */
const CLOCK_ESTIMATE_MS = 1000;

/** Receives every event of the exchange, and applies its reports, from streams and queries, to the order store and the symbols' state. */
export class Observer {
  readonly #parts: ObserverParts;
  /** Orders that no stream or query has shown yet, with the monotonic time of sending. */
  readonly #unconfirmed = new Map<string, { order: NewOrder; dueAt: number }>();

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  /** Starts to wait for the confirmation of a sent order; stops when the exchange refused the order or it was not sent after all. */
  sent(event: BotEvent): void {
    if (event.type === 'orderSent') {
      const { order } = event;
      this.#unconfirmed.set(order.clientOrderId, { order, dueAt: this.#parts.clock.monotonic() });
    } else if (event.type === 'orderRefused') this.#unconfirmed.delete(event.order.clientOrderId);
    else if (event.type === 'requestDropped' && event.kind === 'place') this.#unconfirmed.delete(event.clientOrderId);
  }

  observe(event: ExchangeEvent): void {
    const { watch, onStray, onFault } = this.#parts;
    try {
      this.#apply(event);
      if (watch.observe(event)) onStray();
    } catch (error) {
      onFault(error);
    }
  }

  #apply(event: ExchangeEvent): void {
    switch (event.type) {
      case 'stream':
        return this.#parts.onStream(event);
      case 'limit':
        return this.#parts.limiter.observe(event.observation);
      case 'answered':
        return this.#parts.breakers.heard(event.via, event.error);
      case 'book':
        this.#heard('public', event.at);
        this.#state(event.symbol)?.bookArrived(event.book, event.at);
        return this.#parts.onChanged(event.symbol);
      case 'bookLost':
        this.#state(event.symbol)?.bookLost();
        this.#parts.record({ type: 'bookLost', symbol: event.symbol, reason: event.reason });
        return this.#parts.onChanged(event.symbol);
      case 'trades':
        this.#state(event.symbol)?.traded(event.trades);
        return;
      case 'ticker':
        return this.#state(event.ticker.symbol)?.priced(event.ticker);
      case 'order':
        this.#heard('private', event.at);
        return this.applyReport(event.report);
      case 'fill':
        this.#heard('private', event.at);
        this.applyFill(event.fill);
        return;
      case 'funding':
        this.applyFunding(event.payment);
        return;
      case 'oddRow':
        return this.#parts.record(event);
      case 'position':
        this.#parts.store.hear(event.report);
        return this.#parts.onChanged(event.report.symbol);
      case 'wallet':
      case 'otherOrder':
        return;
      default:
        return unreachable(event);
    }
  }

  /** `isNewest`: the caller knows that this row is newer than all before, even when its time is earlier. */
  applyReport(report: OrderReport, isNewest = this.#isClockPutBack(report)): void {
    const { store, clock } = this.#parts;
    const change = store.report(report, clock.monotonic(), isNewest);
    if (change === undefined) return;
    this.#confirm(report.clientOrderId);
    this.#comparePrice(change.before, report);
    // Only the first row counts: later ones come from an amend or a repeated read and do not show that the exchange accepts creates now.
    if (report.status === 'open' && change.before.reportedAt === 0) this.#state(report.symbol)?.rested(report.side);
    this.#state(report.symbol)?.ownChanged(change.before, change.after, report.updatedAt);
    this.#changed(change, report.wouldTake);
  }

  /** True when the newest row so far has a time in the future, because the exchange's clock was set back: later rows have earlier times. */
  #isClockPutBack(report: OrderReport): boolean {
    const { store, exchange } = this.#parts;
    return (store.find(report)?.reportedAt ?? 0) > exchange.now() + CLOCK_ESTIMATE_MS;
  }

  /** The order was never accepted, proven by its absence from every list. */
  neverAccepted(clientOrderId: string): void {
    const change = this.#parts.store.apply(clientOrderId, { type: 'neverAccepted' }, this.#parts.clock.monotonic());
    if (change !== undefined) this.#changed(change);
  }

  /** False when the fill was known already. */
  applyFill(fill: Fill): boolean {
    const { store, journal, clock, record } = this.#parts;
    const state = this.#state(fill.symbol);
    if (state === undefined) return false;
    const mid = state.mid();
    const { isNew, order, position } = store.fill(fill, clock.monotonic());
    if (!isNew) return false;
    journal.append({ type: 'fill', at: clock.now(), fill, grid: gridOf(state.instrument) });
    state.filled(fill, mid);
    if (order !== undefined) this.#confirm(order.after.clientOrderId);
    record({ type: 'fill', fill, position, mid });
    if (order !== undefined) {
      state.ownChanged(order.before, order.after, fill.at);
      this.#changed(order);
    }
    this.#parts.onChanged(fill.symbol);
    return true;
  }

  /** False when the payment was known already. */
  applyFunding(payment: FundingPayment): boolean {
    const { store, journal, clock, record, onChanged } = this.#parts;
    if (this.#state(payment.symbol) === undefined) return false;
    const { isNew, position } = store.funding(payment);
    if (!isNew) return false;
    journal.append({ type: 'funding', at: clock.now(), payment });
    record({ type: 'funding', payment, position });
    onChanged(payment.symbol);
    return true;
  }

  /** `sentAt`: exchange time. The exchange's clock is estimated, so a message may seem to arrive before it was sent. */
  #heard(stream: StreamName, sentAt: number): void {
    const { record, exchange } = this.#parts;
    record({ type: 'streamHeard', stream, lagMs: Math.max(0, exchange.now() - sentAt) });
  }

  /** An exchange may adjust a price by itself: its row is taken as fact, and the difference is reported. */
  #comparePrice(order: Order, { price: found }: OrderReport): void {
    const { clientOrderId, symbol, price: asked } = order;
    if (found === asked || pendingTerms(order) !== undefined) return;
    this.#parts.record({ type: 'priceDiverged', symbol, clientOrderId, asked, found });
  }

  #confirm(clientOrderId: string): void {
    const waiting = this.#unconfirmed.get(clientOrderId);
    if (waiting === undefined) return;
    this.#unconfirmed.delete(clientOrderId);
    const latencyMs = this.#parts.clock.monotonic() - waiting.dueAt;
    this.#parts.record({ type: 'orderConfirmed', order: waiting.order, latencyMs });
  }

  #changed({ before, after }: OrderChange, wouldTake = false): void {
    const { journal, clock, record, onChanged } = this.#parts;
    if (before === after) return;
    const { clientOrderId, symbol, state, filled } = after;
    const exchangeOrderId = after.exchangeOrderId ?? '';
    if (before.state.tag !== state.tag || before.price !== after.price || before.quantity !== after.quantity || before.filled !== filled) {
      journal.append({
        type: 'order',
        at: clock.now(),
        clientOrderId,
        exchangeOrderId,
        state,
        price: after.price,
        quantity: after.quantity,
        filled,
      });
    }
    if (isLive(before) && !isLive(after)) {
      this.#unconfirmed.delete(clientOrderId);
      if (wouldTake || state.tag === 'rejected') this.#state(symbol)?.refused(after.side, wouldTake);
      record({ type: 'orderClosed', clientOrderId, symbol, state, filled });
    }
    onChanged(symbol);
  }

  #state(symbol: string): SymbolState | undefined {
    return this.#parts.states.get(symbol);
  }
}
