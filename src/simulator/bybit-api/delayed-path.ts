import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { drawDelay, type DelayModel } from './latency.ts';

/** Delivers messages with a random delay and in order. */
export class DelayedPath {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #model: DelayModel;
  #waiting: (() => void)[] = [];
  #lastAt = 0;

  constructor(clock: Clock, random: Random, model: DelayModel) {
    this.#clock = clock;
    this.#random = random;
    this.#model = model;
  }

  deliver(task: () => void): void {
    const now = this.#clock.monotonic();
    this.#lastAt = Math.max(this.#lastAt, now + drawDelay(this.#random, this.#model));
    const waiting = this.#waiting;
    waiting.push(task);
    // Each timer releases the oldest message, whichever timer fires first: real timers are too coarse to keep the order themselves.
    this.#clock.schedule(this.#lastAt - now, () => waiting.shift()?.());
  }

  /** Drops messages in flight. */
  cut(): void {
    this.#waiting.length = 0;
    this.#waiting = [];
  }
}
