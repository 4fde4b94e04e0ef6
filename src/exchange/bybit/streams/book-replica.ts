import { Book } from '../../../model/book.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { numberIn, objectIn, type JsonObject } from '../../../util/json.ts';
import { levelsIn } from '../codec/market-codec.ts';

/** What a message did to the book. `ignored`: it waits for a snapshot and has said so before. */
export type BookOutcome = { readonly tag: 'updated' } | { readonly tag: 'ignored' } | { readonly tag: 'lost'; readonly reason: string };

const UPDATED: BookOutcome = { tag: 'updated' };
const IGNORED: BookOutcome = { tag: 'ignored' };

/** A book rebuilt from `orderbook` messages: one that misses a message, or that crosses, is lost until the next snapshot. */
export class BookReplica {
  readonly book = new Book();
  readonly #instrument: Instrument;
  /** Of the last message; undefined without a snapshot. */
  #sequence: number | undefined;
  #isLost = false;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
  }

  /** Of the last message applied; undefined while there is no book. */
  get sequence(): number | undefined {
    return this.#sequence;
  }

  apply(message: JsonObject): BookOutcome {
    const data = objectIn(message['data']);
    const sequence = numberIn(data['u']);
    // 1: the exchange's service restarted, and this is everything there is.
    const isWhole = message['type'] === 'snapshot' || sequence === 1;
    if (!isWhole && this.#sequence === undefined) return this.#isLost ? IGNORED : this.#lose('a change before the snapshot');
    if (sequence === undefined) return this.#lose('a message without a sequence');
    if (!isWhole && sequence !== (this.#sequence ?? 0) + 1) return this.#lose(`sequence ${sequence} after ${this.#sequence}`);
    return this.#change(data, sequence, isWhole);
  }

  /** The connection is gone. False when there was no book to lose. */
  reset(): boolean {
    const had = this.#sequence !== undefined;
    this.#sequence = undefined;
    this.#isLost = false;
    this.book.clear();
    return had;
  }

  #change(data: JsonObject, sequence: number, isWhole: boolean): BookOutcome {
    const bids = levelsIn(data['b'], this.#instrument);
    const asks = levelsIn(data['a'], this.#instrument);
    if (bids === undefined || asks === undefined) return this.#lose('a level that cannot be read');
    if (isWhole) this.book.clear();
    this.book.apply(bids, asks);
    if (this.book.isCrossed) return this.#lose('crossed');
    this.#sequence = sequence;
    this.#isLost = false;
    return UPDATED;
  }

  #lose(reason: string): BookOutcome {
    this.#sequence = undefined;
    this.#isLost = true;
    this.book.clear();
    return { tag: 'lost', reason };
  }
}
