import { lots, ticks } from '../../../model/units.ts';
import type { BookSide } from '../../../model/book.ts';
import { at } from '../../../util/array.ts';
import type { Clock } from '../../../util/clock.ts';
import type { VenueMarket } from '../../venue/market-data.ts';
import type { FeedSource } from './feed.ts';
import type { Category } from '../params/params.ts';
import { priceText, quantityText } from '../rows/texts.ts';

/** Push period of each served depth, ms. */
export const BOOK_PERIOD_MS: ReadonlyMap<number, number> = new Map([
  [1, 10],
  [50, 20],
  [200, 100],
  [1000, 200],
]);

/** The first update id is large, because 1 would mean a restart of the service. */
export const FIRST_UPDATE_ID = 1_000_000;
/** An unchanged best level is repeated after this long. */
const REPEAT_MS = 3000;

/** The best levels of one side, best first. */
interface Levels {
  prices: number[];
  quantities: number[];
}

/** `orderbook.{depth}.{symbol}`: a client that applies every push has exactly the book of the last push. */
export class BookSource implements FeedSource {
  readonly #market: VenueMarket;
  readonly #depth: number;
  readonly #clock: Clock;
  readonly #topic: string;
  readonly #timeFirst: boolean;
  #bids: Levels = { prices: [], quantities: [] };
  #asks: Levels = { prices: [], quantities: [] };
  #sequence = 0;
  #changedAt = 0;
  #pushedAt = 0;
  #updateId = FIRST_UPDATE_ID;

  constructor(market: VenueMarket, depth: number, clock: Clock, category: Category) {
    this.#market = market;
    this.#depth = depth;
    this.#clock = clock;
    this.#topic = `orderbook.${depth}.${market.instrument.symbol}`;
    this.#timeFirst = category === 'spot' || depth === 1;
  }

  get updateId(): number {
    return this.#updateId;
  }

  begin(): void {
    const { book } = this.#market;
    this.#bids = this.#best(book.bids);
    this.#asks = this.#best(book.asks);
    this.#stamp();
    this.#updateId += 1;
  }

  snapshot(): string {
    return this.#message('snapshot', this.#rows(this.#bids), this.#rows(this.#asks));
  }

  next(): string | undefined {
    const { book, sequence } = this.#market;
    if (sequence === this.#sequence) return this.#repeat();
    const bids = this.#best(book.bids);
    const asks = this.#best(book.asks);
    const bidChanges = changes(this.#bids, bids, -1);
    const askChanges = changes(this.#asks, asks, 1);
    if (bidChanges.prices.length + askChanges.prices.length === 0) {
      this.#sequence = sequence;
      return this.#repeat();
    }
    this.#bids = bids;
    this.#asks = asks;
    this.#stamp();
    this.#updateId += 1;
    return this.#depth === 1 ? this.snapshot() : this.#message('delta', this.#rows(bidChanges), this.#rows(askChanges));
  }

  /** Depth 1 only: the same message again, with the same id. */
  #repeat(): string | undefined {
    if (this.#depth !== 1 || this.#clock.monotonic() - this.#pushedAt < REPEAT_MS) return undefined;
    this.#pushedAt = this.#clock.monotonic();
    return this.snapshot();
  }

  #stamp(): void {
    this.#sequence = this.#market.sequence;
    this.#changedAt = this.#market.changedAt;
    this.#pushedAt = this.#clock.monotonic();
  }

  #best(side: BookSide): Levels {
    const size = Math.min(this.#depth, side.length);
    const levels: Levels = { prices: [], quantities: [] };
    for (let i = 0; i < size; i += 1) {
      levels.prices.push(side.price(i) ?? 0);
      levels.quantities.push(side.quantity(i) ?? 0);
    }
    return levels;
  }

  #rows({ prices, quantities }: Levels): string[][] {
    const { instrument } = this.#market;
    return prices.map((price, i) => {
      const quantity = at(quantities, i);
      return [priceText(ticks(price), instrument), quantity === 0 ? '0' : quantityText(lots(quantity), instrument)];
    });
  }

  /** Spot and depth 1 write `ts` before `type`, other depths after it, as Bybit does. */
  #message(type: 'snapshot' | 'delta', b: string[][], a: string[][]): string {
    const ts = this.#clock.now();
    const data = { s: this.#market.instrument.symbol, b, a, u: this.#updateId, seq: this.#sequence };
    const topic = this.#topic;
    const head = this.#timeFirst ? { topic, ts, type } : { topic, type, ts };
    return JSON.stringify({ ...head, data, cts: this.#changedAt });
  }
}

/** The changes from `before` to `after`, both sorted best first; quantity 0 deletes a level. */
function changes(before: Levels, after: Levels, direction: 1 | -1): Levels {
  const found: Levels = { prices: [], quantities: [] };
  const note = (price: number, quantity: number): void => {
    found.prices.push(price);
    found.quantities.push(quantity);
  };
  let old = 0;
  let now = 0;
  while (old < before.prices.length || now < after.prices.length) {
    const oldKey = old < before.prices.length ? at(before.prices, old) * direction : Number.POSITIVE_INFINITY;
    const nowKey = now < after.prices.length ? at(after.prices, now) * direction : Number.POSITIVE_INFINITY;
    if (oldKey < nowKey) note(at(before.prices, old++), 0);
    else if (nowKey < oldKey) note(at(after.prices, now), at(after.quantities, now++));
    else {
      if (at(before.quantities, old) !== at(after.quantities, now)) note(at(after.prices, now), at(after.quantities, now));
      old += 1;
      now += 1;
    }
  }
  return found;
}
