import { ExchangeError } from '../exchange/errors.ts';
import type { Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import { RollingCount } from '../util/rolling.ts';

const BURST_WINDOW_MS = 10_000;
/** Refusals for the rate limit within the window: one only pauses its lane. */
const THROTTLES_TO_OPEN = 3;
const FAILURES_TO_OPEN = 5;
/** Failures open it only when they are at least this share of the answers. */
const FAILURE_SHARE = 0.5;
const FIRST_COOL_DOWN_MS = 4000;
const LONGEST_COOL_DOWN_MS = 60_000;
const BAN_MS = 600_000;

export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * Stops creates and amends while the exchange is overloaded, bans us or does not answer. It never stands in the way of a
 * cancel: cancels do not ask it. Its state follows from the clock alone, so it is true also when nobody calls.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #throttles = new RollingCount(BURST_WINDOW_MS);
  readonly #failures = new RollingCount(BURST_WINDOW_MS);
  readonly #answers = new RollingCount(BURST_WINDOW_MS);
  /** Monotonic; until then it is open, and half open from then until a probe succeeds. */
  #openUntil: number | undefined;
  #trips = 0;
  #openings = 0;
  #probing = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get state(): BreakerState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#clock.monotonic() < this.#openUntil ? 'open' : 'half_open';
  }

  /** How often it has opened. */
  get openings(): number {
    return this.#openings;
  }

  /** True once per half-open phase: the caller sends one harmless query and reports it by `succeeded` or `failed`. */
  takeProbe(): boolean {
    if (this.state !== 'half_open' || this.#probing) return false;
    this.#probing = true;
    return true;
  }

  /** Any answer to a request. */
  heard(answer: unknown): void {
    if (answer instanceof ExchangeError) this.failed(answer);
    else this.succeeded();
  }

  /** A request was answered as it should be; as a probe it closes the breaker, with its windows empty. */
  succeeded(): void {
    this.#answers.add(this.#clock.monotonic());
    if (!this.#probing) return;
    this.#probing = false;
    this.#openUntil = undefined;
    this.#trips = 0;
    this.#forget();
  }

  /** Parameter refusals, clock and keys are not its business: only what says that the exchange cannot take more. */
  failed(error: ExchangeError): void {
    const now = this.#clock.monotonic();
    this.#answers.add(now);
    if (this.#probing) {
      this.#probing = false;
      return this.#open(this.#coolDownMs());
    }
    if (error.kind === 'banned') return this.#open(BAN_MS);
    if (error.kind === 'throttled') {
      this.#throttles.add(now);
      // 10006 names its reset and only pauses its lane; an overload names nothing and asks for patience.
      if (error.retCode !== 10_006 || this.#throttles.count(now) >= THROTTLES_TO_OPEN) this.#open(this.#coolDownMs());
      return;
    }
    if (error.kind !== 'unavailable') return;
    this.#failures.add(now);
    const failures = this.#failures.count(now);
    if (failures >= FAILURES_TO_OPEN && failures >= FAILURE_SHARE * this.#answers.count(now)) this.#open(this.#coolDownMs());
  }

  /** 4, 8, 16 … 60 s, the upper half of it drawn: many clients must not come back together. */
  #coolDownMs(): number {
    const longest = Math.min(LONGEST_COOL_DOWN_MS, FIRST_COOL_DOWN_MS * 2 ** this.#trips);
    return longest * (0.5 + 0.5 * this.#random.uniform());
  }

  /** What tripped it is forgotten, or the first failure after closing would trip it again at once. */
  #open(forMs: number): void {
    if (this.state === 'closed') this.#openings += 1;
    this.#trips += 1;
    this.#openUntil = Math.max(this.#openUntil ?? 0, this.#clock.monotonic() + forMs);
    this.#forget();
  }

  #forget(): void {
    const now = this.#clock.monotonic();
    for (const window of [this.#throttles, this.#failures, this.#answers]) window.forgetNewest(now, 0);
  }
}
