import type { Clock } from '../../../util/clock.ts';
import { ignoreExchangeError } from '../../errors.ts';
import type { ServerTime } from '../server-time.ts';

/** Minimum interval between queries that contradictory response times trigger. */
const BETWEEN_DOUBTS_MS = 5000;
/** The time in a response that took longer may be far from the middle of its trip. */
const MOST_TRIP_MS = 1000;

export interface TimeSamplerParts {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly serverTime: ServerTime;
  /** Queries the exchange's time, ms. */
  readonly ask: () => Promise<{ readonly at: number }>;
}

/** A request that was refused for its timestamp. */
export interface ClockRefusal {
  /** When it was sent, monotonic. */
  readonly sentAt: number;
  /** The exchange's time in the response, ms. */
  readonly time: number | undefined;
}

/**
 * Queries the exchange's time when the estimate of it is missing or wrong. A proxy may return old responses about the time: when a request
 * is refused although the time was queried after the refusal before it, the time in the refusals is used instead, until the query agrees.
 */
export class TimeSampler {
  readonly #parts: TimeSamplerParts;
  #sampling: Promise<void> | undefined;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  #source: 'query' | 'refusals' = 'query';
  /** When the estimate was last renewed after a refusal, monotonic; undefined once a signed request was accepted after that. */
  #renewedAt: number | undefined;

  constructor(parts: TimeSamplerParts) {
    this.#parts = parts;
  }

  /** Queries the exchange's time once and updates the estimate. */
  async sample(): Promise<number> {
    const { clock, serverTime, ask } = this.#parts;
    const sentAt = clock.monotonic();
    const { at } = await ask();
    const isContradicted = serverTime.isContradictedBy(sentAt, at);
    if (this.#source === 'refusals' && isContradicted) return at;
    this.#source = 'query';
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

  /** Called when the exchange refused a request for its timestamp; `refusal` is undefined for a login, whose refusal has no time. */
  refused(refusal?: ClockRefusal): void {
    const { clock, serverTime } = this.#parts;
    const now = clock.monotonic();
    const { sentAt = now, time } = refusal ?? {};
    const isUsable = time !== undefined && now - sentAt <= MOST_TRIP_MS;
    // It was signed with an estimate that has been replaced since, or is about to be.
    if (this.#sampling !== undefined || (this.#renewedAt !== undefined && sentAt < this.#renewedAt)) return;
    if (!isUsable && this.#source === 'refusals') return;
    if (isUsable && this.#renewedAt !== undefined) this.#source = this.#source === 'query' ? 'refusals' : 'query';
    this.#renewedAt = now;
    serverTime.distrust();
    if (isUsable && this.#source === 'refusals') serverTime.sample(sentAt, time);
    else this.#resample();
  }

  /** Called when the exchange accepted a request that was sent then, monotonic, by its timestamp. */
  accepted(sentAt: number): void {
    if (this.#renewedAt !== undefined && sentAt >= this.#renewedAt) this.#renewedAt = undefined;
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
      if (this.#renewedAt !== undefined) this.#renewedAt = this.#parts.clock.monotonic();
    };
    // Twice: the first sample includes opening the connection, which makes its round trip asymmetric.
    this.#sampling ??= this.sample()
      .then(() => this.sample())
      .then(done, done);
  }
}
