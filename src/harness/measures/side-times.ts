import type { SideState } from './side-state.ts';

/** The time that one side of one symbol has spent in a state, ms. */
export interface SideTime extends SideState {
  readonly ms: number;
}

interface Time {
  readonly state: SideState;
  ms: number;
}

/** How long one side of one symbol was in which state. */
export class SideTimes {
  readonly #times = new Map<string, Time>();
  /** A side mostly stays in its state. */
  #last: Time | undefined;

  add(state: SideState, ms: number): void {
    if (this.#last?.state.kind !== state.kind || this.#last.state.code !== state.code) this.#last = this.#timeOf(state);
    this.#last.ms += ms;
  }

  #timeOf(state: SideState): Time {
    const key = `${state.kind} ${state.code}`;
    const time = this.#times.get(key) ?? { state, ms: 0 };
    this.#times.set(key, time);
    return time;
  }

  /** Longest first. */
  entries(): readonly SideTime[] {
    return [...this.#times.values()].map(({ state, ms }) => ({ ...state, ms })).sort((a, b) => b.ms - a.ms || (a.code < b.code ? -1 : 1));
  }
}
