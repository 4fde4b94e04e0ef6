import { keyOf, type RestingOrder } from '../exchange/cancel-port.ts';
import { READS_LATE_MS } from '../exchange/complete.ts';
import { covers, type Look } from './cancel-look.ts';

/** Later than that no list is: what shows up then was left out before, for whatever reason. */
const MOST_LATE_MS = 60_000;

/**
 * How late the exchange's lists are, from what they show. A canceled order that they no longer show tells how late they are at most;
 * one that shows up long after it was created, how late they are at least.
 */
export class ReadAge {
  readonly #shown = new Map<string, RestingOrder>();
  #before: Look | undefined;
  #lateMs = 0;

  /** The longest that was seen, ms. */
  get seenMs(): number {
    return this.#lateMs;
  }

  /** How long after something happened the lists show it, ms: what was assumed, unless they were seen to be later than that. */
  get boundMs(): number {
    return Math.max(READS_LATE_MS, this.#lateMs);
  }

  /** `takenAt`: when the cancels left that the exchange took, monotonic, by the orders' keys. */
  looked(look: Look, takenAt: ReadonlyMap<string, number>): void {
    const now = new Set(look.read.map(keyOf));
    for (const [key, order] of this.#shown) {
      if (now.has(key) || !isRead(look, order)) continue;
      this.#vanished(look.askedAt, takenAt.get(key));
      this.#shown.delete(key);
    }
    for (const order of look.read) {
      if (!this.#shown.has(keyOf(order))) this.#appeared(order);
      this.#shown.set(keyOf(order), order);
    }
    this.#before = look;
  }

  #vanished(askedAt: number, takenAt: number | undefined): void {
    if (takenAt === undefined || askedAt < takenAt) return;
    this.#lateMs = Math.max(this.#lateMs, askedAt - takenAt);
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
