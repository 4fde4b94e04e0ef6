import type { OddRow } from '../../exchange.ts';

/** Distinct ones of a kind, of a symbol: prices off the grid are all distinct. */
const MOST_DETAILS = 20;
/** With one kind of oddity: a list may make symbols up. */
const MOST_SYMBOLS = 1000;

/** Names each oddity of the exchange's rows once, for lists are read again and again; and so many of one kind that they silence no other. */
export class OddRows {
  readonly #hear: (row: OddRow) => boolean;
  /** By list and what is odd, by symbol: the details. */
  readonly #told = new Map<string, Map<string, Set<string>>>();

  /** `hear`: false when nobody listens yet, and it has to be said again. */
  constructor(hear: (row: OddRow) => boolean) {
    this.#hear = hear;
  }

  tell(row: OddRow): void {
    const { list, symbol, what, detail } = row;
    const kind = `${list} ${what}`;
    const ofKind = this.#told.get(kind) ?? new Map<string, Set<string>>();
    const details = ofKind.get(symbol) ?? new Set<string>();
    if (details.has(detail) || details.size >= MOST_DETAILS) return;
    if (!ofKind.has(symbol) && ofKind.size >= MOST_SYMBOLS) return;
    if (!this.#hear(row)) return;
    this.#told.set(kind, ofKind.set(symbol, details.add(detail)));
  }
}
