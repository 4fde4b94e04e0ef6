import type { BotEvent } from '../../execution/events.ts';
import type { Excuse, FaultName } from '../../simulator/faults/fault-table.ts';
import { excusesOf } from '../../simulator/faults/fault-table.ts';
import type { FaultOccurrence, Faults } from '../../simulator/faults/faults.ts';
import type { Cancel, Clock } from '../../util/clock.ts';

/** The last part of a run has no random faults, so that recovery shows: a quarter of the run, at most this. */
const HEALTHY_TAIL_MS = 90_000;
/** The longest time for which quotes are held back after a fault, that of the latency guard, plus a margin. */
const RECOVERY_MS = 75_000;

/** Faults of a run, and whether it recovered. */
export interface Suffered {
  /** Each fault that was selected for the run. */
  readonly chosen: readonly FaultName[];
  readonly occurrences: readonly FaultOccurrence[];
  readonly excuses: ReadonlySet<Excuse>;
  /** Whether mmbot quoted after the last fault; undefined when too little time was left to judge. */
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

  /** To be called when trading is over; the last cancel-all and its proof are still to come. */
  ended(): void {
    this.#cancelHeal();
  }

  /** Ends all faults before the books are compared, so that none keeps the two sides apart. True when one was still active. */
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
