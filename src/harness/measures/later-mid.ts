interface Timed {
  readonly atMs: number;
}

/** Pairs fills with the mid that holds some time after each. */
export class LaterMid<Fill extends Timed> {
  readonly #delayMs: number;
  readonly #onDue: (fill: Fill, mid: number) => void;
  readonly #waiting: Fill[] = [];
  #mid: number | undefined;

  constructor(delayMs: number, onDue: (fill: Fill, mid: number) => void) {
    this.#delayMs = delayMs;
    this.#onDue = onDue;
  }

  /** The fills whose time has not come, oldest first. */
  get waiting(): readonly Fill[] {
    return this.#waiting;
  }

  add(fill: Fill): void {
    this.#waiting.push(fill);
  }

  /** Called with every new mid, in the order of time. A mid holds until the next one. */
  moved(mid: number, atMs: number): void {
    let due = 0;
    for (const fill of this.#waiting) {
      const dueAt = fill.atMs + this.#delayMs;
      if (dueAt > atMs) break;
      this.#onDue(fill, dueAt === atMs ? mid : (this.#mid ?? mid));
      due += 1;
    }
    if (due > 0) this.#waiting.splice(0, due);
    this.#mid = mid;
  }
}
