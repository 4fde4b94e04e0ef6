import { keyOf, scopeName, type RestingOrder } from '../../exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../exchange/complete.ts';
import type { Look } from './open-order-scanner.ts';

/** Upper bound of the observed delay: an order that appears later than this was left out of earlier lists for another reason. */
const MOST_LATE_MS = 60_000;

/**
 * Measures a lower bound of the delay of the exchange's lists: how long they still show an order after its cancel was acknowledged, or
 * how long after its creation an order first appears.
 */
export class ReadAge {
  /** By key: the orders that the lists show, and when the last list that shows the order was requested, monotonic. */
  readonly #shown = new Map<string, { readonly order: RestingOrder; readonly askedAt: number }>();
  /** By name: when the list of a scope was last answered, exchange time. */
  readonly #readAt = new Map<string, number>();
  #lateMs: number;

  /** `lateMs`: the delay observed so far. */
  constructor(lateMs = 0) {
    this.#lateMs = lateMs;
  }

  /** The longest observed delay, ms. */
  get seenMs(): number {
    return this.#lateMs;
  }

  /** The delay to reckon with, ms: the assumed one, or the observed one when that is longer. */
  get boundMs(): number {
    return Math.max(READS_LATE_MS, this.#lateMs);
  }

  /** `takenAt`: when the exchange acknowledged the cancels of the orders, monotonic, by key. */
  looked(look: Look, takenAt: ReadonlyMap<string, number>): void {
    const now = new Set(look.read.map(keyOf));
    for (const [key, { order, askedAt }] of this.#shown) {
      if (now.has(key) || !isRead(order, look)) continue;
      // The order is gone now: the lists were late for as long as they showed it after its cancel was acknowledged.
      this.#lateMs = Math.max(this.#lateMs, askedAt - (takenAt.get(key) ?? askedAt));
      this.#shown.delete(key);
    }
    for (const order of look.read) {
      if (!this.#shown.has(keyOf(order))) this.#appeared(order, look);
      this.#shown.set(keyOf(order), { order, askedAt: look.unlisted.get(order) ?? look.askedAt });
    }
    if (look.at !== undefined) for (const scope of look.readScopes) this.#readAt.set(scopeName(scope), look.at);
  }

  /**
   * Called at the end of a cancel-all. The next one cancels the same orders again and could no longer distinguish an order that still
   * rests from a late list, so what the lists still show counts as delay.
   */
  ended(takenAt: ReadonlyMap<string, number>): void {
    for (const [key, { askedAt }] of this.#shown) this.#lateMs = Math.max(this.#lateMs, askedAt - (takenAt.get(key) ?? askedAt));
  }

  /** The last lists before have left the order out although it existed. Looks in between may not have read them. */
  #appeared(order: RestingOrder, look: Look): void {
    const scopes = look.scopesOf(order);
    const leftOutAt = Math.min(...scopes.map((scope) => this.#readAt.get(scopeName(scope)) ?? Number.NEGATIVE_INFINITY));
    const lateMs = order.createdAt === undefined || scopes.length === 0 ? 0 : leftOutAt - order.createdAt;
    this.#lateMs = Math.max(this.#lateMs, Math.min(MOST_LATE_MS, lateMs));
  }
}

/** Every list that may contain the order was read. */
function isRead(order: RestingOrder, { scopesOf, readScopes }: Look): boolean {
  const scopes = scopesOf(order);
  return scopes.length > 0 && scopes.every((scope) => readScopes.includes(scope));
}
