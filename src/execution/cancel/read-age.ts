import { keyOf, type RestingOrder } from '../../exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../exchange/complete.ts';
import { covers, type Look } from './cancel-look.ts';

/** No list is later than that: an order that shows up then was left out of earlier ones. */
const MOST_LATE_MS = 60_000;

/**
 * How late the exchange's lists are at least, from what they show: a canceled order that they go on showing until it is gone, or one that
 * shows up long after it was created.
 */
export class ReadAge {
  /** By key: what the lists show, and when one that does was last asked for, monotonic. */
  readonly #shown = new Map<string, { readonly order: RestingOrder; readonly askedAt: number }>();
  #before: Look | undefined;
  #lateMs: number;

  /** `lateMs`: as late as they were seen to be before. */
  constructor(lateMs = 0) {
    this.#lateMs = lateMs;
  }

  /** The longest that was seen, ms. */
  get seenMs(): number {
    return this.#lateMs;
  }

  /** How long after something happened the lists show it, ms: what was assumed, unless they were seen to be later than that. */
  get boundMs(): number {
    return Math.max(READS_LATE_MS, this.#lateMs);
  }

  /** `takenAt`: when the exchange had said that it took their cancels, monotonic, by the orders' keys. */
  looked(look: Look, takenAt: ReadonlyMap<string, number>): void {
    const now = new Set(look.read.map(keyOf));
    for (const [key, { order, askedAt }] of this.#shown) {
      if (now.has(key) || !isRead(look, order)) continue;
      // Gone at last: as long as it was listed after its cancel was taken, lists were late.
      this.#lateMs = Math.max(this.#lateMs, askedAt - (takenAt.get(key) ?? askedAt));
      this.#shown.delete(key);
    }
    for (const order of look.read) {
      if (!this.#shown.has(keyOf(order))) this.#appeared(order);
      this.#shown.set(keyOf(order), { order, askedAt: look.askedAt });
    }
    this.#before = look;
  }

  /**
   * The cancel-all ends. Whether what it has canceled still rests or the lists are late, the next one, which cancels it again, could not
   * tell any more: it counts as late.
   */
  ended(takenAt: ReadonlyMap<string, number>): void {
    for (const [key, { askedAt }] of this.#shown) this.#lateMs = Math.max(this.#lateMs, askedAt - (takenAt.get(key) ?? askedAt));
  }

  #appeared(order: RestingOrder): void {
    const { createdAt } = order;
    if (createdAt === undefined || this.#before?.at === undefined || !isRead(this.#before, order)) return;
    this.#lateMs = Math.max(this.#lateMs, Math.min(MOST_LATE_MS, this.#before.at - createdAt));
  }
}

function isRead({ readScopes }: Look, order: RestingOrder): boolean {
  return readScopes.some((scope) => covers(scope, order));
}
