import type { Clock } from '../../util/clock.ts';

/** A sample is worth less the older it is: clocks drift. */
const SAMPLE_LIFE_MS = 180_000;

interface Sample {
  readonly offset: number;
  readonly roundTripMs: number;
  readonly takenAt: number;
}

/**
 * Estimates the exchange's clock from its answers, against our monotonic clock, so that a jump of our wall clock moves
 * nothing. Of the recent samples the one with the shortest round trip counts: its error is at most half of that.
 */
export class ServerTime {
  readonly #clock: Clock;
  #samples: readonly Sample[] = [];
  #best: Sample | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isKnown(): boolean {
    return this.#best !== undefined;
  }

  /** Exchange time, whole ms; our own wall time until the first sample. */
  now(): number {
    if (this.#best === undefined) return this.#clock.now();
    return Math.floor(this.#clock.monotonic() + this.#best.offset);
  }

  /** `sentAt`: monotonic time at which the question left; the answer `serverTime` has just come. */
  sample(sentAt: number, serverTime: number): void {
    const now = this.#clock.monotonic();
    const sample = { offset: serverTime - (sentAt + now) / 2, roundTripMs: now - sentAt, takenAt: now };
    this.#samples = [...this.#samples.filter(({ takenAt }) => now - takenAt < SAMPLE_LIFE_MS), sample];
    this.#best = this.#samples.reduce((best, other) => (other.roundTripMs <= best.roundTripMs ? other : best));
  }

  /** The exchange disagrees with the estimate: the old samples are worthless. The estimate stays until the next one. */
  distrust(): void {
    this.#samples = [];
  }
}
