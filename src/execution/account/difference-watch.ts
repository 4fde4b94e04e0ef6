import type { Clock } from '../../util/clock.ts';
import type { OrderStore } from '../orders/order-store.ts';

/** All stream events of an execution arrive within moments. An older difference is queried repeatedly, ... */
const ASK_AFTER_MS = 300;
const ASK_EVERY_MS = 1000;
/** ... and pulls the quotes when no query resolves it. */
const HOLD_AFTER_MS = 2000;

export interface DifferenceWatchParts {
  readonly store: Pick<OrderStore, 'differs'>;
  readonly symbols: readonly string[];
  readonly clock: Clock;
  /** Starts a read of the exchange's lists. */
  readonly ask: () => void;
}

/** Watches whether the sources of the position agree. A difference restricts the quotes at once; queries then show which is right. */
export class DifferenceWatch {
  readonly #parts: DifferenceWatchParts;
  /** By symbol: since when the sources differ, monotonic. */
  readonly #since = new Map<string, number>();
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: DifferenceWatchParts) {
    this.#parts = parts;
  }

  /** To be called periodically. */
  look(): void {
    const { store, symbols, clock, ask } = this.#parts;
    const now = clock.monotonic();
    for (const symbol of symbols) {
      if (!store.differs(symbol)) this.#since.delete(symbol);
      else if (!this.#since.has(symbol)) this.#since.set(symbol, now);
    }
    if (!this.#anyFor(ASK_AFTER_MS) || now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    ask();
  }

  /** True when the difference has lasted too long to continue quoting. */
  lasts(symbol: string): boolean {
    const since = this.#since.get(symbol);
    return since !== undefined && this.#parts.clock.monotonic() - since >= HOLD_AFTER_MS;
  }

  #anyFor(ageMs: number): boolean {
    const now = this.#parts.clock.monotonic();
    return [...this.#since.values()].some((since) => now - since >= ageMs);
  }
}
