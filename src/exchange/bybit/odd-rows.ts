import type { OddRow } from '../exchange.ts';

/** Distinct ones that are remembered; a list that invents more is told no further. */
const MOST = 1000;

/** Names each oddity of the exchange's rows once: lists are read again and again. */
export class OddRows {
  readonly #hear: (row: OddRow) => boolean;
  readonly #told = new Set<string>();

  /** `hear`: false when nobody listens yet, and it has to be said again. */
  constructor(hear: (row: OddRow) => boolean) {
    this.#hear = hear;
  }

  tell(row: OddRow): void {
    const key = JSON.stringify(row);
    if (this.#told.has(key) || this.#told.size >= MOST) return;
    if (this.#hear(row)) this.#told.add(key);
  }
}
