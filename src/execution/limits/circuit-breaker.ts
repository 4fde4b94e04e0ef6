import type { ExchangeError } from '../../exchange/errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { RollingCount } from '../../util/rolling.ts';

const BURST_WINDOW_MS = 10_000;
/** Rate-limit refusals within the window that open the breaker; a single one only pauses its lane. */
const THROTTLES_TO_OPEN = 3;
const FAILURES_TO_OPEN = 5;
/** Failures open the breaker only when they are at least this share of all outcomes. */
const FAILURE_SHARE = 0.5;
const FIRST_COOL_DOWN_MS = 4000;
const LONGEST_COOL_DOWN_MS = 60_000;
const OVERLOAD_MS = 60_000;
/** After being closed this long, the breaker starts again with the first cool-down. */
const CALM_MS = 60_000;

export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * Stops creates and amends on one transport while the exchange is overloaded, bans us or does not respond. It never blocks a
 * cancel; for cancels it only determines the preferred transport. Its state is computed from the clock on reading, so it needs no timer.
 * Packages wrap calls and block all of them alike (docs/decisions/0002).
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #banMs: number;
  readonly #throttles = new RollingCount(BURST_WINDOW_MS);
  readonly #failures = new RollingCount(BURST_WINDOW_MS);
  readonly #answers = new RollingCount(BURST_WINDOW_MS);
  /** Monotonic; the breaker is open until then, and half open from then until a probe succeeds. */
  #openUntil: number | undefined;
  #closedAt = Number.NEGATIVE_INFINITY;
  #trips = 0;
  #openings = 0;
  #probing = false;
  /** The breaker was opened, or its open time extended, since the probe was sent: its success no longer counts. */
  #isProbeOld = false;

  /** `banMs`: duration of a ban on this transport. */
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

  /** True when a probe is due: the caller sends one harmless query and reports its outcome with `probed`. */
  takeProbe(): boolean {
    if (this.state !== 'half_open' || this.#probing) return false;
    this.#probing = true;
    this.#isProbeOld = false;
    return true;
  }

  /** The outcome of the probe. Only a successful probe closes the breaker; it then starts with empty windows. */
  probed(error: ExchangeError | undefined): void {
    this.#probing = false;
    if (error !== undefined && isTrouble(error)) return this.#open(error.kind === 'banned' ? this.#banMs : this.#coolDownMs());
    if (this.#isProbeOld) return;
    this.#openUntil = undefined;
    this.#closedAt = this.#clock.monotonic();
    this.#forget();
  }

  /**
   * The outcome of a request, a missing response included. Errors about parameters, the clock or API keys do not count: they show
   * that the exchange responds.
   */
  heard(error: ExchangeError | undefined): void {
    const now = this.#clock.monotonic();
    this.#answers.add(now);
    if (error === undefined || !isTrouble(error)) return;
    if (error.kind === 'banned') return this.#open(this.#banMs);
    if (error.kind === 'throttled' && !error.isRateLimit) return this.#open(OVERLOAD_MS);
    if (error.kind === 'throttled') {
      // The response states when the limit resets, so a single one only pauses its lane.
      this.#throttles.add(now);
      if (this.#throttles.count(now) >= THROTTLES_TO_OPEN) this.#open(this.#coolDownMs());
      return;
    }
    this.#failures.add(now);
    const failures = this.#failures.count(now);
    if (failures >= FAILURES_TO_OPEN && failures >= FAILURE_SHARE * this.#answers.count(now)) this.#open(this.#coolDownMs());
  }

  /** 4, 8, 16 … 60 s, of which the second half is random, so that many clients do not return at the same time. */
  #coolDownMs(): number {
    const trips = this.state === 'closed' && this.#clock.monotonic() - this.#closedAt >= CALM_MS ? 0 : this.#trips;
    this.#trips = trips + 1;
    return Math.min(LONGEST_COOL_DOWN_MS, FIRST_COOL_DOWN_MS * 2 ** trips) * (0.5 + 0.5 * this.#random.uniform());
  }

  /** Clears the windows; otherwise the first failure after closing would open the breaker again at once. */
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

/** True for errors which show that this transport is overloaded, banned or not working. */
function isTrouble({ kind }: ExchangeError): boolean {
  return kind === 'banned' || kind === 'throttled' || kind === 'unavailable';
}
