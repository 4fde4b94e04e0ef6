import type { BotEvent } from '../../execution/events.ts';
import type { Excuse, FaultName } from '../../simulator/faults/fault-table.ts';
import { excusesOf } from '../../simulator/faults/fault-table.ts';
import type { FaultOccurrence, Faults } from '../../simulator/faults/faults.ts';
import type { Cancel, Clock } from '../../util/clock.ts';

/** The last part of a run has no drawn faults, so that recovery shows: a quarter of it, at most this. */
const HEALTHY_TAIL_MS = 90_000;
/** The longest memory that holds quotes back, that of the latency guard, and a little more. */
const RECOVERY_MS = 75_000;

/** What a run suffered, and what it did afterwards. */
export interface Suffered {
  /** Each fault that took part. */
  readonly chosen: readonly FaultName[];
  readonly occurrences: readonly FaultOccurrence[];
  readonly excuses: ReadonlySet<Excuse>;
  /** Whether something was quoted after the last fault; undefined when too little time was left to tell. */
  readonly resumed: boolean | undefined;
}

/** Ends the faults in time, and keeps what the invariants need to know about them. */
export class FaultWatch {
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #cancelHeal: Cancel;
  readonly #startedAt: number;
  #quotedAt = Number.NEGATIVE_INFINITY;

  constructor(faults: Faults, clock: Clock, durationMs: number) {
    this.#faults = faults;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    const tailMs = Math.min(HEALTHY_TAIL_MS, durationMs / 4);
    this.#cancelHeal = clock.schedule(durationMs - tailMs, () => faults.heal());
  }

  get active(): readonly FaultName[] {
    return this.#faults.active;
  }

  record(event: BotEvent): void {
    const isQuoting = event.type === 'turn' && event.hold === undefined && (event.bid !== undefined || event.ask !== undefined);
    if (isQuoting) this.#quotedAt = this.#clock.monotonic() - this.#startedAt;
  }

  /** Trading is over; the last cancel and its proof are to come. */
  ended(): void {
    this.#cancelHeal();
  }

  /** Before the books are compared: no fault may keep the two sides apart. True when one was still at work. */
  heal(): boolean {
    const wasIll = this.#faults.active.length > 0;
    this.#faults.stop();
    return wasIll;
  }

  /** `elapsedMs`: of trading. */
  suffered(elapsedMs: number): Suffered {
    const occurrences = this.#faults.occurrences();
    const lastEnd = Math.max(0, ...occurrences.map(({ toMs }) => toMs));
    return {
      chosen: this.#faults.chosen,
      occurrences,
      excuses: new Set(occurrences.flatMap(({ name }) => excusesOf(name))),
      resumed: this.#quotedAt > lastEnd ? true : elapsedMs - lastEnd >= RECOVERY_MS ? false : undefined,
    };
  }
}
