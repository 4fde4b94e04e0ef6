import type { Cancel, Clock } from '../util/clock.ts';
import { Histogram } from '../util/histogram.ts';

const PROBE_MS = 20;

/** How late timers come: what everything that waits for this process's event loop waits longer. */
export class LoopLag {
  readonly histogram = new Histogram();
  readonly #clock: Clock;
  readonly #stop: Cancel;
  #worst: number | undefined;
  #cancel: Cancel = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#stop = () => this.#cancel();
    this.#probe();
  }

  stop(): void {
    this.#stop();
  }

  /** The worst since the last call, ms. */
  takeWorst(): number | undefined {
    const worst = this.#worst;
    this.#worst = undefined;
    return worst;
  }

  #probe(): void {
    const dueAt = this.#clock.monotonic() + PROBE_MS;
    this.#cancel = this.#clock.schedule(PROBE_MS, () => {
      const lag = Math.max(0, this.#clock.monotonic() - dueAt);
      this.histogram.record(lag);
      this.#worst = Math.max(this.#worst ?? 0, lag);
      this.#probe();
    });
  }
}
