import { ExchangeError, ignoreExchangeError } from '../../exchange/errors.ts';
import { sleep } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import type { Recorder } from '../events.ts';
import { Reconciler, type ReconcileParts } from './reconcile.ts';
import type { UnknownOrders } from '../orders/unknown-orders.ts';

/** The block that holds until the exchange's lists were read. */
export const UNRECONCILED = 'unreconciled';
/** A position difference of this duration is not explained by lagging lists, in which executions may appear seconds late. */
const POSITION_PATIENCE_MS = 20_000;
const BETWEEN_PASSES_MS = 100;

export interface ReconcileSchedulerParts extends ReconcileParts {
  readonly unknown: Pick<UnknownOrders, 'resolve'>;
  readonly record: Recorder;
  readonly blocks: Set<string>;
  /** Symbols whose position differs: not quoted until it agrees again; after a while trading freezes. */
  readonly mismatchedSymbols: Set<string>;
  /** Called after every pass, successful or not. */
  readonly onPassed: () => void;
  readonly freeze: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** Decides when to reconcile and acts on the result; runs one pass at a time. */
export class ReconcileScheduler {
  readonly #parts: ReconcileSchedulerParts;
  #reconciler: Reconciler | undefined;
  /** By symbol: when its position was first found to differ, monotonic. */
  readonly #offSince = new Map<string, number>();
  #running: Promise<void> | undefined;
  /** Number of requests for a pass. A pass satisfies only requests made before it began. */
  #wanted = 0;
  /** Number of events that invalidated the lists read before. */
  #doubts = 0;

  constructor(parts: ReconcileSchedulerParts) {
    this.#parts = parts;
  }

  /**
   * Runs the first pass. `startedAt`: exchange time; earlier executions are included in the adopted positions. `fundingFrom`: earlier
   * funding settlements are known. Rejects with ExchangeError.
   */
  async begin(startedAt: number, fundingFrom = startedAt): Promise<void> {
    const reconciler = new Reconciler(this.#parts, startedAt, fundingFrom);
    const wanted = this.#wanted;
    await this.#pass(reconciler);
    this.#reconciler = reconciler;
    if (this.#wanted !== wanted) this.soon();
  }

  /** Events may have been lost: no order is placed until lists requested from now on were read. */
  doubt(): void {
    this.#doubts += 1;
    this.#parts.blocks.add(UNRECONCILED);
  }

  /** Starts a pass now, or after the one in progress, which may have read its lists already. */
  soon(): void {
    this.#wanted += 1;
    if (this.#running !== undefined || this.#reconciler === undefined) return;
    this.#running = this.#passes(this.#reconciler).finally(() => (this.#running = undefined));
  }

  /** Reads the last executions and the final state of every order, after everything is canceled. Does nothing before `begin` is done. */
  async catchUp(deadlineMs: number): Promise<void> {
    await within(this.#parts.clock, deadlineMs, this.#catchUp(deadlineMs), () => undefined);
  }

  async #catchUp(deadlineMs: number): Promise<void> {
    const { clock, store, symbols, unknown } = this.#parts;
    const reconciler = this.#reconciler;
    if (reconciler === undefined) return;
    const isOpen = (): boolean => store.live().length > 0 || symbols.some((symbol) => store.differs(symbol));
    const deadline = clock.monotonic() + deadlineMs;
    await this.#running;
    do {
      for (const order of store.live()) unknown.resolve(order);
      await this.#pass(reconciler, true).catch(ignoreExchangeError);
      if (isOpen()) await sleep(clock, BETWEEN_PASSES_MS);
    } while (isOpen() && clock.monotonic() < deadline);
  }

  async #passes(reconciler: Reconciler): Promise<void> {
    const { blocks, freeze, record, onPassed, onFault } = this.#parts;
    let answered: number;
    do {
      answered = this.#wanted;
      try {
        await this.#pass(reconciler);
      } catch (error) {
        if (error instanceof ExchangeError) {
          record({ type: 'reconcileFailed', reason: error.kind, error });
          if (error.stopReason !== undefined) freeze(error.stopReason);
          else blocks.add(UNRECONCILED);
        } else onFault(error);
      }
      onPassed();
    } while (this.#wanted !== answered);
  }

  async #pass(reconciler: Reconciler, isLast = false): Promise<void> {
    const { symbols, blocks, record } = this.#parts;
    const doubts = this.#doubts;
    const { divergences, positionsOff, failure } = await reconciler.run(isLast);
    if (this.#doubts === doubts && failure === undefined) blocks.delete(UNRECONCILED);
    for (const symbol of symbols) this.#judgePosition(symbol, positionsOff.includes(symbol));
    record({ type: 'reconciled', divergences: [...divergences, ...positionsOff.map((symbol) => `position ${symbol}`)] });
    if (failure !== undefined) throw failure;
  }

  #judgePosition(symbol: string, isOff: boolean): void {
    const { clock, mismatchedSymbols, freeze } = this.#parts;
    const now = clock.monotonic();
    if (!isOff) {
      mismatchedSymbols.delete(symbol);
      this.#offSince.delete(symbol);
      return;
    }
    mismatchedSymbols.add(symbol);
    const since = this.#offSince.get(symbol) ?? now;
    this.#offSince.set(symbol, since);
    if (now - since >= POSITION_PATIENCE_MS) freeze(`position of ${symbol} differs from the exchange's`);
  }
}
