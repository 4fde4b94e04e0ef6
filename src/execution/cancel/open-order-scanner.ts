import { keyOf, type CancelPort, type CancelScope, type OrderNews, type RestingOrder } from '../../exchange/cancel-port.ts';
import { isComplete, type Listing } from '../../exchange/complete.ts';
import { ExchangeError, exchangeError } from '../../exchange/errors.ts';
import { every, type Cancel, type Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { OrderWitness } from './order-witness.ts';
import { ScopeList } from './scope-list.ts';

/** Most single-order queries at a time; each is a request. */
const MOST_RECORDS = 20;
/** How much longer than the first list the others may take while there is an order to cancel. */
const SLOWER_MS = 250;
/** How long a look waits for a first list while the stream shows an order to cancel. */
const UNANSWERED_MS = 1000;
/** After this time, orders of earlier looks whose list has not arrived are canceled again. */
const SEEN_BEFORE_MS = 2000;
const CHECK_MS = 50;

/** The open orders, as far as they can be determined at this moment. */
export interface Look {
  /** Orders just read as open, from a list or from a query of the order itself. */
  readonly read: readonly RestingOrder[];
  /** Those of `read` that no list shows, and when their record was queried: the list of their scope may hide other orders too. */
  readonly unlisted: ReadonlyMap<RestingOrder, number>;
  /** Scopes whose list was read completely. */
  readonly readScopes: readonly CancelScope[];
  /** The scopes whose lists may contain the order, read or not. */
  readonly scopesOf: (order: RestingOrder) => readonly CancelScope[];
  /** Orders that only the stream shows, and the last known orders of scopes that could not be read. */
  readonly remembered: readonly RestingOrder[];
  /** Scopes that could not be read, and why. */
  readonly unreadScopes: readonly CancelScope[];
  /** Those of them whose complete list for an earlier look has arrived since: it shows what to cancel, and proves nothing. */
  readonly lateScopes: readonly CancelScope[];
  /** Keys of the orders in those lists. */
  readonly late: ReadonlySet<string>;
  /** Scopes whose list is still on its way, and since when, monotonic. */
  readonly waitingSince: ReadonlyMap<CancelScope, number>;
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
  readonly #lists: readonly ScopeList[];
  readonly #witness = new OrderWitness();
  /** Scopes whose list was refused because the exchange does not list their symbol. */
  readonly #unlisted = new Set<CancelScope>();
  /** Keys of the orders whose own record is being queried. */
  readonly #asking = new Set<string>();
  /** Orders that their own record has shown as open since the last look, with the time of that query; by key. */
  readonly #openByRecord = new Map<string, { readonly order: RestingOrder; readonly askedAt: number }>();
  /** Orders that the stream has reported closed since `takeClosed`, by key. */
  #closed = new Map<string, RestingOrder>();
  #stopListening: (() => void) | undefined;
  /** What broke in a query that no look waited for. */
  #bug: { readonly error: unknown } | undefined;

  constructor(port: Port, clock: Clock, scopes: readonly CancelScope[]) {
    this.#port = port;
    this.#clock = clock;
    this.#lists = scopes.map((scope) => new ScopeList(scope, (one) => port.resting(one)));
  }

  /** Since when the order stream is up as a witness, monotonic; undefined while it is not. */
  get watchedSince(): number | undefined {
    return this.#witness.upSince;
  }

  /** The orders of the scopes that the stream shows as live at this moment. */
  get streamed(): readonly RestingOrder[] {
    return this.#witness.alive().filter((order) => this.#covers(order));
  }

  /** Whether the stream, or the order's own record, has shown that the order is closed. */
  isClosed(order: RestingOrder): boolean {
    return this.#witness.isEnded(order);
  }

  /** The orders that the stream has reported closed since the last call, as they were then. */
  takeClosed(): readonly RestingOrder[] {
    const closed = [...this.#closed.values()].filter((order) => this.#covers(order));
    this.#closed = new Map();
    return closed;
  }

  /** Stops listening; the order stream itself continues. */
  close(): void {
    this.#stopListening?.();
  }

  /**
   * A scope whose list has not arrived within `patienceMs` counts as unread. With `isUrgent`, the look does not wait for slow lists once
   * there is such an order to cancel: their scopes count as unread, and what they show when they arrive is part of the next look.
   */
  async look(patienceMs: number, isUrgent?: (order: RestingOrder) => boolean): Promise<Look> {
    if (this.#bug !== undefined) throw this.#bug.error;
    const askedAt = this.#clock.monotonic();
    const requests = this.#lists.map((list) => list.begin(askedAt, isUrgent === undefined));
    // After the queries are sent: the first cancel must wait for their responses only, not for a stream.
    this.#listen();
    const { promise: enough, resolve: end } = withResolvers<void>();
    const cancelDeadline = this.#clock.schedule(patienceMs, () => end());
    const stopChecking = isUrgent === undefined ? undefined : this.#whenUrgent(askedAt, isUrgent, end);
    try {
      const readLists = Promise.all(requests).then(() => this.#beside(this.#findUnlisted()));
      await Promise.race([readLists, enough]);
      const records = this.#beside(this.#askWitness(askedAt));
      // Cancels do not wait for the records either.
      if (isUrgent === undefined || !this.#shows(isUrgent, true)) await Promise.race([records, enough]);
    } finally {
      cancelDeadline();
      stopChecking?.();
    }
    return this.#result(askedAt);
  }

  /** Calls `end` when the list of another scope has been waited for long enough while an urgent order is known. */
  #whenUrgent(askedAt: number, isUrgent: (order: RestingOrder) => boolean, end: () => void): Cancel {
    let answeredAt: number | undefined;
    return every(this.#clock, CHECK_MS, () => {
      const now = this.#clock.monotonic();
      if (this.#lists.some(({ answer, late }) => (answer ?? late) !== undefined)) answeredAt ??= now;
      const dueAt = Math.min(askedAt + UNANSWERED_MS, (answeredAt ?? Number.POSITIVE_INFINITY) + SLOWER_MS);
      if (now >= dueAt && this.#shows(isUrgent, now - askedAt >= SEEN_BEFORE_MS)) end();
    });
  }

  /** Whether a list or the stream shows such an order; `isAnyTime`: or has shown it in an earlier look. */
  #shows(isWanted: (order: RestingOrder) => boolean, isAnyTime = false): boolean {
    const listed = this.#lists.some((list) => [...(isAnyTime ? list.known : list.shown)].some(isWanted));
    return listed || this.streamed.some(isWanted);
  }

  #result(askedAt: number): Look {
    const read = new Map<string, RestingOrder>();
    const remembered = new Map<string, RestingOrder>();
    const readScopes: CancelScope[] = [];
    const lateScopes: CancelScope[] = [];
    const lateKeys = new Set<string>();
    const waitingSince = new Map<CancelScope, number>();
    const unreadScopes: CancelScope[] = [];
    const failures: ExchangeError[] = [];
    const times: number[] = [];
    const lateTimes: number[] = [];
    const waitedMs = Math.round(this.#clock.monotonic() - askedAt);
    const tooLate = new ExchangeError('unavailable', 'unknown', `open orders: no complete list within ${waitedMs} ms`);
    for (const list of this.#lists) {
      const { scope, answer = tooLate, late } = list;
      list.end();
      if (list.waitingSince !== undefined) waitingSince.set(scope, list.waitingSince);
      if (this.#unlisted.has(scope) && isRefusal(answer)) continue;
      const failure = failureIn(answer);
      if (failure === undefined) readScopes.push(scope);
      else {
        failures.push(failure);
        unreadScopes.push(scope);
        if (late !== undefined && isComplete(late)) {
          lateScopes.push(scope);
          for (const order of late.value) lateKeys.add(keyOf(order));
        }
        for (const order of list.known) remembered.set(keyOf(order), order);
      }
      if (late !== undefined) lateTimes.push(late.at);
      if (answer instanceof ExchangeError) continue;
      times.push(answer.at);
      for (const order of answer.value) read.set(keyOf(order), order);
    }
    const unlisted = new Map<RestingOrder, number>();
    for (const [key, { order, askedAt: at }] of this.#openByRecord) {
      if (read.has(key) || this.isClosed(order)) continue;
      read.set(key, order);
      unlisted.set(order, at);
    }
    this.#openByRecord.clear();
    for (const order of this.streamed) remembered.set(keyOf(order), order);
    for (const [key, order] of remembered) if (read.has(key) || this.isClosed(order)) remembered.delete(key);
    const at = oldest(times.length > 0 ? times : lateTimes);
    return {
      read: [...read.values()],
      unlisted,
      readScopes,
      scopesOf: (order) => [...readScopes, ...unreadScopes].filter((scope) => this.#port.covers(scope, order)),
      remembered: [...remembered.values()],
      unreadScopes,
      lateScopes,
      late: lateKeys,
      waitingSince,
      failures,
      at,
      askedAt,
    };
  }

  /** A refused list alone proves nothing: whether the exchange lists the symbol in that scope is queried separately. */
  async #findUnlisted(): Promise<void> {
    await Promise.all(
      this.#lists.map(async ({ scope, answer }) => {
        if (!isRefusal(answer) || scope.symbol === undefined || !this.#isReadElsewhere(scope.symbol)) return;
        // Only `unlisted` counts: an empty instrument list would prove nothing about this symbol.
        if ((await this.#port.presenceOf(scope)) === 'unlisted') this.#unlisted.add(scope);
      }),
    );
  }

  /** A symbol that no category lists proves nothing: it may be misspelled. */
  #isReadElsewhere(symbol: string): boolean {
    return this.#lists.some(({ scope, answer }) => scope.symbol === symbol && answer !== undefined && !(answer instanceof ExchangeError));
  }

  /** Where the stream contradicts a list requested later, a query of the order itself decides. */
  async #askWitness(askedAt: number): Promise<void> {
    const listed = new Set(this.#lists.flatMap(({ shown }) => shown.map(keyOf)));
    const isOpenQuestion = (order: RestingOrder): boolean =>
      this.#covers(order) && !listed.has(keyOf(order)) && !this.#asking.has(keyOf(order));
    const unlisted = this.#witness.aliveBefore(askedAt).filter(isOpenQuestion);
    await Promise.all(
      unlisted.slice(0, Math.max(0, MOST_RECORDS - this.#asking.size)).map(async (order) => {
        const key = keyOf(order);
        this.#asking.add(key);
        const recordAskedAt = this.#clock.monotonic();
        const record = await this.#port.recordOf(order).catch(exchangeError);
        this.#asking.delete(key);
        if (record === 'open') this.#openByRecord.set(key, { order, askedAt: recordAskedAt });
        // No record at all is no proof: records may be missing, while the stream has shown the order as live.
        else if (record === 'closed') this.#witness.ended(order);
      }),
    );
  }

  /** The same work, which goes on when the look does not wait for it. A bug in it is thrown by the next look. */
  #beside(work: Promise<void>): Promise<void> {
    work.catch((error: unknown) => (this.#bug ??= { error }));
    return work;
  }

  #listen(): void {
    this.#stopListening ??= this.#port.listen?.({
      onNews: (news) => this.#heard(news),
      onState: (state) => this.#witness.state(state, this.#clock.monotonic()),
    });
  }

  #heard(news: OrderNews): void {
    this.#witness.heard(news, this.#clock.monotonic());
    if (news.isOpen) return;
    this.#closed.set(keyOf(news.order), news.order);
    for (const list of this.#lists) list.closed(news.order);
  }

  #covers(order: RestingOrder): boolean {
    return this.#lists.some(({ scope }) => this.#port.covers(scope, order));
  }
}

function isRefusal(answer: Listing<unknown> | ExchangeError | undefined): boolean {
  return answer instanceof ExchangeError && answer.isExchangesWord;
}

function failureIn(answer: Listing<unknown> | ExchangeError): ExchangeError | undefined {
  if (answer instanceof ExchangeError) return answer;
  return isComplete(answer) ? undefined : answer.failure;
}

function oldest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}
