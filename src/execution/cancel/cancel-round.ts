import { CANCEL_BATCH, keyOf, type CancelScope, type RestingOrder } from '../../exchange/cancel-port.ts';
import { exchangeError } from '../../exchange/errors.ts';
import type { CancelAllParts, CancelAllRequest } from './cancel-request.ts';
import type { CancelReport } from './cancel-report.ts';

/** Then it is looked again: a long list is not canceled blindly to its end, and bulk gets another chance. */
const MOST_PER_ROUND = 200;
/** A bulk call takes so many; one that takes fewer than half of what it could is no help. */
const BULK_CAP = 500;
const BULK_TRIES = 10;

/** Sends the cancels of one look: bulk where it can hit only targets, else order by order over both lanes at once. */
export class CancelRound {
  readonly #parts: CancelAllParts;
  readonly #request: Pick<CancelAllRequest, 'includeStops' | 'perOrder'>;
  /** Why the last cancel of an order was not taken, by its key. */
  readonly failures = new Map<string, string>();
  /** When the exchange had said that it took the cancel of an open order, monotonic; by its key. */
  readonly takenAt = new Map<string, number>();
  /** Orders whose last cancel was accepted, or answered that the order is gone; by key. */
  readonly #accepted = new Set<string>();
  /** How often the cancel of an order was sent by itself or in a batch. */
  readonly #sent = new Map<string, number>();
  /** Refused in a batch: from then on each goes alone, in case it was the company. */
  readonly #alone = new Set<string>();
  /** Monotonic: nothing leaves after it. */
  readonly #deadline: number;
  /** At most so many targets are left when the last bulk call has done its work. */
  #bulkGoal = Number.POSITIVE_INFINITY;
  /** In which inverse contracts are settled, once that was read. */
  #coins: readonly string[] = [];
  #usedBulk = false;
  #usedSingle = false;

  constructor(parts: CancelAllParts, request: Pick<CancelAllRequest, 'includeStops' | 'perOrder'>, deadline: number) {
    this.#parts = parts;
    this.#request = request;
    this.#deadline = deadline;
  }

  get method(): CancelReport['method'] {
    if (this.#usedBulk) return this.#usedSingle ? 'bulk+per_order' : 'bulk';
    return this.#usedSingle ? 'per_order' : 'none';
  }

  /** Bulk takes 500 at a time: it is repeated as long as it makes progress. `others`: open orders of `scopes` that must stay. */
  async cancel(targets: readonly RestingOrder[], others: readonly RestingOrder[], scopes: readonly CancelScope[]): Promise<void> {
    if (targets.length === 0) return;
    const isSafe = others.every(({ kind }) => !this.#request.includeStops && kind !== 'plain');
    const nameless = targets.filter((order) => !hasName(order));
    for (const order of nameless) this.failures.set(keyOf(order), 'no id of it can be read');
    if (isSafe && targets.length <= this.#bulkGoal && !this.#request.perOrder) {
      this.#bulkGoal = targets.length - Math.ceil(Math.min(targets.length, BULK_CAP) / 2);
      return this.#bulk(targets, scopes);
    }
    // Order by order makes progress too: bulk is tried again from there.
    this.#bulkGoal = targets.length - 1;
    // Nothing else can reach what has no id.
    if (isSafe && nameless.length > 0) await this.#bulk(nameless, scopes);
    await this.cancelSingly(targets);
  }

  /** Over both lanes at once, those first that were sent least often. */
  async cancelSingly(targets: readonly RestingOrder[]): Promise<void> {
    const named = targets.filter(hasName);
    if (named.length === 0) return;
    this.#usedSingle = true;
    const queue = this.#leastSent(named).slice(0, MOST_PER_ROUND);
    await Promise.all([this.#oneByOne(queue), this.#inBatches(queue)]);
  }

  /** Those whose cancel was not accepted yet, one by one. */
  async cancelKnown(targets: readonly RestingOrder[]): Promise<void> {
    const waiting = targets.filter((order) => hasName(order) && !this.#accepted.has(keyOf(order)));
    if (waiting.length === 0) return;
    this.#usedSingle = true;
    await this.#oneByOne(waiting);
  }

  /** Everything of these scopes has to go, and nobody can say what it is. */
  async cancelUnseen(scopes: readonly CancelScope[]): Promise<void> {
    await Promise.all(scopes.map((scope) => this.#bulkUnseen(scope)));
  }

  async #bulkUnseen(scope: CancelScope): Promise<void> {
    const named = needsName(scope) ? await this.#coinByCoin(scope) : [scope];
    if (named.length > 0) this.#usedBulk = true;
    await Promise.all(named.map((one) => this.#bulkOf(one, 1)));
  }

  /** None while the list of coins cannot be read: the next round asks again. */
  async #coinByCoin({ category }: CancelScope): Promise<readonly CancelScope[]> {
    if (this.#coins.length === 0) this.#coins = await this.#parts.port.settleCoins(category).catch(noneOf);
    return this.#coins.map((settleCoin) => ({ category, settleCoin }));
  }

  async #bulk(targets: readonly RestingOrder[], scopes: readonly CancelScope[]): Promise<void> {
    this.#usedBulk = true;
    // Reading a long list takes far longer than a call: it is not read anew between them.
    const calls = Math.ceil(targets.length / BULK_CAP);
    await Promise.all(scopes.flatMap((scope) => bulkScopes(scope, targets)).map((scope) => this.#bulkOf(scope, calls)));
    const answeredAt = this.#parts.clock.monotonic();
    for (const order of targets) this.takenAt.set(keyOf(order), answeredAt);
  }

  /** Refused for the rate limit a call has done nothing, and the next second it may. */
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

  /** An order that does not go must not keep the cancel of another one from leaving. */
  #leastSent(targets: readonly RestingOrder[]): RestingOrder[] {
    const sent = (order: RestingOrder): number => this.#sent.get(keyOf(order)) ?? 0;
    return targets.toSorted((a, b) => sent(a) - sent(b));
  }

  /** Each in flight while the next one waits for its turn in the lane, not for the answer before it. */
  async #oneByOne(queue: RestingOrder[]): Promise<void> {
    const { limiter } = this.#parts;
    const sent: Promise<void>[] = [];
    while (queue.length > 0 && (await limiter.acquire('cancel', this.#patience()))) {
      const order = queue.shift();
      if (order !== undefined) sent.push(this.#one(order));
    }
    await Promise.all(sent);
  }

  /** From the other end, over the batch lane, which has a counter of its own. */
  async #inBatches(queue: RestingOrder[]): Promise<void> {
    const { limiter } = this.#parts;
    const sent: Promise<void>[] = [];
    // A batch call knows plain orders only.
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

  /** `isAlone`: not to be put into a batch again. */
  #refused(order: RestingOrder, reason: string, isAlone = false): void {
    this.failures.set(keyOf(order), reason);
    this.#accepted.delete(keyOf(order));
    if (isAlone) this.#alone.add(keyOf(order));
  }
}

/** What a single cancel has to say. */
function hasName({ symbol, exchangeOrderId, clientOrderId }: RestingOrder): boolean {
  return symbol !== '' && (exchangeOrderId !== '' || clientOrderId !== '');
}

/** Bybit takes inverse contracts by symbol or coin alone. */
function needsName({ category, symbol, settleCoin }: CancelScope): boolean {
  return category === 'inverse' && symbol === undefined && settleCoin === undefined;
}

/** None where nothing has to go. */
function bulkScopes(scope: CancelScope, targets: readonly RestingOrder[]): readonly CancelScope[] {
  const { category, symbol } = scope;
  const symbols = [...new Set(targets.filter((order) => order.category === category).map((order) => order.symbol))];
  if (symbols.length === 0 || (symbol !== undefined && !symbols.includes(symbol) && !symbols.includes(''))) return [];
  if (!needsName(scope)) return [scope];
  return symbols.filter((name) => name !== '').map((name) => ({ category, symbol: name }));
}

/** From the end, of one category. */
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
