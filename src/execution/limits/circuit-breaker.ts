import type { ExchangeError } from '../../exchange/errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { RollingCount } from '../../util/rolling.ts';

const BURST_WINDOW_MS = 10_000;
/** Refusals for the rate limit within the window: one only pauses its lane. */
const THROTTLES_TO_OPEN = 3;
const FAILURES_TO_OPEN = 5;
/** Failures open it only when they are at least this share of the answers. */
const FAILURE_SHARE = 0.5;
const FIRST_COOL_DOWN_MS = 4000;
const LONGEST_COOL_DOWN_MS = 60_000;
const OVERLOAD_MS = 60_000;
/** Closed for so long, it starts again from the first cool-down. */
const CALM_MS = 60_000;
const RATE_LIMIT_CODE = 10_006;

export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * Stops creates and amends by one way while the exchange is overloaded, bans us or does not answer. It never stands in the way
 * of a cancel: for a cancel it is advice. Its state follows from the clock alone, so it is true also when nobody calls.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #banMs: number;
  readonly #throttles = new RollingCount(BURST_WINDOW_MS);
  readonly #failures = new RollingCount(BURST_WINDOW_MS);
  readonly #answers = new RollingCount(BURST_WINDOW_MS);
  /** Monotonic; until then it is open, and half open from then until a probe succeeds. */
  #openUntil: number | undefined;
  #closedAt = Number.NEGATIVE_INFINITY;
  #trips = 0;
  #openings = 0;
  #probing = false;
  /** Something has opened it, or kept it open, since the probe was sent. */
  #isProbeOld = false;

  /** `banMs`: how long a ban of this way lasts. */
  constructor(clock: Clock, random: Random, banMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#banMs = banMs;
  }

  get state(): BreakerState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#clock.monotonic() < this.#openUntil ? 'open' : 'half_open';
  }

  /** How often it has opened. */
  get openings(): number {
    return this.#openings;
  }

  /** True once per half-open phase: the caller sends one harmless query and reports it by `probed`. */
  takeProbe(): boolean {
    if (this.state !== 'half_open' || this.#probing) return false;
    this.#probing = true;
    this.#isProbeOld = false;
    return true;
  }

  /** The outcome of the probe; only that closes it, with its windows empty. */
  probed(error: ExchangeError | undefined): void {
    this.#probing = false;
    if (error !== undefined && isTrouble(error)) return this.#open(error.kind === 'banned' ? this.#banMs : this.#coolDownMs());
    if (this.#isProbeOld) return;
    this.#openUntil = undefined;
    this.#closedAt = this.#clock.monotonic();
    this.#forget();
  }

  /** Any answer to a request, or that none came. Refused parameters, clock and keys are not its business: then the exchange answers. */
  heard(error: ExchangeError | undefined): void {
    const now = this.#clock.monotonic();
    this.#answers.add(now);
    if (error === undefined || !isTrouble(error)) return;
    if (error.kind === 'banned') return this.#open(this.#banMs);
    if (error.kind === 'throttled' && error.retCode !== RATE_LIMIT_CODE) return this.#open(OVERLOAD_MS);
    if (error.kind === 'throttled') {
      // It names its reset and only pauses its lane.
      this.#throttles.add(now);
      if (this.#throttles.count(now) >= THROTTLES_TO_OPEN) this.#open(this.#coolDownMs());
      return;
    }
    this.#failures.add(now);
    const failures = this.#failures.count(now);
    if (failures >= FAILURES_TO_OPEN && failures >= FAILURE_SHARE * this.#answers.count(now)) this.#open(this.#coolDownMs());
  }

  /** 4, 8, 16 … 60 s, the upper half of it drawn: many clients must not come back together. */
  #coolDownMs(): number {
    const trips = this.state === 'closed' && this.#clock.monotonic() - this.#closedAt >= CALM_MS ? 0 : this.#trips;
    this.#trips = trips + 1;
    return Math.min(LONGEST_COOL_DOWN_MS, FIRST_COOL_DOWN_MS * 2 ** trips) * (0.5 + 0.5 * this.#random.uniform());
  }

  /** What tripped it is forgotten, or the first failure after closing would trip it again at once. */
  #open(forMs: number): void {
    if (this.state === 'closed') this.#openings += 1;
    this.#isProbeOld = true;
    this.#openUntil = Math.max(this.#openUntil ?? 0, this.#clock.monotonic() + forMs);
    this.#forget();
  }

  #forget(): void {
    const now = this.#clock.monotonic();
    for (const window of [this.#throttles, this.#failures, this.#answers]) window.forgetNewest(now, 0);
  }
}

/** Says that this way cannot take more, or does not work. */
function isTrouble({ kind }: ExchangeError): boolean {
  return kind === 'banned' || kind === 'throttled' || kind === 'unavailable';
}
