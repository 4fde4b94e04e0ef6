import { ExchangeError } from '../exchange/errors.ts';
import { defined } from '../util/assert.ts';
import { sleep } from '../util/clock.ts';
import type { Recorder } from './events.ts';
import { Reconciler, type ReconcileParts } from './reconcile.ts';
import type { UnknownOrders } from './unknown-orders.ts';

/** Nothing may be quoted before the exchange's lists were read. */
export const UNRECONCILED = 'unreconciled';
/** A position that is off for so long is no lag of the exchange's lists: executions may appear in them seconds late. */
const POSITION_PATIENCE_MS = 20_000;
const BETWEEN_PASSES_MS = 100;

export interface ReconcilingParts extends ReconcileParts {
  readonly unknown: UnknownOrders;
  readonly record: Recorder;
  readonly blocks: Set<string>;
  /** Symbols whose position is off: held until it is found again, frozen when it is not. */
  readonly doubtful: Set<string>;
  /** After a pass, whatever its outcome. */
  readonly onPassed: () => void;
  readonly freeze: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** When to reconcile and what follows from it; one pass at a time. */
export class Reconciling {
  readonly #parts: ReconcilingParts;
  #reconciler: Reconciler | undefined;
  /** Monotonic time at which a position was first found off. */
  readonly #offSince = new Map<string, number>();
  #running: Promise<void> | undefined;

  constructor(parts: ReconcilingParts) {
    this.#parts = parts;
  }

  /**
   * The first pass. `startedAt`: exchange time; executions from before are in the positions that were adopted. `fundingFrom`:
   * settlements of funding from before are known. Rejects with ExchangeError.
   */
  async begin(startedAt: number, fundingFrom = startedAt): Promise<void> {
    this.#reconciler = new Reconciler(this.#parts, startedAt, fundingFrom);
    await this.#pass(this.#reconciler);
  }

  /** Unless a pass is under way, or nothing has begun. */
  soon(): void {
    if (this.#running !== undefined || this.#reconciler === undefined) return;
    const { blocks, freeze, onPassed, onFault } = this.#parts;
    this.#running = this.#pass(this.#reconciler)
      .catch((error: unknown) => {
        if (!(error instanceof ExchangeError)) onFault(error);
        else if (error.stopReason !== undefined) freeze(error.stopReason);
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
      await this.#pass(reconciler, true).catch(ignoreUnreadable);
      if (store.live().length > 0) await sleep(clock, BETWEEN_PASSES_MS);
    } while (store.live().length > 0 && clock.monotonic() < deadline);
  }

  async #pass(reconciler: Reconciler, isLast = false): Promise<void> {
    const { symbols, blocks, record } = this.#parts;
    const { divergences, positionsOff } = await reconciler.run(isLast);
    blocks.delete(UNRECONCILED);
    for (const symbol of symbols) this.#judgePosition(symbol, positionsOff.includes(symbol));
    record({ type: 'reconciled', divergences: [...divergences, ...positionsOff.map((symbol) => `position ${symbol}`)] });
  }

  #judgePosition(symbol: string, isOff: boolean): void {
    const { clock, doubtful, freeze } = this.#parts;
    const now = clock.monotonic();
    if (!isOff) {
      doubtful.delete(symbol);
      this.#offSince.delete(symbol);
      return;
    }
    doubtful.add(symbol);
    const since = this.#offSince.get(symbol) ?? now;
    this.#offSince.set(symbol, since);
    if (now - since >= POSITION_PATIENCE_MS) freeze(`position of ${symbol} differs from the exchange's`);
  }
}

function ignoreUnreadable(error: unknown): void {
  if (!(error instanceof ExchangeError)) throw error;
}
