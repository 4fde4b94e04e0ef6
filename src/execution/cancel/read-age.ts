import { keyOf, type RestingOrder } from '../../exchange/cancel-port.ts';
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
  #before: Look | undefined;
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
      if (now.has(key) || !look.isInRead(order)) continue;
      // The order is gone now: the lists were late for as long as they showed it after its cancel was acknowledged.
      this.#lateMs = Math.max(this.#lateMs, askedAt - (takenAt.get(key) ?? askedAt));
      this.#shown.delete(key);
    }
    for (const order of look.read) {
      if (!this.#shown.has(keyOf(order))) this.#appeared(order);
      this.#shown.set(keyOf(order), { order, askedAt: look.unlisted.get(order) ?? look.askedAt });
    }
    this.#before = look;
  }

  /**
   * Called at the end of a cancel-all. The next one cancels the same orders again and could no longer distinguish an order that still
   * rests from a late list, so what the lists still show counts as delay.
   */
  ended(takenAt: ReadonlyMap<string, number>): void {
    for (const [key, { askedAt }] of this.#shown) this.#lateMs = Math.max(this.#lateMs, askedAt - (takenAt.get(key) ?? askedAt));
  }

  #appeared(order: RestingOrder): void {
    const { createdAt } = order;
    if (createdAt === undefined || this.#before?.at === undefined || !this.#before.isInRead(order)) return;
    this.#lateMs = Math.max(this.#lateMs, Math.min(MOST_LATE_MS, this.#before.at - createdAt));
  }
}
