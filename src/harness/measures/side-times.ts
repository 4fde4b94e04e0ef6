import type { SideState } from './side-state.ts';

/** The time that one side of one symbol has spent in a state, ms. */
export interface SideTime extends SideState {
  readonly ms: number;
}

/** How long one side of one symbol was in which state. */
export class SideTimes {
  readonly #times = new Map<string, { readonly state: SideState; ms: number }>();

  add(state: SideState, ms: number): void {
    const key = `${state.kind} ${state.code}`;
    const time = this.#times.get(key);
    if (time === undefined) this.#times.set(key, { state, ms });
    else time.ms += ms;
  }

  /** Longest first. */
  entries(): readonly SideTime[] {
    return [...this.#times.values()].map(({ state, ms }) => ({ ...state, ms })).sort((a, b) => b.ms - a.ms || (a.code < b.code ? -1 : 1));
  }
}
