import { CANCEL_BATCH, type RestingOrder } from '../exchange/cancel-port.ts';
import { ExchangeError } from '../exchange/errors.ts';
import type { CancelAllParts, CancelAllRequest } from './cancel-all.ts';
import type { CancelReport } from './cancel-report.ts';

/** Sends the cancels of one look: bulk where it can hit only targets, else order by order over both lanes at once. */
export class CancelRound {
  readonly #parts: CancelAllParts;
  readonly #request: Pick<CancelAllRequest, 'scopes' | 'includeStops' | 'perOrder'>;
  /** Why the last cancel of an order was not taken, by exchange order id. */
  readonly failures = new Map<string, string>();
  /** Exchange order ids whose last cancel was accepted, or answered that the order is gone. */
  readonly #accepted = new Set<string>();
  #targetsBefore = Number.POSITIVE_INFINITY;
  #usedBulk = false;
  #usedSingle = false;

  constructor(parts: CancelAllParts, request: Pick<CancelAllRequest, 'scopes' | 'includeStops' | 'perOrder'>) {
    this.#parts = parts;
    this.#request = request;
  }

  get method(): CancelReport['method'] {
    if (this.#usedBulk) return this.#usedSingle ? 'bulk+per_order' : 'bulk';
    return this.#usedSingle ? 'per_order' : 'none';
  }

  /** Bulk takes 500 at a time: it is repeated as long as it makes progress. `others`: open orders that must stay. */
  async cancel(targets: readonly RestingOrder[], others: readonly RestingOrder[]): Promise<void> {
    const makesProgress = targets.length < this.#targetsBefore;
    this.#targetsBefore = targets.length;
    const isSafe = others.every(({ kind }) => !this.#request.includeStops && kind !== 'plain');
    if (isSafe && makesProgress && !this.#request.perOrder) return this.#bulk(targets);
    this.#usedSingle = true;
    const queue = [...targets];
    await Promise.all([this.#oneByOne(queue), this.#inBatches(queue)]);
  }

  /** Those whose cancel was not accepted yet, one by one. */
  async cancelKnown(targets: readonly RestingOrder[]): Promise<void> {
    const waiting = targets.filter(({ exchangeOrderId }) => !this.#accepted.has(exchangeOrderId));
    if (waiting.length === 0) return;
    this.#usedSingle = true;
    await this.#oneByOne([...waiting]);
  }

  async #bulk(targets: readonly RestingOrder[]): Promise<void> {
    this.#usedBulk = true;
    const { port, limiter } = this.#parts;
    const { scopes, includeStops } = this.#request;
    const categories = new Set(targets.map(({ category }) => category));
    await Promise.all(
      scopes
        .filter(({ category }) => categories.has(category))
        .map(async (scope) => {
          await limiter.acquire('cancelAll');
          await port.cancelBulk(scope, includeStops).catch(exchangeError);
        }),
    );
  }

  /** Each in flight while the next one waits for its turn in the lane, not for the answer before it. */
  async #oneByOne(queue: RestingOrder[]): Promise<void> {
    const { port, limiter } = this.#parts;
    const sent: Promise<void>[] = [];
    while (queue.length > 0) {
      await limiter.acquire('cancel');
      const order = queue.shift();
      if (order !== undefined)
        sent.push(
          port.cancelOne(order).then(
            () => this.#taken(order),
            (error: unknown) => this.#refused(order, exchangeError(error)),
          ),
        );
    }
    await Promise.all(sent);
  }

  /** From the other end, over the batch lane, which has a counter of its own. */
  async #inBatches(queue: RestingOrder[]): Promise<void> {
    const { port, limiter } = this.#parts;
    const sent: Promise<void>[] = [];
    while (queue.length > CANCEL_BATCH) {
      await limiter.acquire('cancelBatch', Number.POSITIVE_INFINITY, CANCEL_BATCH);
      const batch = takeBatch(queue);
      if (batch.length > 0) sent.push(this.#batch(batch, () => port.cancelBatch(batch)));
    }
    await Promise.all(sent);
  }

  async #batch(batch: readonly RestingOrder[], send: () => Promise<readonly (string | undefined)[]>): Promise<void> {
    try {
      const refusals = await send();
      for (const [index, order] of batch.entries()) {
        const refusal = refusals[index];
        if (refusal === undefined) this.#taken(order);
        else this.failures.set(order.exchangeOrderId, refusal);
      }
    } catch (error) {
      for (const order of batch) this.#refused(order, exchangeError(error));
    }
  }

  #taken({ exchangeOrderId }: RestingOrder): void {
    this.failures.delete(exchangeOrderId);
    this.#accepted.add(exchangeOrderId);
  }

  #refused(order: RestingOrder, error: ExchangeError): void {
    if (error.kind === 'gone') return this.#taken(order);
    this.failures.set(order.exchangeOrderId, error.message);
    this.#accepted.delete(order.exchangeOrderId);
  }
}

/** Of one category, plain ones only: a batch call knows no others. */
function takeBatch(queue: RestingOrder[]): RestingOrder[] {
  const category = queue.at(-1)?.category;
  const batch: RestingOrder[] = [];
  for (let i = queue.length - 1; i >= 0 && batch.length < CANCEL_BATCH; i -= 1) {
    const order = queue[i];
    if (order?.category === category && order?.kind === 'plain') batch.push(...queue.splice(i, 1));
  }
  return batch;
}

/** What a cancel did is read from the next look, whatever its answer was; a bug stays thrown. */
function exchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  throw error;
}
