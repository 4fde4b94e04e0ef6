import { every, type Clock } from '../../util/clock.ts';
import { withResolvers } from '../../util/promise.ts';
import { BEAT, DONE, handoverIn, type Handover } from './words.ts';

/** The bot counts as hanging after this silence. It sends a beat at the end of its turns, several times a second. */
const SILENCE_MS = 2000;
const LOOK_MS = 100;
/** If a check runs this late, this process was itself suspended, and beats of the bot may still be unread. */
const STALL_MS = 1000;

/** How the watch ended: the bot has stopped cleanly, has died, or hangs. */
export type WatchEnding = 'done' | 'bot_died' | 'bot_hangs';

/** Watches the bot for the guard: reads its lines, and detects silence. */
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

  /** Content of its first line; undefined when the bot ended before, or sent something else. */
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

  /** Starts to answer the beats and to watch for silence. */
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
