import { CANCEL_BATCH, keyOf, type CancelScope, type RestingOrder } from '../../exchange/cancel-port.ts';
import { exchangeError } from '../../exchange/errors.ts';
import type { CancelAllParts, CancelAllRequest } from './cancel-request.ts';
import type { CancelReport } from './cancel-report.ts';

/** Most single cancels per round; then the lists are read again, so a long list is not canceled blindly and bulk is tried again. */
const MOST_PER_ROUND = 200;
/** A bulk call cancels at most this many orders; one that cancels fewer than half of what it could is not repeated. */
const BULK_CAP = 500;
const BULK_TRIES = 10;

type RoundRequest = Pick<CancelAllRequest, 'includeStops' | 'perOrder' | 'isShared'>;

/** Sends the cancels for one look: in bulk where that can affect only targets, else per order on the single and batch lanes in parallel. */
export class CancelRound {
  readonly #parts: CancelAllParts;
  readonly #request: RoundRequest;
  /** Why the last cancel of an order was not accepted, by key. */
  readonly failures = new Map<string, string>();
  /** When the exchange acknowledged the cancel of an open order, monotonic; by key. */
  readonly takenAt = new Map<string, number>();
  /** Orders whose last cancel was accepted, or refused because the order is gone; by key. */
  readonly #accepted = new Set<string>();
  /** How often the cancel of an order was sent, singly or in a batch. */
  readonly #sent = new Map<string, number>();
  /** Orders refused in a batch: they are sent singly from then on, in case another order of the batch caused the refusal. */
  readonly #alone = new Set<string>();
  /** Monotonic; no cancel is sent after it. */
  readonly #deadline: number;
  /** At most this many targets may be left for the next bulk call: the last one must have made progress. */
  #bulkGoal = Number.POSITIVE_INFINITY;
  /** Settle coins of inverse contracts, once read. */
  #coins: readonly string[] = [];
  #usedBulk = false;
  #usedSingle = false;

  constructor(parts: CancelAllParts, request: RoundRequest, deadline: number) {
    this.#parts = parts;
    this.#request = request;
    this.#deadline = deadline;
  }

  get method(): CancelReport['method'] {
    if (this.#usedBulk) return this.#usedSingle ? 'bulk+per_order' : 'bulk';
    return this.#usedSingle ? 'per_order' : 'none';
  }

  /** A bulk call cancels up to 500 orders and is repeated while it makes progress. `others`: open orders of `scopes` that must stay. */
  async cancel(targets: readonly RestingOrder[], others: readonly RestingOrder[], scopes: readonly CancelScope[]): Promise<void> {
    if (targets.length === 0) return;
    const { includeStops, perOrder, isShared = false } = this.#request;
    const isSafe = !isShared && others.every(({ kind }) => !includeStops && kind !== 'plain');
    const nameless = targets.filter((order) => !hasName(order));
    for (const order of nameless) this.failures.set(keyOf(order), 'its order id cannot be read');
    if (isSafe && targets.length <= this.#bulkGoal && !perOrder) {
      this.#bulkGoal = targets.length - Math.ceil(Math.min(targets.length, BULK_CAP) / 2);
      return this.#bulk(targets, scopes);
    }
    // Single cancels make progress too: bulk is tried again afterwards.
    this.#bulkGoal = targets.length - 1;
    // Only a bulk call can cancel an order without an id.
    if (isSafe && nameless.length > 0) await this.#bulk(nameless, scopes);
    await this.cancelSingly(targets);
  }

  /** Uses the single and batch lanes in parallel, starting with the orders whose cancels were sent least often. */
  async cancelSingly(targets: readonly RestingOrder[]): Promise<void> {
    const named = targets.filter(hasName);
    if (named.length === 0) return;
    this.#usedSingle = true;
    const queue = this.#leastSent(named).slice(0, MOST_PER_ROUND);
    await Promise.all([this.#oneByOne(queue), this.#inBatches(queue)]);
  }

  /** Cancels singly the orders whose cancel was not accepted yet. */
  async cancelKnown(targets: readonly RestingOrder[]): Promise<void> {
    const waiting = targets.filter((order) => hasName(order) && !this.#accepted.has(keyOf(order)));
    if (waiting.length === 0) return;
    this.#usedSingle = true;
    await this.#oneByOne(waiting);
  }

  /** Cancels everything in these scopes by bulk calls, although their orders cannot be read. */
  async cancelUnseen(scopes: readonly CancelScope[]): Promise<void> {
    await Promise.all(scopes.map((scope) => this.#bulkUnseen(scope)));
  }

  async #bulkUnseen(scope: CancelScope): Promise<void> {
    const named = needsName(scope) ? await this.#coinByCoin(scope) : [scope];
    if (named.length > 0) this.#usedBulk = true;
    await Promise.all(named.map((one) => this.#bulkOf(one, 1)));
  }

  /** Empty while the list of coins cannot be read; the next round tries again. */
  async #coinByCoin({ category }: CancelScope): Promise<readonly CancelScope[]> {
    if (this.#coins.length === 0) this.#coins = await this.#parts.port.settleCoins(category).catch(noneOf);
    return this.#coins.map((settleCoin) => ({ category, settleCoin }));
  }

  async #bulk(targets: readonly RestingOrder[], scopes: readonly CancelScope[]): Promise<void> {
    this.#usedBulk = true;
    // Reading a long list takes far longer than a bulk call, so it is not read again between the calls.
    const calls = Math.ceil(targets.length / BULK_CAP);
    await Promise.all(scopes.flatMap((scope) => bulkScopes(scope, targets)).map((scope) => this.#bulkOf(scope, calls)));
    const answeredAt = this.#parts.clock.monotonic();
    for (const order of targets) this.takenAt.set(keyOf(order), answeredAt);
  }

  /** A call that the rate limit refused had no effect and is repeated. */
  async #bulkOf(scope: CancelScope, calls: number): Promise<void> {
    const { port, limiter } = this.#parts;
    const { includeStops } = this.#request;
    let made = 0;
    for (let tries = 0; made < calls && tries < calls * BULK_TRIES; tries += 1) {
      if (!(await limiter.acquire('cancelAll', this.#patience()))) return;
      const failure = await port.cancelBulk(scope, includeStops).then(() => undefined, exchangeError);
      if (failure?.kind !== 'throttled') made += 1;
    }
  }

  /** An order that cannot be canceled must not block the cancels of others. */
  #leastSent(targets: readonly RestingOrder[]): RestingOrder[] {
    const sent = (order: RestingOrder): number => this.#sent.get(keyOf(order)) ?? 0;
    return targets.toSorted((a, b) => sent(a) - sent(b));
  }

  /** Each cancel waits for its lane only, not for the response to the one before it. */
  async #oneByOne(queue: RestingOrder[]): Promise<void> {
    const { limiter } = this.#parts;
    const sent: Promise<void>[] = [];
    while (queue.length > 0 && (await limiter.acquire('cancel', this.#patience()))) {
      const order = queue.shift();
      if (order !== undefined) sent.push(this.#one(order));
    }
    await Promise.all(sent);
  }

  /** Takes orders from the end of the queue and sends them on the batch lane, which has its own rate limit. */
  async #inBatches(queue: RestingOrder[]): Promise<void> {
    const { limiter } = this.#parts;
    const sent: Promise<void>[] = [];
    // A batch call accepts plain orders only.
    const isFit = (order: RestingOrder): boolean =>
      order.kind === 'plain' && order.exchangeOrderId !== '' && !this.#alone.has(order.exchangeOrderId);
    while (queue.length > CANCEL_BATCH && queue.some(isFit) && (await limiter.acquire('cancelBatch', this.#patience(), CANCEL_BATCH))) {
      const batch = takeBatch(queue, isFit);
      if (batch.length > 0) sent.push(this.#batch(batch));
    }
    await Promise.all(sent);
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
    }
  }

  #leaves(orders: readonly RestingOrder[]): void {
    for (const order of orders) this.#sent.set(keyOf(order), (this.#sent.get(keyOf(order)) ?? 0) + 1);
  }

  #patience(): number {
    return Math.max(0, this.#deadline - this.#parts.clock.monotonic());
  }

  #taken(order: RestingOrder): void {
    this.#gone(order);
    this.takenAt.set(keyOf(order), this.#parts.clock.monotonic());
  }

  #gone(order: RestingOrder): void {
    this.failures.delete(keyOf(order));
    this.#accepted.add(keyOf(order));
  }

  /** `isAlone`: never put the order into a batch again. */
  #refused(order: RestingOrder, reason: string, isAlone = false): void {
    this.failures.set(keyOf(order), reason);
    this.#accepted.delete(keyOf(order));
    if (isAlone) this.#alone.add(keyOf(order));
  }
}

/** A single cancel needs the symbol and one of the ids. */
function hasName({ symbol, exchangeOrderId, clientOrderId }: RestingOrder): boolean {
  return symbol !== '' && (exchangeOrderId !== '' || clientOrderId !== '');
}

/** For inverse contracts, Bybit requires a symbol or a settle coin. */
function needsName({ category, symbol, settleCoin }: CancelScope): boolean {
  return category === 'inverse' && symbol === undefined && settleCoin === undefined;
}

/** The scopes of the bulk calls for `targets`; empty when no target lies in `scope`. */
function bulkScopes(scope: CancelScope, targets: readonly RestingOrder[]): readonly CancelScope[] {
  const { category, symbol } = scope;
  const symbols = [...new Set(targets.filter((order) => order.category === category).map((order) => order.symbol))];
  if (symbols.length === 0 || (symbol !== undefined && !symbols.includes(symbol) && !symbols.includes(''))) return [];
  if (!needsName(scope)) return [scope];
  return symbols.filter((name) => name !== '').map((name) => ({ category, symbol: name }));
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

function noneOf(error: unknown): readonly string[] {
  exchangeError(error);
  return [];
}
