import { CANCEL_BATCH, keyOf, type RestingOrder } from '../../exchange/cancel-port.ts';
import { exchangeError } from '../../exchange/errors.ts';
import type { RequestClass } from '../../exchange/exchange.ts';
import type { CancelAllParts } from './cancel-request.ts';

/** An acknowledged cancel of an order that is still remembered as open is sent again after this time. */
const BELIEVED_MS = 2000;

/** Sends cancels order by order on the single and the batch lane, which have rate limits of their own. */
export class SingleCancels {
  readonly #parts: CancelAllParts;
  /** Monotonic; no cancel is sent after it. */
  readonly #deadline: number;
  /** Whether the order was reported closed while it waited. */
  readonly #isClosed: (order: RestingOrder) => boolean;
  /** Why the last cancel of an order was not accepted, by key. */
  readonly failures = new Map<string, string>();
  /** When the exchange acknowledged the cancel of an open order, monotonic; by key. */
  readonly takenAt = new Map<string, number>();
  /** When the last cancel of an order was accepted, or refused because the order is gone, monotonic; by key. */
  readonly #acceptedAt = new Map<string, number>();
  /** How often the cancel of an order was sent, singly or in a batch. */
  readonly #sent = new Map<string, number>();
  /** Orders refused in a batch: they are sent singly from then on, in case another order of the batch caused the refusal. */
  readonly #alone = new Set<string>();
  /** Orders whose cancel has no answer yet, by key. */
  readonly #inFlight = new Set<string>();
  /** Not sent yet; those whose cancels were sent least often come first. */
  #queue: RestingOrder[] = [];
  /** The last sender of each lane; it resolves when every cancel that it has sent was answered. */
  readonly #senders = new Map<RequestClass, Promise<void>>();
  /** Lanes whose sender still takes orders from the queue. */
  readonly #taking = new Set<RequestClass>();
  #isUsed = false;

  constructor(parts: CancelAllParts, deadline: number, isClosed: (order: RestingOrder) => boolean) {
    this.#parts = parts;
    this.#deadline = deadline;
    this.#isClosed = isClosed;
  }

  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Whether a cancel of the order was accepted a moment ago, so that its effect may not be seen yet. */
  isBelieved(order: RestingOrder): boolean {
    return this.#parts.clock.monotonic() - (this.#acceptedAt.get(keyOf(order)) ?? Number.NEGATIVE_INFINITY) < BELIEVED_MS;
  }

  /** What is not sent yet is not sent any more: a newer look decides. */
  drop(): void {
    this.#queue = [];
  }

  /** Resolves when nothing waits any more and every cancel was answered. */
  async send(orders: readonly RestingOrder[]): Promise<void> {
    const waiting = new Set(this.#queue.map(keyOf));
    const named = orders.filter((order) => hasName(order) && !waiting.has(keyOf(order)) && !this.#inFlight.has(keyOf(order)));
    if (named.length === 0) return;
    this.#isUsed = true;
    this.#queue = this.#leastSent([...this.#queue, ...named]);
    await Promise.all([this.#keepBusy('cancel', () => this.#oneByOne()), this.#keepBusy('cancelBatch', () => this.#inBatches())]);
  }

  /** The exchange has acknowledged a cancel of the order, here or in bulk. */
  acknowledged(order: RestingOrder): void {
    const now = this.#parts.clock.monotonic();
    this.#acceptedAt.set(keyOf(order), now);
    this.takenAt.set(keyOf(order), now);
  }

  /** One sender per lane: a second one would only take the place of a cancel in the lane. */
  async #keepBusy(lane: RequestClass, work: () => Promise<void>): Promise<void> {
    if (!this.#taking.has(lane)) {
      // Before the work begins: with nothing to send it ends at once.
      this.#taking.add(lane);
      this.#senders.set(lane, work());
    }
    await this.#senders.get(lane);
  }

  /** An order that cannot be canceled must not block the cancels of others. */
  #leastSent(orders: readonly RestingOrder[]): RestingOrder[] {
    const sent = (order: RestingOrder): number => this.#sent.get(keyOf(order)) ?? 0;
    return orders.toSorted((a, b) => sent(a) - sent(b));
  }

  /** Each cancel waits for its lane only, not for the response to the one before it. */
  async #oneByOne(): Promise<void> {
    const sent: Promise<void>[] = [];
    while (this.#waiting().length > 0 && (await this.#mayLeave('cancel', 1))) {
      const order = this.#waiting().shift();
      if (order !== undefined) sent.push(handled(this.#one(order)));
    }
    this.#taking.delete('cancel');
    await Promise.all(sent);
  }

  /** Takes orders from the end of the queue. */
  async #inBatches(): Promise<void> {
    const sent: Promise<void>[] = [];
    // A batch call accepts plain orders only.
    const isFit = (order: RestingOrder): boolean =>
      order.kind === 'plain' && order.exchangeOrderId !== '' && !this.#alone.has(order.exchangeOrderId);
    const isWorthIt = (): boolean => this.#waiting().length > CANCEL_BATCH && this.#queue.some(isFit);
    while (isWorthIt() && (await this.#mayLeave('cancelBatch', CANCEL_BATCH))) {
      const batch = takeBatch(this.#waiting(), isFit);
      if (batch.length > 0) sent.push(handled(this.#batch(batch)));
    }
    this.#taking.delete('cancelBatch');
    await Promise.all(sent);
  }

  /** The queue, without orders that were closed while they waited. */
  #waiting(): RestingOrder[] {
    this.#queue = this.#queue.filter((order) => !this.#isClosed(order));
    return this.#queue;
  }

  async #mayLeave(lane: RequestClass, weight: number): Promise<boolean> {
    const { clock, limiter } = this.#parts;
    const leftMs = this.#deadline - clock.monotonic();
    // Checked here, because the limiter grants a free place even with a patience of 0.
    return leftMs > 0 && (await limiter.acquire(lane, leftMs, weight));
  }

  async #one(order: RestingOrder): Promise<void> {
    this.#leaves([order]);
    try {
      await this.#parts.port.cancelOne(order);
      this.#taken(order);
    } catch (error) {
      const failure = exchangeError(error);
      if (failure.kind === 'gone') this.#gone(order);
      else this.#refused(order, failure.message);
    } finally {
      this.#inFlight.delete(keyOf(order));
    }
  }

  async #batch(batch: readonly RestingOrder[]): Promise<void> {
    this.#leaves(batch);
    try {
      const refusals = await this.#parts.port.cancelBatch(batch);
      for (const [index, order] of batch.entries()) {
        const refusal = refusals[index];
        if (refusal === undefined) this.#taken(order);
        else this.#refused(order, refusal, true);
      }
    } catch (error) {
      const { kind, message } = exchangeError(error);
      for (const order of batch) this.#refused(order, message, kind !== 'throttled');
    } finally {
      for (const order of batch) this.#inFlight.delete(keyOf(order));
    }
  }

  #leaves(orders: readonly RestingOrder[]): void {
    for (const order of orders) {
      this.#sent.set(keyOf(order), (this.#sent.get(keyOf(order)) ?? 0) + 1);
      this.#inFlight.add(keyOf(order));
    }
  }

  #taken(order: RestingOrder): void {
    this.failures.delete(keyOf(order));
    this.acknowledged(order);
  }

  #gone(order: RestingOrder): void {
    this.failures.delete(keyOf(order));
    this.#acceptedAt.set(keyOf(order), this.#parts.clock.monotonic());
  }

  /** `isAlone`: never put the order into a batch again. */
  #refused(order: RestingOrder, reason: string, isAlone = false): void {
    this.failures.set(keyOf(order), reason);
    this.#acceptedAt.delete(keyOf(order));
    if (isAlone) this.#alone.add(keyOf(order));
  }
}

/** A single cancel needs the symbol and one of the ids. */
export function hasName({ symbol, exchangeOrderId, clientOrderId }: RestingOrder): boolean {
  return symbol !== '' && (exchangeOrderId !== '' || clientOrderId !== '');
}

/** Takes a batch of orders of one category from the end of the queue. */
function takeBatch(queue: RestingOrder[], isFit: (order: RestingOrder) => boolean): RestingOrder[] {
  const category = queue.findLast(isFit)?.category;
  const batch: RestingOrder[] = [];
  for (let i = queue.length - 1; i >= 0 && batch.length < CANCEL_BATCH; i -= 1) {
    const order = queue[i];
    if (order?.category === category && order !== undefined && isFit(order)) batch.push(...queue.splice(i, 1));
  }
  return batch;
}

/** The same promise; if it fails while its sender still sends, that is reported when the sender ends. */
function handled(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return work;
}
