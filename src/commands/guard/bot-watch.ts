import { every, type Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { BEAT, DONE, handoverIn, type Handover } from './words.ts';

/** Silence longer than this means that the bot hangs. It speaks at the end of its turns, several times a second. */
const SILENCE_MS = 2000;
const LOOK_MS = 100;
/** Who comes to look so late has stood still itself: what the bot said meanwhile is still to be read. */
const STALL_MS = 1000;

/** How the watch ended: the bot has stopped in order, is gone, or says nothing any more. */
export type WatchEnding = 'done' | 'bot_died' | 'bot_hangs';

/** The guard's ear: what the bot says, and how long it has said nothing. */
export class BotWatch {
  readonly #clock: Clock;
  readonly #say: (word: string) => void;
  readonly #handover = withResolvers<Handover | undefined>();
  readonly #ending = withResolvers<WatchEnding>();
  #isReady = false;
  #heardAt: number;
  #lookedAt: number;

  constructor(clock: Clock, say: (word: string) => void) {
    this.#clock = clock;
    this.#say = say;
    this.#heardAt = clock.monotonic();
    this.#lookedAt = this.#heardAt;
  }

  /** Its first line; undefined when it was gone before, or said something else. */
  get handover(): Promise<Handover | undefined> {
    return this.#handover.promise;
  }

  heard(line: string): void {
    this.#handover.resolve(handoverIn(line));
    if (line === DONE) this.#ending.resolve('done');
    this.#heardAt = this.#clock.monotonic();
    if (this.#isReady && line === BEAT) this.#say(BEAT);
  }

  gone(): void {
    this.#handover.resolve(undefined);
    this.#ending.resolve('bot_died');
  }

  /** From now on the bot is answered, and its silence counts. */
  async begin(): Promise<WatchEnding> {
    this.#isReady = true;
    this.#heardAt = this.#clock.monotonic();
    this.#lookedAt = this.#heardAt;
    this.#say(BEAT);
    const stopLooking = every(this.#clock, LOOK_MS, () => this.#look());
    const ending = await this.#ending.promise;
    stopLooking();
    return ending;
  }

  #look(): void {
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt > STALL_MS) this.#heardAt = now;
    this.#lookedAt = now;
    if (now - this.#heardAt > SILENCE_MS) this.#ending.resolve('bot_hangs');
  }
}
