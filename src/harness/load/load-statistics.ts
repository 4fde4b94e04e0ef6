import type { BotEvent } from '../../execution/events.ts';
import type { Order } from '../../model/order.ts';
import type { Clock } from '../../util/clock.ts';
import { Histogram } from '../../util/histogram.ts';
import { Counts } from '../measures/counts.ts';
import type { LoadKind } from './load-plan.ts';
import type { LoadStage } from './load-stage.ts';
import { LoadSeries } from './load-series.ts';

/** Outcomes of the requests of one kind that were due in the measured time. */
export interface LoadCounts {
  due: number;
  /** Sent to the exchange. */
  sent: number;
  acknowledged: number;
  /** Shown by the private stream or a query, not only acknowledged; for amends, acknowledged. */
  confirmed: number;
  failed: number;
  /** Not sent, because their order had ended before they were due. */
  skipped: number;
}

interface Request {
  readonly kind: LoadKind;
  readonly dueAt: number;
  /** Undefined: not due in the measured time. */
  readonly counts: LoadCounts | undefined;
  approvedAt: number;
  hasLeft: boolean;
  hasFailed: boolean;
  /** `inDoubt`: no answer came, so only the state of the order can show the outcome. `over`: answered, or never sent. */
  state: 'waiting' | 'inDoubt' | 'over';
}

interface Requests {
  readonly of: Map<LoadKind, Request>;
  isClosed: boolean;
}

/** The measured time, monotonic ms. */
export interface LoadWindow {
  readonly from: number;
  readonly to: number;
}

/** Counts the requests of a load and their latencies. Every request that was due counts once, also one that failed or was never sent. */
export class LoadStatistics {
  readonly #clock: Clock;
  readonly window: LoadWindow;
  readonly stages: Readonly<Record<LoadStage, Histogram>> = {
    schedule: new Histogram(),
    decide: new Histogram(),
    queue: new Histogram(),
    ack: new Histogram(),
    stream: new Histogram(),
  };
  /** From due to answer, by kind of request. */
  readonly ackOf: Readonly<Record<LoadKind, Histogram>> = { place: new Histogram(), amend: new Histogram(), cancel: new Histogram() };
  readonly counts: Readonly<Record<LoadKind, LoadCounts>> = { place: noCounts(), amend: noCounts(), cancel: noCounts() };
  readonly errors = new Counts();
  readonly series: LoadSeries;
  /** Orders sent in the measured time, including those that were due before it. */
  sentInWindow = 0;
  fills = 0;
  bookMessages = 0;
  /** Orders with a request whose outcome is not known yet. */
  readonly #orders = new Map<string, Requests>();

  constructor(clock: Clock, window: LoadWindow) {
    this.#clock = clock;
    this.window = window;
    this.series = new LoadSeries(window.to - window.from);
  }

  get due(): number {
    return this.counts.place.due + this.counts.amend.due + this.counts.cancel.due;
  }

  get failed(): number {
    return this.counts.place.failed + this.counts.amend.failed + this.counts.cancel.failed;
  }

  /** The generator woke for a request. */
  arrived(kind: LoadKind, clientOrderId: string, dueAt: number): void {
    const isMeasured = dueAt >= this.window.from && dueAt < this.window.to;
    const counts = isMeasured ? this.counts[kind] : undefined;
    const request: Request = { kind, dueAt, counts, approvedAt: dueAt, hasLeft: false, hasFailed: false, state: 'waiting' };
    const order = this.#orders.get(clientOrderId) ?? { of: new Map(), isClosed: false };
    order.of.set(kind, request);
    this.#orders.set(clientOrderId, order);
    if (counts === undefined) return;
    counts.due += 1;
    if (kind === 'place') this.series.due(dueAt - this.window.from);
    this.#took(request, 'schedule', this.#clock.monotonic() - dueAt);
  }

  /** The risk gate has approved the request, or a cancel needs no approval: it is handed to the gateway now. */
  approved(kind: LoadKind, clientOrderId: string): void {
    const request = this.#request(kind, clientOrderId);
    if (request === undefined) return;
    request.approvedAt = this.#clock.monotonic();
    this.#took(request, 'decide', request.approvedAt - request.dueAt);
  }

  /** The request is sent to the exchange. */
  sent(kind: LoadKind, clientOrderId: string): void {
    const now = this.#clock.monotonic();
    if (kind === 'place' && now >= this.window.from && now < this.window.to) {
      this.sentInWindow += 1;
      this.series.sent(now - this.window.from);
    }
    const request = this.#request(kind, clientOrderId);
    if (request === undefined || request.hasLeft) return;
    request.hasLeft = true;
    if (request.counts !== undefined) request.counts.sent += 1;
    this.#took(request, 'queue', now - request.approvedAt);
  }

  /** The request was not sent: there is no price, or no approval. */
  refused(kind: LoadKind, clientOrderId: string, reason: string): void {
    this.#fail(kind, clientOrderId, reason);
    this.#end(kind, clientOrderId);
  }

  /** The request was not sent, because its order had ended. */
  skipped(kind: LoadKind, clientOrderId: string): void {
    const request = this.#request(kind, clientOrderId);
    if (request?.counts !== undefined) request.counts.skipped += 1;
    this.#end(kind, clientOrderId);
  }

  readonly record = (event: BotEvent): void => {
    switch (event.type) {
      case 'streamHeard':
        if (event.stream === 'public') this.bookMessages += 1;
        return;
      case 'orderAcked':
        return this.#acknowledged('place', event.order.clientOrderId);
      case 'amendAcked':
        return this.#acknowledged('amend', event.amend.clientOrderId);
      case 'cancelAcked':
        return this.#acknowledged('cancel', event.clientOrderId);
      case 'orderRefused':
        this.#rejected(event.order.clientOrderId);
        return this.#failed('place', event.order.clientOrderId, event.reason);
      case 'orderUnknown':
        return this.#doubted('place', event.order.clientOrderId, event.reason);
      case 'amendFailed':
        return this.#changeFailed('amend', event.amend.clientOrderId, event.reason);
      case 'cancelFailed':
        return this.#changeFailed('cancel', event.clientOrderId, event.reason);
      case 'requestDropped':
        return this.refused(event.kind, event.clientOrderId, event.reason);
      case 'orderConfirmed':
        return this.#confirmed('place', event.order.clientOrderId);
      case 'fill':
        this.fills += 1;
        return undefined;
      default:
        return undefined;
    }
  };

  /** The exchange has shown the state of the order, which resolves every request in doubt. */
  settled({ clientOrderId, state, change }: Order): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) return;
    const isKnown = state.tag !== 'pending' && state.tag !== 'unknown';
    const isClosed = isKnown && state.tag !== 'open';
    for (const request of order.of.values()) {
      if (request.state === 'inDoubt' && (isClosed || (isKnown && change.kind === 'none'))) this.#answered(request);
    }
    if (isClosed && !order.isClosed) this.#closed(clientOrderId, order, state);
    this.#forgetEnded(clientOrderId, order);
  }

  /** Counts the end of an order; one without a cancel request has ended by itself. */
  #closed(clientOrderId: string, order: Requests, state: Order['state']): void {
    order.isClosed = true;
    const isAsked = order.of.has('cancel');
    if (isAsked && state.tag === 'canceled') this.#confirmed('cancel', clientOrderId);
    if (!isAsked && (state.tag === 'canceled' || state.tag === 'rejected'))
      this.#fail('place', clientOrderId, `${state.tag} ${state.reason}`);
  }

  #rejected(clientOrderId: string): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.isClosed = true;
  }

  #acknowledged(kind: LoadKind, clientOrderId: string): void {
    const request = this.#request(kind, clientOrderId);
    if (request?.counts !== undefined) request.counts.acknowledged += 1;
    this.#end(kind, clientOrderId);
  }

  #failed(kind: LoadKind, clientOrderId: string, reason: string): void {
    this.#fail(kind, clientOrderId, reason);
    this.#end(kind, clientOrderId);
  }

  /** A request whose order ended while it was in flight has not failed; one without an answer is in doubt. */
  #changeFailed(kind: LoadKind, clientOrderId: string, reason: string): void {
    if (reason === 'gone') return this.#end(kind, clientOrderId);
    if (reason === 'unavailable') return this.#doubted(kind, clientOrderId, reason);
    this.#failed(kind, clientOrderId, reason);
  }

  #doubted(kind: LoadKind, clientOrderId: string, reason: string): void {
    const request = this.#request(kind, clientOrderId);
    if (request?.state !== 'waiting') return;
    request.state = 'inDoubt';
    this.#fail(kind, clientOrderId, `unknown: ${reason}`);
  }

  #fail(kind: LoadKind, clientOrderId: string, reason: string): void {
    const request = this.#request(kind, clientOrderId);
    if (request?.counts === undefined || request.hasFailed) return;
    request.hasFailed = true;
    request.counts.failed += 1;
    this.errors.add(`${kind} ${reason}`);
    this.series.failed(request.dueAt - this.window.from);
  }

  /** Ends a request; it counts as answered only when it was sent. */
  #end(kind: LoadKind, clientOrderId: string): void {
    const order = this.#orders.get(clientOrderId);
    const request = order?.of.get(kind);
    if (order === undefined || request === undefined) return;
    if (request.hasLeft) this.#answered(request);
    request.state = 'over';
    this.#forgetEnded(clientOrderId, order);
  }

  #answered(request: Request): void {
    if (request.state === 'over') return;
    request.state = 'over';
    const latencyMs = this.#clock.monotonic() - request.dueAt;
    this.#took(request, 'ack', latencyMs);
    if (request.counts !== undefined) this.ackOf[request.kind].record(latencyMs);
  }

  #confirmed(kind: LoadKind, clientOrderId: string): void {
    const request = this.#request(kind, clientOrderId);
    if (request?.counts === undefined) return;
    request.counts.confirmed += 1;
    this.#took(request, 'stream', this.#clock.monotonic() - request.dueAt);
  }

  #took(request: Request, stage: LoadStage, latencyMs: number): void {
    if (request.counts === undefined) return;
    this.stages[stage].record(latencyMs);
    this.series.took(stage, request.dueAt - this.window.from, latencyMs);
  }

  /** An answer may come after the stream has shown the order's end. */
  #forgetEnded(clientOrderId: string, { of, isClosed }: Requests): void {
    const isOver = [...of.values()].every(({ state }) => state === 'over');
    const hasLived = of.get('place')?.hasLeft === true;
    if (isOver && (isClosed || !hasLived)) this.#orders.delete(clientOrderId);
  }

  #request(kind: LoadKind, clientOrderId: string): Request | undefined {
    return this.#orders.get(clientOrderId)?.of.get(kind);
  }
}

function noCounts(): LoadCounts {
  return { due: 0, sent: 0, acknowledged: 0, confirmed: 0, failed: 0, skipped: 0 };
}
