import { Book } from '../../../model/book.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { numberIn, objectIn, type JsonObject } from '../../../util/json.ts';
import { levelsIn } from '../codec/market-codec.ts';

/** The effect of a message on the book. `ignored`: the book waits for a snapshot, and its loss was reported before. */
export type BookOutcome = { readonly tag: 'updated' } | { readonly tag: 'ignored' } | { readonly tag: 'lost'; readonly reason: string };

const UPDATED: BookOutcome = { tag: 'updated' };
const IGNORED: BookOutcome = { tag: 'ignored' };

/** A local book built from `orderbook` messages. After a missing message or a crossed book it is lost until the next snapshot. */
export class BookReplica {
  readonly book = new Book();
  readonly #instrument: Instrument;
  /** Sequence of the last message; undefined without a snapshot. */
  #sequence: number | undefined;
  #isLost = false;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
  }

  /** Sequence of the last applied message; undefined while there is no book. */
  get sequence(): number | undefined {
    return this.#sequence;
  }

  apply(message: JsonObject): BookOutcome {
    const data = objectIn(message['data']);
    const sequence = numberIn(data['u']);
    // Sequence 1: the exchange's service has restarted, and this message is the whole book.
    const isWhole = message['type'] === 'snapshot' || sequence === 1;
    if (!isWhole && this.#sequence === undefined) return this.#isLost ? IGNORED : this.#lose('a change before the snapshot');
    if (sequence === undefined) return this.#lose('a message without a sequence');
    if (!isWhole && sequence !== (this.#sequence ?? 0) + 1) return this.#lose(`sequence ${sequence} after ${this.#sequence}`);
    return this.#change(data, sequence, isWhole);
  }

  /** Clears the book after a disconnect. False when there was no book. */
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
