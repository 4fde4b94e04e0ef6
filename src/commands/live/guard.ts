import type { BotEvent } from '../../execution/events.ts';
import type { Companion } from '../../host.ts';
import { every, type Cancel, type Clock } from '../../util/clock.ts';
import { ACTS, BEAT, DONE } from '../guard/words.ts';

const BEAT_MS = 250;
const RESTART_MS = 1000;
/** The guard counts as hanging after this silence: it answers each beat, several times a second. While it starts, loading the program takes longer. */
const SILENCE_MS = 3000;
const START_MS = 15_000;
/** If a check runs this late, this process was itself suspended, and answers of the guard may still be unread. */
const STALL_MS = 1000;

export interface GuardListener {
  /** No guard is watching: nothing must be quoted until `onBack`. `how`: how the guard ended. */
  onLost(how: string): void;
  /** A guard has answered; `pid`: its process id. */
  onBack(pid: number | undefined): void;
  /** The guard believes that this process is dead and cancels all orders: this run must not trade any more. */
  onActs(): void;
}

/** `lost`: no guard is watching and another will be started. `ended`: the guard has canceled and ended. `over`: the run has ended. */
export type GuardState = 'starting' | 'watching' | 'lost' | 'acting' | 'ended' | 'over';

export interface LiveGuardParts {
  readonly clock: Clock;
  readonly start: (onLine: (line: string) => void) => Companion;
  /** First line that is sent to the guard. */
  readonly handover: string;
  readonly listener: GuardListener;
}

/**
 * Starts and watches the guard, another process that cancels when this one dies or hangs. A guard that dies or no longer answers is
 * replaced, and nothing is quoted until the new one has answered.
 */
export class LiveGuard implements Disposable {
  readonly #parts: LiveGuardParts;
  readonly #stopLooking: Cancel;
  #companion: Companion;
  #beatAt = Number.NEGATIVE_INFINITY;
  #heardAt = 0;
  #lookedAt: number;
  #state: GuardState = 'starting';
  #stopBeating: Cancel | undefined;

  constructor(parts: LiveGuardParts) {
    this.#parts = parts;
    this.#lookedAt = parts.clock.monotonic();
    this.#companion = this.#launch();
    this.#stopLooking = every(parts.clock, BEAT_MS, () => this.#look());
    this.beatOnTimer();
  }

  get state(): GuardState {
    return this.#state;
  }

  /** From now on the loop turns, and only the end of a turn is a sign of life: a loop that hangs falls silent. */
  beatOnTurns(): void {
    this.#stopBeating?.();
    this.#stopBeating = undefined;
  }

  /** While it starts or stops there are no turns: time alone is the sign. */
  beatOnTimer(): void {
    this.#stopBeating ??= every(this.#parts.clock, BEAT_MS, () => this.#beat());
  }

  heard(event: BotEvent): void {
    if (event.type === 'turn' && this.#parts.clock.monotonic() - this.#beatAt >= BEAT_MS) this.#beat();
  }

  /** All orders are canceled and that is verified: the guard may end. */
  release(): void {
    this.#state = 'over';
    this.#companion.send(DONE);
  }

  /** Ends the beats with this run. Unless it was released, the guard takes over now. */
  [Symbol.dispose](): void {
    if (this.#state === 'lost') this.#companion = this.#launch();
    this.#state = 'over';
    this.#stopLooking();
    this.#stopBeating?.();
    this.#companion.end();
  }

  #launch(): Companion {
    const { clock, start, handover } = this.#parts;
    const companion = start((line) => {
      if (companion === this.#companion) this.#answered(line);
    });
    companion.onExit((how) => this.#ended(how));
    companion.send(handover);
    companion.send(BEAT);
    this.#state = 'starting';
    this.#heardAt = clock.monotonic();
    return companion;
  }

  #answered(line: string): void {
    const { clock, listener } = this.#parts;
    this.#heardAt = clock.monotonic();
    if (line === ACTS && this.#state !== 'over') {
      this.#state = 'acting';
      listener.onActs();
    } else if (this.#state === 'starting') {
      this.#state = 'watching';
      listener.onBack(this.#companion.pid);
    }
  }

  #look(): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#lookedAt > STALL_MS) this.#heardAt = now;
    this.#lookedAt = now;
    const isWaiting = this.#state === 'starting' || this.#state === 'watching';
    if (!isWaiting || now - this.#heardAt <= (this.#state === 'starting' ? START_MS : SILENCE_MS)) return;
    this.#lose('it does not answer');
    // `#ended` starts the next one. A hanging guard that resumed later would believe that this process is dead.
    this.#companion.kill();
  }

  #ended(how: string): void {
    if (this.#state === 'acting') this.#state = 'ended';
    if (this.#state === 'over' || this.#state === 'ended') return;
    if (this.#state !== 'lost') this.#lose(how);
    this.#parts.clock.schedule(RESTART_MS, () => {
      if (this.#state === 'lost') this.#companion = this.#launch();
    });
  }

  #lose(how: string): void {
    this.#state = 'lost';
    this.#parts.listener.onLost(how);
  }

  #beat(): void {
    this.#beatAt = this.#parts.clock.monotonic();
    this.#companion.send(BEAT);
  }
}
