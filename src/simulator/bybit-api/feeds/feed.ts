import { every, type Cancel, type Clock } from '../../../util/clock.ts';
import type { Message } from '../../../util/message.ts';

export type FeedListener = (message: Message) => void;

/** One public topic. */
export interface Feed {
  /** Calls `listener` with a snapshot now, if the topic has one, and with all later messages until canceled. */
  subscribe(listener: FeedListener): Cancel;
}

/** The messages of a periodic topic. */
export interface FeedSource {
  /** Called for the first listener: start from the current state. */
  begin(): void;
  /** The snapshot for a new listener; it agrees with the last push. */
  snapshot(): Message;
  /** The changes since the last push; undefined if there are none. */
  next(): Message | undefined;
}

/** Pushes at a fixed period while it has listeners. */
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
    const message = this.#source.next();
    if (message !== undefined) for (const listener of this.#listeners) listener(message);
  }
}
