import { every, type Cancel, type Clock } from '../../../util/clock.ts';

export type FeedListener = (text: string) => void;

/** One public topic. */
export interface Feed {
  /** Calls `listener` with a snapshot now, where the topic has one, and with what follows, until cancelled. */
  subscribe(listener: FeedListener): Cancel;
}

/** What a periodic topic says. */
export interface FeedSource {
  /** The first listener came: start from the present. */
  begin(): void;
  /** What a new listener is told; it agrees with what was pushed last. */
  snapshot(): string;
  /** What has changed since the last push; undefined when there is nothing to say. */
  next(): string | undefined;
}

/** Pushes at its own cadence while somebody listens. */
export class PeriodicFeed implements Feed {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #source: FeedSource;
  readonly #listeners = new Set<FeedListener>();
  #stop: Cancel | undefined;

  constructor(clock: Clock, periodMs: number, source: FeedSource) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#source = source;
  }

  subscribe(listener: FeedListener): Cancel {
    if (this.#listeners.size === 0) {
      this.#source.begin();
      this.#stop = every(this.#clock, this.#periodMs, () => this.#push());
    }
    this.#listeners.add(listener);
    listener(this.#source.snapshot());
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #push(): void {
    const text = this.#source.next();
    if (text !== undefined) for (const listener of this.#listeners) listener(text);
  }
}
