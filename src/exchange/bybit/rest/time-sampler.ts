import type { Clock } from '../../../util/clock.ts';
import { ignoreExchangeError } from '../../errors.ts';
import type { ServerTime } from '../server-time.ts';

/** Minimum interval between queries that contradictory response times trigger. */
const BETWEEN_DOUBTS_MS = 5000;

export interface TimeSamplerParts {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly serverTime: ServerTime;
  /** Queries the exchange's time, ms. */
  readonly ask: () => Promise<{ readonly at: number }>;
}

/** Queries the exchange's time when the estimate of it is missing or wrong. */
export class TimeSampler {
  readonly #parts: TimeSamplerParts;
  #sampling: Promise<void> | undefined;
  #doubtedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: TimeSamplerParts) {
    this.#parts = parts;
  }

  /** Queries the exchange's time once and updates the estimate. */
  async sample(): Promise<number> {
    const { clock, serverTime, ask } = this.#parts;
    const sentAt = clock.monotonic();
    const { at } = await ask();
    serverTime.sample(sentAt, at);
    return at;
  }

  /**
   * Signatures need the exchange's time: it is queried before the first signed request, and after a request was refused for its time.
   * Without a response the old estimate is used. A cancel uses the old estimate at once, because a refused cancel is sent again.
   * Undefined when there is nothing to wait for.
   */
  known(isForCancel = false): Promise<void> | undefined {
    const { isKnown } = this.#parts.serverTime;
    if (!isKnown) this.#resample();
    return isForCancel && isKnown ? undefined : this.#sampling;
  }

  /** Called when the exchange refused a request for its timestamp. */
  refused(): void {
    this.#parts.serverTime.distrust();
    this.#resample();
  }

  /** Called with the time in a response. When the exchange's clock seems to have jumped, queries it; no request waits for the response. */
  heard(sentAt: number, time: number): void {
    const { clock, serverTime } = this.#parts;
    if (!serverTime.isContradictedBy(sentAt, time)) return;
    const now = clock.monotonic();
    if (now - this.#doubtedAt < BETWEEN_DOUBTS_MS) return;
    this.#doubtedAt = now;
    this.sample().catch(ignoreExchangeError);
  }

  #resample(): void {
    const done = (): void => {
      this.#sampling = undefined;
    };
    // Twice: the first sample includes opening the connection, which makes its round trip asymmetric.
    this.#sampling ??= this.sample()
      .then(() => this.sample())
      .then(done, done);
  }
}
