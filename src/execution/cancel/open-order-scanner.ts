import { keyOf, type CancelPort, type CancelScope, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';
import { isComplete, READS_LATE_MS, type Listing } from '../../exchange/complete.ts';
import { ExchangeError, exchangeError } from '../../exchange/errors.ts';
import type { Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { OrderWitness } from './order-witness.ts';

/** Most single-order queries in one look; each is a request. */
const MOST_RECORDS = 20;

/** The open orders, as far as they can be determined at this moment. */
export interface Look {
  /** Orders just read as open, from a list or from a query of the order itself. */
  readonly read: readonly RestingOrder[];
  /** Those of `read` that no list shows: the list of their scope may then hide other orders too. */
  readonly unlisted: ReadonlySet<RestingOrder>;
  /** Scopes whose list was read completely. */
  readonly readScopes: readonly CancelScope[];
  /** Whether the order lies in one of these scopes. */
  readonly isInRead: (order: RestingOrder) => boolean;
  /** Orders that only the stream shows, and the last known orders of scopes that could not be read. */
  readonly remembered: readonly RestingOrder[];
  /** Scopes that could not be read, and why. */
  readonly unreadScopes: readonly CancelScope[];
  readonly failures: readonly ExchangeError[];
  /** Exchange time of the oldest response; undefined when there was none. */
  readonly at: number | undefined;
  /** When the queries were sent, monotonic. */
  readonly askedAt: number;
}

type Port = Pick<CancelPort, 'resting' | 'listen' | 'recordOf' | 'presenceOf' | 'covers'>;

/** Reads the open orders of every scope independently: a scope that cannot be read does not affect the others. */
export class OpenOrderScanner {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #scopes: readonly CancelScope[];
  /** By scope: the open orders as of the last read, less those that the stream has reported closed. */
  readonly #seen: Map<string, RestingOrder>[];
  readonly #witness = new OrderWitness();
  /** Scopes whose symbol the exchange does not list. */
  readonly #unlisted = new Set<CancelScope>();
  #stopListening: (() => void) | undefined;

  constructor(port: Port, clock: Clock, scopes: readonly CancelScope[]) {
    this.#port = port;
    this.#clock = clock;
    this.#scopes = scopes;
    this.#seen = scopes.map(() => new Map());
  }

  /** Since when the order stream is up as a witness, monotonic; undefined while it is not. */
  get watchedSince(): number | undefined {
    return this.#witness.upSince;
  }

  /** Stops listening; the order stream itself continues. */
  close(): void {
    this.#stopListening?.();
  }

  /** A scope whose list has not arrived within `patienceMs` counts as unreadable. */
  async look(patienceMs: number): Promise<Look> {
    const askedAt = this.#clock.monotonic();
    const tooLate = new ExchangeError('unavailable', 'unknown', `open orders: no complete list within ${Math.round(patienceMs)} ms`);
    const { promise: late, resolve: giveUp } = withResolvers<ExchangeError>();
    const cancelDeadline = this.#clock.schedule(patienceMs, () => giveUp(tooLate));
    const inTime = <T>(answer: Promise<T>): Promise<T | ExchangeError> => Promise.race([answer.catch(exchangeError), late]);
    const answers = Promise.all(this.#scopes.map((scope) => inTime(this.#port.resting(scope))));
    // After the queries are sent: the first cancel must wait for their responses only, not for a stream.
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
    for (const order of this.#witness.alive())
      if (this.#isIn(this.#scopes, order) && !read.has(keyOf(order))) remembered.set(keyOf(order), order);
    for (const [key, order] of remembered) if (this.#witness.isEnded(order)) remembered.delete(key);
    const at = times.length === 0 ? undefined : Math.min(...times);
    const unlisted = new Set([...read.values()].filter((order) => !listed.has(order)));
    return {
      read: [...read.values()],
      unlisted,
      readScopes,
      isInRead: (order) => this.#isIn(readScopes, order),
      remembered: [...remembered.values()],
      unreadScopes,
      failures,
      at,
      askedAt,
    };
  }

  /** A refused list alone proves nothing: whether the exchange lists the symbol in that scope is queried separately. */
  async #findUnlisted(answers: readonly (Listing<unknown> | ExchangeError)[]): Promise<void> {
    await Promise.all(
      this.#scopes.map(async (scope, index) => {
        const answer = answers[index];
        const isRefused = answer instanceof ExchangeError && answer.isExchangesWord;
        if (!isRefused || scope.symbol === undefined || !this.#isReadElsewhere(scope.symbol, answers)) return;
        // Only `unlisted` counts: an empty instrument list would prove nothing about this symbol.
        if ((await this.#port.presenceOf(scope)) === 'unlisted') this.#unlisted.add(scope);
      }),
    );
  }

  /** A symbol that no category lists proves nothing: it may be misspelled. */
  #isReadElsewhere(symbol: string, answers: readonly unknown[]): boolean {
    return this.#scopes.some((other, index) => other.symbol === symbol && !(answers[index] instanceof ExchangeError));
  }

  /** Where the stream contradicts a list requested later, a query of the order itself decides. Adds orders found open to `read`. */
  async #askWitness(askedAt: number, read: Map<string, RestingOrder>): Promise<void> {
    const unlisted = this.#witness.aliveBefore(askedAt).filter(({ order }) => !read.has(keyOf(order)) && this.#isIn(this.#scopes, order));
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

  #isIn(scopes: readonly CancelScope[], order: RestingOrder): boolean {
    return scopes.some((scope) => this.#port.covers(scope, order));
  }
}

function failureIn(answer: Listing<unknown> | ExchangeError): ExchangeError | undefined {
  if (answer instanceof ExchangeError) return answer;
  return isComplete(answer) ? undefined : answer.failure;
}
