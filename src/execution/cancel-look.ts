import type { CancelPort, CancelScope, OrderNews, RestingOrder } from '../exchange/cancel-port.ts';
import { ExchangeError } from '../exchange/errors.ts';
import type { Clock } from '../util/clock.ts';
import { withResolvers } from '../util/promise.ts';

/** What is open, as far as it can be known at this moment. */
export interface Look {
  /** In scopes that were read just now. */
  readonly read: readonly RestingOrder[];
  readonly readScopes: readonly CancelScope[];
  /** In scopes that could not be read: as last seen there, corrected by the order stream. */
  readonly remembered: readonly RestingOrder[];
  /** Why those could not be read. */
  readonly failures: readonly ExchangeError[];
  /** Exchange time of the oldest answer; undefined when there was none. */
  readonly at: number | undefined;
}

/** Enumerates every scope, each for itself: one that cannot be read hides nothing of the others. */
export class Lookout {
  readonly #port: Pick<CancelPort, 'resting' | 'listen'>;
  readonly #clock: Clock;
  readonly #scopes: readonly CancelScope[];
  readonly #seen: Map<string, RestingOrder>[];
  /** Heard since the last question left. */
  #recent: OrderNews[] = [];
  #isListening = false;

  constructor(port: Pick<CancelPort, 'resting' | 'listen'>, clock: Clock, scopes: readonly CancelScope[]) {
    this.#port = port;
    this.#clock = clock;
    this.#scopes = scopes;
    this.#seen = scopes.map(() => new Map());
  }

  /** A scope whose list is not complete after `patienceMs` counts as unreadable. */
  async look(patienceMs: number): Promise<Look> {
    const tooLate = new ExchangeError('unavailable', 'unknown', `open orders: no complete list within ${Math.round(patienceMs)} ms`);
    const { promise: late, resolve: giveUp } = withResolvers<ExchangeError>();
    const cancelDeadline = this.#clock.schedule(patienceMs, () => giveUp(tooLate));
    this.#recent = [];
    const answers = Promise.all(this.#scopes.map((scope) => Promise.race([this.#port.resting(scope).catch(exchangeError), late])));
    // After the question has left: the first cancel waits for that answer, not for a stream.
    this.#listen();
    const read = new Map<string, RestingOrder>();
    const remembered = new Map<string, RestingOrder>();
    const readScopes: CancelScope[] = [];
    const failures: ExchangeError[] = [];
    const times: number[] = [];
    const complete = await answers;
    for (const [index, answer] of complete.entries()) {
      const scope = this.#scopes[index];
      const seen = this.#seen[index];
      if (scope === undefined || seen === undefined) continue;
      if (answer instanceof ExchangeError && answer.kind === 'rejected' && this.#isListedElsewhere(scope, complete)) continue;
      if (answer instanceof ExchangeError) {
        failures.push(answer);
        for (const [id, order] of seen) remembered.set(id, order);
        continue;
      }
      seen.clear();
      for (const order of answer.value) seen.set(order.exchangeOrderId, order);
      for (const [id, order] of seen) read.set(id, order);
      readScopes.push(scope);
      times.push(answer.at);
    }
    cancelDeadline();
    for (const id of read.keys()) remembered.delete(id);
    // An order that came after the list was made is not in it, but has to be remembered.
    for (const news of this.#recent) this.#remember(news);
    const at = times.length === 0 ? undefined : Math.min(...times);
    return { read: [...read.values()], readScopes, remembered: [...remembered.values()], failures, at };
  }

  /** A symbol that this category does not have, while another has it: nothing can be open there. */
  #isListedElsewhere({ symbol }: CancelScope, answers: readonly unknown[]): boolean {
    return this.#scopes.some(
      (other, index) => symbol !== undefined && other.symbol === symbol && !(answers[index] instanceof ExchangeError),
    );
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#port.listen?.((news) => {
      this.#recent.push(news);
      this.#remember(news);
    });
  }

  #remember({ order, isOpen }: OrderNews): void {
    for (const [index, scope] of this.#scopes.entries()) {
      const seen = this.#seen[index];
      if (seen === undefined || !covers(scope, order)) continue;
      if (isOpen) seen.set(order.exchangeOrderId, order);
      else seen.delete(order.exchangeOrderId);
    }
  }
}

/** A coin cannot be told from an order: a symbol that ends otherwise is of another scope, which has its own list. */
function covers({ category, symbol, settleCoin }: CancelScope, order: RestingOrder): boolean {
  if (category !== order.category || (symbol !== undefined && symbol !== order.symbol)) return false;
  return settleCoin === undefined || settledIn(order.symbol) === settleCoin;
}

/** Bybit names its linear contracts BTCUSDT, and BTCPERP or BTC-27NOV26 where they settle in USDC. */
function settledIn(symbol: string): string {
  return /USDT(-\d+[A-Z]+\d+)?$/.test(symbol) ? 'USDT' : 'USDC';
}

/** A failed read is an answer too; a bug stays thrown. */
function exchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  throw error;
}
