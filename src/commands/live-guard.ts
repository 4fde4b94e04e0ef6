import type { ApiCredentials } from '../config/credentials.ts';
import type { Address } from '../config/venues.ts';
import type { BotEvent } from '../execution/events.ts';
import type { Companion, Host } from '../host.ts';
import { every, type Cancel, type Clock } from '../util/clock.ts';
import { BEAT, DONE } from './guard.ts';

const BEAT_MS = 250;
const RESTART_MS = 1000;

export interface GuardListener {
  /** Nobody watches: nothing must be quoted until `onBack`. */
  onLost(): void;
  onBack(): void;
  /** It took this process for dead and has canceled everything: this run is over. */
  onActed(): void;
}

/** The other process, which cancels when this one dies or hangs. It is started again when it dies itself. */
export class LiveGuard implements Disposable {
  readonly #clock: Clock;
  readonly #start: () => Companion;
  readonly #listener: GuardListener;
  #companion: Companion;
  #beatAt = Number.NEGATIVE_INFINITY;
  #stopBeating: Cancel | undefined;
  #isOver = false;

  constructor(host: Host, clock: Clock, { restUrl, wsUrl }: Address, { apiKey, secret }: ApiCredentials, listener: GuardListener) {
    const env = { ...host.env, BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: secret, BYBIT_KEY_FILE: '' };
    this.#clock = clock;
    this.#listener = listener;
    this.#start = () => host.startBeside(['guard', '--rest-url', restUrl, '--ws-url', wsUrl], env);
    this.#companion = this.#launch();
    this.working();
  }

  /** From now on the loop turns, and only the end of a turn is a sign of life: a loop that hangs falls silent. */
  turning(): void {
    this.#stopBeating?.();
    this.#stopBeating = undefined;
  }

  /** While it starts or stops there are no turns: time alone is the sign. */
  working(): void {
    this.#stopBeating ??= every(this.#clock, BEAT_MS, () => this.#beat());
  }

  heard(event: BotEvent): void {
    if (event.type === 'turn' && this.#clock.monotonic() - this.#beatAt >= BEAT_MS) this.#beat();
  }

  /** Everything is canceled and verified: it may go. */
  release(): void {
    this.#isOver = true;
    this.#companion.send(DONE);
  }

  /** The watch ends with this run. Unless it was released, it takes over now: this process must not be kept alive by its own heartbeat. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#stopBeating?.();
    this.#companion.end();
  }

  #launch(): Companion {
    const companion = this.#start();
    companion.onExit((exitCode) => this.#ended(exitCode));
    companion.send(BEAT);
    return companion;
  }

  #ended(exitCode: number | null): void {
    if (this.#isOver) return;
    // It ends by itself only after it has acted.
    if (exitCode !== null) return this.#listener.onActed();
    this.#listener.onLost();
    this.#clock.schedule(RESTART_MS, () => {
      if (this.#isOver) return;
      this.#companion = this.#launch();
      this.#listener.onBack();
    });
  }

  #beat(): void {
    this.#beatAt = this.#clock.monotonic();
    this.#companion.send(BEAT);
  }
}
