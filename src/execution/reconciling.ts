import { ExchangeError } from '../exchange/errors.ts';
import { defined } from '../util/assert.ts';
import { sleep } from '../util/clock.ts';
import type { Recorder } from './events.ts';
import { Reconciler, type ReconcileParts } from './reconcile.ts';
import type { UnknownOrders } from './unknown-orders.ts';

/** Nothing may be quoted before the exchange's lists were read. */
export const UNRECONCILED = 'unreconciled';
/** Only a person can mend keys and permissions. */
export const KEYS_REFUSED = 'keys_refused';
const POSITION_READS = 3;
const BETWEEN_PASSES_MS = 100;

export interface ReconcilingParts extends ReconcileParts {
  readonly unknown: UnknownOrders;
  readonly record: Recorder;
  readonly blocks: Set<string>;
  /** After a pass, whatever its outcome. */
  readonly onPassed: () => void;
  readonly freeze: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** When to reconcile and what follows from it; one pass at a time. */
export class Reconciling {
  readonly #parts: ReconcilingParts;
  #reconciler: Reconciler | undefined;
  readonly #positionOffReads = new Map<string, number>();
  #running: Promise<void> | undefined;

  constructor(parts: ReconcilingParts) {
    this.#parts = parts;
  }

  /** The first pass. `startedAt`: exchange time; executions from before are in the positions that were adopted. Rejects with ExchangeError. */
  async begin(startedAt: number): Promise<void> {
    this.#reconciler = new Reconciler(this.#parts, startedAt);
    await this.#pass(this.#reconciler);
  }

  /** Unless a pass is under way, or nothing has begun. */
  soon(): void {
    if (this.#running !== undefined || this.#reconciler === undefined) return;
    const { blocks, freeze, onPassed, onFault } = this.#parts;
    this.#running = this.#pass(this.#reconciler)
      .catch((error: unknown) => {
        if (!(error instanceof ExchangeError)) onFault(error);
        else if (error.kind === 'auth') freeze(KEYS_REFUSED);
        else blocks.add(UNRECONCILED);
      })
      .finally(() => {
        this.#running = undefined;
        onPassed();
      });
  }

  /** Last executions and the final word on every order, after everything is canceled. */
  async catchUp(deadlineMs: number): Promise<void> {
    const { clock, store, unknown } = this.#parts;
    const reconciler = defined(this.#reconciler, 'reconciler');
    const deadline = clock.monotonic() + deadlineMs;
    await this.#running;
    do {
      for (const order of store.live()) unknown.resolve(order);
      await this.#pass(reconciler).catch(ignoreUnreadable);
      if (store.live().length > 0) await sleep(clock, BETWEEN_PASSES_MS);
    } while (store.live().length > 0 && clock.monotonic() < deadline);
  }

  async #pass(reconciler: Reconciler): Promise<void> {
    const { symbols, blocks, freeze, record } = this.#parts;
    const { divergences, positionsOff } = await reconciler.run();
    blocks.delete(UNRECONCILED);
    for (const symbol of symbols) {
      const reads = positionsOff.includes(symbol) ? (this.#positionOffReads.get(symbol) ?? 0) + 1 : 0;
      this.#positionOffReads.set(symbol, reads);
      if (reads >= POSITION_READS) freeze(`position of ${symbol} differs from the exchange's`);
    }
    record({ type: 'reconciled', divergences: [...divergences, ...positionsOff.map((symbol) => `position ${symbol}`)] });
  }
}

function ignoreUnreadable(error: unknown): void {
  if (!(error instanceof ExchangeError)) throw error;
}
