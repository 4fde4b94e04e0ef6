import { LaterMid } from './later-mid.ts';

interface Exposed {
  readonly atMs: number;
  /** Lots, positive for a buy. */
  readonly signed: number;
  /** At the fill, ticks. */
  readonly mid: number;
}

/** Adverse selection: the price moves for or against the positions that fills made, each up to a time after its fill. */
export class Selection {
  readonly #later: LaterMid<Exposed>;
  #mid: number | undefined;
  #settled = 0;

  /** `horizonMs`: how long a move counts as foreseen by the other side of the fill. */
  constructor(horizonMs: number) {
    this.#later = new LaterMid(horizonMs, ({ signed, mid }, then) => {
      this.#settled += signed * (then - mid);
    });
  }

  filled(fill: Exposed): void {
    this.#later.add(fill);
  }

  /** Called with every new mid, ticks, in the order of time. */
  moved(mid: number, atMs: number): void {
    this.#later.moved(mid, atMs);
    this.#mid = mid;
  }

  /** So far, ticks times lots; positive is in our favor. Fills younger than the horizon count up to the last mid. */
  get tickLots(): number {
    const mid = this.#mid;
    if (mid === undefined) return this.#settled;
    return this.#later.waiting.reduce((sum, fill) => sum + fill.signed * (mid - fill.mid), this.#settled);
  }
}
