import type { Cancel, Clock } from '../../util/clock.ts';
import { Histogram } from '../../util/histogram.ts';
import { watchLoopLag } from '../../util/loop-lag.ts';

const PROBE_MS = 20;

/** Delay of timers over a run: the distribution, and the worst since the last reading. */
export class LoopLag {
  readonly histogram = new Histogram();
  readonly stop: Cancel;
  #worst: number | undefined;

  constructor(clock: Clock) {
    this.stop = watchLoopLag(clock, PROBE_MS, (lagMs) => {
      this.histogram.record(lagMs);
      this.#worst = Math.max(this.#worst ?? 0, lagMs);
    });
  }

  /** The worst delay since the last call, ms. */
  takeWorst(): number | undefined {
    const worst = this.#worst;
    this.#worst = undefined;
    return worst;
  }
}
