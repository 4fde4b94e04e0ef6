import type { OddRow } from '../../exchange.ts';

/** Most distinct reports per kind and symbol: off-grid prices are all distinct. */
const MOST_DETAILS = 20;
/** Most symbols per kind: a faulty list may contain arbitrary symbols. */
const MOST_SYMBOLS = 1000;

/** Reports each odd row once, because lists are read repeatedly. The limits apply per kind, so that one kind cannot suppress another. */
export class OddRows {
  readonly #hear: (row: OddRow) => boolean;
  /** The reported details, by kind and symbol. */
  readonly #told = new Map<string, Map<string, Set<string>>>();

  /** `hear`: returns false when there is no listener yet, so that the row is reported again later. */
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
