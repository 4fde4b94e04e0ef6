import { keyOf, scopeName, type CancelScope, type RestingOrder } from '../../exchange/cancel-port.ts';
import { exchangeError } from '../../exchange/errors.ts';
import type { CancelAllParts, CancelAllRequest } from './cancel-request.ts';
import type { CancelReport } from './cancel-report.ts';
import { hasName, SingleCancels } from './single-cancels.ts';

/** A bulk call cancels at most this many orders; one that cancels fewer than half of what it could is not repeated. */
const BULK_CAP = 500;
const BULK_TRIES = 10;

type RoundRequest = Pick<CancelAllRequest, 'includeStops' | 'perOrder' | 'isShared'>;

/**
 * Sends the cancels of a look: in bulk where that can affect only targets, else order by order. What a round could not send at once goes
 * on being sent until the next round begins.
 */
export class CancelRound {
  readonly #parts: CancelAllParts;
  readonly #request: RoundRequest;
  readonly #singles: SingleCancels;
  /** Monotonic; no cancel is sent after it. */
  readonly #deadline: number;
  /** At most this many targets may be left for the next bulk call: the last one must have made progress. */
  #bulkGoal = Number.POSITIVE_INFINITY;
  /** Bulk calls have not made enough progress before. */
  #hasFailed = false;
  /** Names of the scopes whose bulk calls have not ended yet. */
  readonly #inBulk = new Set<string>();
  /** Names of the scopes whose bulk calls may be repeated. */
  readonly #bulkWanted = new Set<string>();
  /** Settle coins of inverse contracts, once read. */
  #coins: readonly string[] = [];
  #usedBulk = false;
  #hasCanceledUnseen = false;

  /** `isClosed`: whether an order was reported closed since the look. */
  constructor(parts: CancelAllParts, request: RoundRequest, deadline: number, isClosed: (order: RestingOrder) => boolean = () => false) {
    this.#parts = parts;
    this.#request = request;
    this.#deadline = deadline;
    this.#singles = new SingleCancels(parts, deadline, isClosed);
  }

  /** Why the last cancel of an order was not accepted, by key. */
  get failures(): ReadonlyMap<string, string> {
    return this.#singles.failures;
  }

  /** When the exchange acknowledged the cancel of an open order, monotonic; by key. */
  get takenAt(): ReadonlyMap<string, number> {
    return this.#singles.takenAt;
  }

  get method(): CancelReport['method'] {
    if (this.#usedBulk) return this.#singles.isUsed ? 'bulk+per_order' : 'bulk';
    return this.#singles.isUsed ? 'per_order' : 'none';
  }

  /**
   * Begins a round, or ends the last one: single cancels that still wait are not sent any more, and bulk calls only if `goesOn`, because
   * there is still something to cancel and the last look shows no orders that must stay.
   */
  begin(goesOn = false): void {
    this.#singles.drop();
    if (!goesOn) this.#bulkWanted.clear();
  }

  /** Whether a bulk call can affect only targets. `others`: open orders that must stay. */
  isBulkSafe(others: readonly RestingOrder[]): boolean {
    const { includeStops, isShared = false } = this.#request;
    return !isShared && others.every(({ kind }) => !includeStops && kind !== 'plain');
  }

  /** A bulk call cancels up to 500 orders and is repeated while it makes progress. `others`: open orders of `scopes` that must stay. */
  async cancel(targets: readonly RestingOrder[], others: readonly RestingOrder[], scopes: readonly CancelScope[]): Promise<void> {
    if (targets.length === 0) return;
    const { perOrder } = this.#request;
    const isSafe = this.isBulkSafe(others);
    const nameless = targets.filter((order) => !hasName(order));
    for (const order of nameless) this.#singles.failures.set(keyOf(order), 'its order id cannot be read');
    if (isSafe && targets.length <= this.#bulkGoal && !perOrder) {
      this.#bulkGoal = targets.length - Math.ceil(Math.min(targets.length, BULK_CAP) / 2);
      // Bulk calls that have failed before may fail again: single cancels go on beside them.
      const singles = this.#hasFailed ? this.cancelSingly(targets) : undefined;
      await Promise.all([this.#bulk(targets, scopes), singles]);
      return;
    }
    // Single cancels make progress too: bulk is tried again afterwards.
    this.#bulkGoal = targets.length - 1;
    this.#hasFailed = true;
    // Only a bulk call can cancel an order without an id.
    const isBulkNeeded = isSafe && nameless.length > 0;
    await Promise.all([this.cancelSingly(targets), isBulkNeeded ? this.#bulk(nameless, scopes) : undefined]);
  }

  async cancelSingly(targets: readonly RestingOrder[]): Promise<void> {
    await this.#singles.send(targets);
  }

  /** Cancels singly the orders whose cancel was not accepted a moment ago. */
  async cancelKnown(targets: readonly RestingOrder[]): Promise<void> {
    await this.#singles.send(targets.filter((order) => !this.#singles.isBelieved(order)));
  }

  /** Whether bulk calls were sent for orders that could not be read. */
  get hasCanceledUnseen(): boolean {
    return this.#hasCanceledUnseen;
  }

  /** Cancels everything in these scopes by bulk calls, although their orders cannot be read. */
  async cancelUnseen(scopes: readonly CancelScope[]): Promise<void> {
    this.#hasCanceledUnseen ||= scopes.length > 0;
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
    await Promise.all(
      scopes
        .flatMap((scope) => bulkScopes(scope, targets))
        .map(async (scope) => {
          if (!(await this.#bulkOf(scope, calls))) return;
          for (const order of targets) if (this.#parts.port.covers(scope, order)) this.#singles.acknowledged(order);
        }),
    );
  }

  /** A call that the rate limit refused had no effect and is repeated. Returns whether any call was acknowledged. */
  async #bulkOf(scope: CancelScope, calls: number): Promise<boolean> {
    const { port, limiter, clock } = this.#parts;
    const { includeStops } = this.#request;
    const name = scopeName(scope);
    this.#bulkWanted.add(name);
    if (this.#inBulk.has(name)) return false;
    this.#inBulk.add(name);
    let made = 0;
    let isTaken = false;
    for (let tries = 0; made < calls && tries < calls * BULK_TRIES; tries += 1) {
      const leftMs = this.#deadline - clock.monotonic();
      // Checked here, because the limiter grants a free place even with a patience of 0.
      if (leftMs <= 0 || !(await limiter.acquire('cancelAll', leftMs)) || !this.#bulkWanted.has(name)) break;
      const failure = await port.cancelBulk(scope, includeStops).then(() => undefined, exchangeError);
      if (failure?.kind !== 'throttled') made += 1;
      isTaken ||= failure === undefined;
    }
    this.#inBulk.delete(name);
    return isTaken;
  }
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

function noneOf(error: unknown): readonly string[] {
  exchangeError(error);
  return [];
}
