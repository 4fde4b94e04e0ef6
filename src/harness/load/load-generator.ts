import type { Cancel, Clock } from '../../util/clock.ts';
import { Heap } from '../../util/heap.ts';
import { withResolvers } from '../../util/promise.ts';
import type { LoadKind, PlannedOrder } from './load-plan.ts';

/** One request in the life of an order, and the monotonic time at which it is due. */
export interface DueRequest {
  readonly kind: LoadKind;
  readonly order: PlannedOrder;
  readonly dueAt: number;
}

export interface GeneratorParts {
  readonly clock: Clock;
  readonly orders: Iterator<PlannedOrder>;
  /** Monotonic. */
  readonly startAt: number;
  /** No orders are placed after this time; earlier ones are still amended and canceled. */
  readonly endAt: number;
  /** Takes all requests that are due now, oldest first. */
  readonly submit: (due: readonly DueRequest[]) => void;
  /** Ends the load at once. */
  readonly stop: AbortSignal;
}

/**
 * An open loop: requests are submitted when they are due, no matter how earlier ones ended. After a late wake-up it submits all that
 * have become due meanwhile, and their latency counts from when they were due.
 */
export class LoadGenerator {
  readonly #parts: GeneratorParts;
  readonly #queue = new Heap<DueRequest>((a, b) => a.dueAt < b.dueAt);
  readonly #done = withResolvers<void>();
  #timer: Cancel | undefined;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
  }

  /** Resolves when the last request was submitted or the load was stopped. */
  run(): Promise<void> {
    const { stop } = this.#parts;
    const end = (): void => {
      this.#timer?.();
      this.#done.resolve();
    };
    stop.addEventListener('abort', end, { once: true });
    this.#takeNextOrder();
    this.#pump();
    return this.#done.promise.finally(() => stop.removeEventListener('abort', end));
  }

  #pump(): void {
    const { clock, submit, stop } = this.#parts;
    if (stop.aborted) return this.#done.resolve();
    const due: DueRequest[] = [];
    const now = clock.monotonic();
    for (let next = this.#queue.peek(); next !== undefined && next.dueAt <= now; next = this.#queue.peek()) {
      this.#queue.pop();
      due.push(next);
      if (next.kind === 'place') this.#takeNextOrder();
    }
    if (due.length > 0) submit(due);
    const next = this.#queue.peek();
    if (next === undefined) return this.#done.resolve();
    // Real timers have a resolution of 1 ms and may fire up to 1 ms early; then the remaining time is slept.
    this.#timer = clock.schedule(Math.max(0, next.dueAt - clock.monotonic()), () => this.#pump());
  }

  /** One order ahead is enough: the next one is due later. */
  #takeNextOrder(): void {
    const { orders, startAt, endAt } = this.#parts;
    const next = orders.next();
    if (next.done === true || startAt + next.value.placeAt >= endAt) return;
    const order = next.value;
    this.#queue.push({ kind: 'place', order, dueAt: startAt + order.placeAt });
    if (order.amendAt !== undefined) this.#queue.push({ kind: 'amend', order, dueAt: startAt + order.amendAt });
    this.#queue.push({ kind: 'cancel', order, dueAt: startAt + order.cancelAt });
  }
}
