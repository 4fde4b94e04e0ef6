import { unusable, type RecordedBook, type RecordedEvent, type RecordedTrade } from './recording.ts';

/** Number of trade ids that are remembered; duplicates are close together. */
const REMEMBERED = 20_000;

/** Numbers of events that were skipped because another file has them too. */
export interface Overlap {
  trades: number;
  books: number;
}

/**
 * Combines several files of a symbol into one market: of the books of consecutive days, the later takes over with its first
 * snapshot, and a trade in two files counts once. Files that contradict each other are rejected.
 */
export class OneMarket {
  readonly #overlap: Overlap;
  #bookFile: string | undefined;
  readonly #formerFiles = new Set<string>();
  #depth: number | undefined;
  readonly #tradeFiles = new Map<string, string>();

  constructor(overlap: Overlap) {
    this.#overlap = overlap;
  }

  /** Whether the event is part of the market. */
  accepts(event: RecordedEvent): boolean {
    if (event.type === 'ticker') return true;
    return event.type === 'book' ? this.#acceptsBook(event) : this.#acceptsTrade(event);
  }

  #acceptsBook({ depth, symbol, whole, place }: RecordedBook): boolean {
    if (depth !== (this.#depth ?? depth))
      throw unusable(
        place,
        `a book of ${symbol} with ${depth} levels, but another file has one with ${this.#depth}`,
        'leave one of them out',
      );
    this.#depth = depth;
    if (place.file === this.#bookFile) return true;
    const takesOver = whole && !this.#formerFiles.has(place.file);
    if (!takesOver) {
      this.#overlap.books += 1;
      return false;
    }
    if (this.#bookFile !== undefined) this.#formerFiles.add(this.#bookFile);
    this.#bookFile = place.file;
    return true;
  }

  #acceptsTrade({ id, isIdUniversal, place }: RecordedTrade): boolean {
    const key = isIdUniversal ? id : `${place.file}#${id}`;
    const other = this.#tradeFiles.get(key);
    if (other === place.file) throw unusable(place, `trade ${id} occurs twice`);
    if (other !== undefined) {
      this.#overlap.trades += 1;
      return false;
    }
    this.#tradeFiles.set(key, place.file);
    if (this.#tradeFiles.size > REMEMBERED) {
      const [oldest] = this.#tradeFiles.keys();
      if (oldest !== undefined) this.#tradeFiles.delete(oldest);
    }
    return true;
  }
}
