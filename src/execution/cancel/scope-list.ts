import { keyOf, type CancelScope, type OrderName, type RestingOrder } from '../../exchange/cancel-port.ts';
import { isComplete, type Listing } from '../../exchange/complete.ts';
import { ExchangeError, exchangeError } from '../../exchange/errors.ts';

/** The open orders of one scope: the request for its list, which may outlast a look, and what the list showed last. */
export class ScopeList {
  readonly scope: CancelScope;
  readonly #resting: (scope: CancelScope) => Promise<Listing<RestingOrder>>;
  /** The open orders as of the last list, less those that the stream has reported closed; by key. */
  readonly #known = new Map<string, RestingOrder>();
  /** The request that is on its way, and when it was sent, monotonic. */
  #request: Promise<void> | undefined;
  #askedAt = 0;
  /** The request was sent for an earlier look. */
  #isLate = false;
  #answer: Listing<RestingOrder> | ExchangeError | undefined;
  #late: Listing<RestingOrder> | undefined;

  constructor(scope: CancelScope, resting: (scope: CancelScope) => Promise<Listing<RestingOrder>>) {
    this.scope = scope;
    this.#resting = resting;
  }

  /** The answer to the request of this look; of an earlier one only a failure, because an older list proves nothing for this look. */
  get answer(): Listing<RestingOrder> | ExchangeError | undefined {
    return this.#answer;
  }

  /** The list that an earlier look has requested and that has arrived since. */
  get late(): Listing<RestingOrder> | undefined {
    return this.#late;
  }

  /** Since when the list is on its way, monotonic; undefined when it is not. */
  get waitingSince(): number | undefined {
    return this.#request === undefined ? undefined : this.#askedAt;
  }

  get known(): Iterable<RestingOrder> {
    return this.#known.values();
  }

  /** Begins a look. Resolves when the list has arrived: the one of an earlier look if that is still on its way, unless `isAnew`. */
  begin(askedAt: number, isAnew: boolean): Promise<void> {
    this.#answer = undefined;
    if (this.#request === undefined || isAnew) {
      this.#isLate = false;
      this.#askedAt = askedAt;
      this.#request = this.#ask();
    }
    return this.#request;
  }

  /** Ends the look: a list that arrives now is late. */
  end(): void {
    this.#isLate = true;
    this.#late = undefined;
  }

  /** The orders that lists have shown since the last look. */
  get shown(): readonly RestingOrder[] {
    const list = this.#answer === undefined || this.#answer instanceof ExchangeError ? this.#late : this.#answer;
    return list?.value ?? [];
  }

  closed(order: OrderName): void {
    this.#known.delete(keyOf(order));
  }

  #ask(): Promise<void> {
    const request: Promise<void> = this.#resting(this.scope)
      .catch(exchangeError)
      .then((answer) => {
        // A newer request has taken its place.
        if (this.#request === request) this.#arrived(answer);
      });
    // A bug is thrown by the look that waits for it.
    request.catch(() => undefined);
    return request;
  }

  #arrived(answer: Listing<RestingOrder> | ExchangeError): void {
    this.#request = undefined;
    if (!this.#isLate || answer instanceof ExchangeError) this.#answer = answer;
    else this.#late = answer;
    if (answer instanceof ExchangeError) return;
    if (isComplete(answer)) this.#known.clear();
    for (const order of answer.value) this.#known.set(keyOf(order), order);
  }
}
