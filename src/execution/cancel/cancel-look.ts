import { keyOf, type CancelPort, type CancelScope, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';
import { isComplete, READS_LATE_MS, type Listing } from '../../exchange/complete.ts';
import { ExchangeError, exchangeError } from '../../exchange/errors.ts';
import type { Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { OrderWitness } from './order-witness.ts';

/** Own records that one look asks for: each is a request. */
const MOST_RECORDS = 20;

/** What is open, as far as it can be known at this moment. */
export interface Look {
  /** Shown open just now, by a list or by its own record. */
  readonly read: readonly RestingOrder[];
  /** Of these, the ones that no list shows: who else is there, nobody knows. */
  readonly unlisted: ReadonlySet<RestingOrder>;
  /** Scopes whose list was read to its end. */
  readonly readScopes: readonly CancelScope[];
  /** Shown by the stream and not by the lists, or of scopes that could not be read: as last heard of. */
  readonly remembered: readonly RestingOrder[];
  /** Scopes that could not be read, and why. */
  readonly unreadScopes: readonly CancelScope[];
  readonly failures: readonly ExchangeError[];
  /** Exchange time of the oldest answer; undefined when there was none. */
  readonly at: number | undefined;
  /** Monotonic, when its questions left. */
  readonly askedAt: number;
}

type Port = Pick<CancelPort, 'resting' | 'listen' | 'recordOf' | 'presenceOf'>;

/** Enumerates every scope, each for itself: one that cannot be read hides nothing of the others. */
export class Lookout {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #scopes: readonly CancelScope[];
  /** By scope: what was open there when it was last read or heard of. */
  readonly #seen: Map<string, RestingOrder>[];
  readonly #witness = new OrderWitness();
  /** Scopes that the exchange says it does not have. */
  readonly #unlisted = new Set<CancelScope>();
  #stopListening: (() => void) | undefined;

  constructor(port: Port, clock: Clock, scopes: readonly CancelScope[]) {
    this.#port = port;
    this.#clock = clock;
    this.#scopes = scopes;
    this.#seen = scopes.map(() => new Map());
  }

  /** Since when the order stream is a witness, monotonic; undefined while it is none. */
  get watchedSince(): number | undefined {
    return this.#witness.upSince;
  }

  /** The order stream goes on without it. */
  close(): void {
    this.#stopListening?.();
  }

  /** A scope whose list has not come within `patienceMs` counts as unreadable. */
  async look(patienceMs: number): Promise<Look> {
    const askedAt = this.#clock.monotonic();
    const tooLate = new ExchangeError('unavailable', 'unknown', `open orders: no complete list within ${Math.round(patienceMs)} ms`);
    const { promise: late, resolve: giveUp } = withResolvers<ExchangeError>();
    const cancelDeadline = this.#clock.schedule(patienceMs, () => giveUp(tooLate));
    const inTime = <T>(answer: Promise<T>): Promise<T | ExchangeError> => Promise.race([answer.catch(exchangeError), late]);
    const answers = Promise.all(this.#scopes.map((scope) => inTime(this.#port.resting(scope))));
    // After the question has left: the first cancel waits for that answer, not for a stream.
    this.#listen();
    const read = new Map<string, RestingOrder>();
    const remembered = new Map<string, RestingOrder>();
    const readScopes: CancelScope[] = [];
    const unreadScopes: CancelScope[] = [];
    const failures: ExchangeError[] = [];
    const times: number[] = [];
    const lists = await answers;
    await inTime(this.#findUnlisted(lists));
    for (const [index, answer] of lists.entries()) {
      const scope = this.#scopes[index];
      const seen = this.#seen[index];
      if (scope === undefined || seen === undefined || this.#unlisted.has(scope)) continue;
      const failure = failureIn(answer);
      if (failure === undefined) {
        seen.clear();
        readScopes.push(scope);
      } else {
        failures.push(failure);
        unreadScopes.push(scope);
        for (const [key, order] of seen) remembered.set(key, order);
      }
      if (answer instanceof ExchangeError) continue;
      times.push(answer.at);
      for (const order of answer.value) {
        seen.set(keyOf(order), order);
        read.set(keyOf(order), order);
      }
    }
    const listed = new Set(read.values());
    await inTime(this.#askWitness(askedAt, read));
    cancelDeadline();
    for (const key of read.keys()) remembered.delete(key);
    for (const order of this.#witness.alive()) if (this.#covers(order) && !read.has(keyOf(order))) remembered.set(keyOf(order), order);
    for (const [key, order] of remembered) if (this.#witness.isEnded(order)) remembered.delete(key);
    const at = times.length === 0 ? undefined : Math.min(...times);
    const unlisted = new Set([...read.values()].filter((order) => !listed.has(order)));
    return { read: [...read.values()], unlisted, readScopes, remembered: [...remembered.values()], unreadScopes, failures, at, askedAt };
  }

  /** A refusal alone says nothing of a scope: only that the exchange has no such symbol there, which is asked for itself. */
  async #findUnlisted(answers: readonly (Listing<unknown> | ExchangeError)[]): Promise<void> {
    await Promise.all(
      this.#scopes.map(async (scope, index) => {
        const answer = answers[index];
        const isRefused = answer instanceof ExchangeError && answer.isExchangesWord;
        if (!isRefused || scope.symbol === undefined || !this.#isReadElsewhere(scope.symbol, answers)) return;
        // Where nothing at all is listed, nobody has said anything of this symbol.
        if ((await this.#port.presenceOf(scope)) === 'unlisted') this.#unlisted.add(scope);
      }),
    );
  }

  /** A symbol that no category has proves nothing: it may be misspelled. */
  #isReadElsewhere(symbol: string, answers: readonly unknown[]): boolean {
    return this.#scopes.some((other, index) => other.symbol === symbol && !(answers[index] instanceof ExchangeError));
  }

  /** The stream contradicts a list that was asked for later: the order's own record decides. Adds to `read` what it says is open. */
  async #askWitness(askedAt: number, read: Map<string, RestingOrder>): Promise<void> {
    const unlisted = this.#witness.aliveBefore(askedAt).filter(({ order }) => !read.has(keyOf(order)) && this.#covers(order));
    await Promise.all(
      unlisted.slice(0, MOST_RECORDS).map(async ({ order, heardAt }) => {
        const record = await this.#port.recordOf(order).catch(exchangeError);
        const isLate = askedAt - heardAt > READS_LATE_MS;
        if (record === 'open') read.set(keyOf(order), order);
        else if (record === 'closed' || (record === 'absent' && isLate)) this.#witness.ended(order);
      }),
    );
  }

  #listen(): void {
    this.#stopListening ??= this.#port.listen?.({
      onNews: (news) => this.#heard(news),
      onState: (state) => this.#witness.state(state, this.#clock.monotonic()),
    });
  }

  #heard(news: OrderNews): void {
    this.#witness.heard(news, this.#clock.monotonic());
    if (!news.isOpen) for (const seen of this.#seen) seen.delete(keyOf(news.order));
  }

  #covers(order: RestingOrder): boolean {
    return this.#scopes.some((scope) => covers(scope, order));
  }
}

function failureIn(answer: Listing<unknown> | ExchangeError): ExchangeError | undefined {
  if (answer instanceof ExchangeError) return answer;
  return isComplete(answer) ? undefined : answer.failure;
}

/** A coin cannot be told from an order: a symbol that ends otherwise is of another scope, which has its own list. */
export function covers({ category, symbol, settleCoin }: CancelScope, order: RestingOrder): boolean {
  if (category !== order.category) return false;
  // What cannot be told apart belongs to all.
  if (order.symbol === '') return true;
  if (symbol !== undefined && symbol !== order.symbol) return false;
  if (settleCoin === undefined) return true;
  return category === 'linear' ? settledIn(order.symbol) === settleCoin : order.symbol.startsWith(settleCoin);
}

/** Bybit names its linear contracts BTCUSDT, and BTCPERP or BTC-27NOV26 where they settle in USDC. */
function settledIn(symbol: string): string {
  return /USDT(-\d+[A-Z]+\d+)?$/.test(symbol) ? 'USDT' : 'USDC';
}
