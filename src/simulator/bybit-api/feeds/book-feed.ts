import { lots, ticks } from '../../../model/units.ts';
import { numberAt } from '../../../util/array.ts';
import type { Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
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

/** Price and quantity. */
type BookRow = readonly [string, string];

/** Levels of one side, best first. The lists are reused and may be longer than `count`. */
interface Levels {
  readonly prices: number[];
  readonly quantities: number[];
  count: number;
}

/** Both sides of one state of the book. */
interface Sides {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** `orderbook.{depth}.{symbol}`: a client that applies every push has exactly the book of the last push. */
export class BookSource implements FeedSource {
  readonly #market: VenueMarket;
  readonly #depth: number;
  readonly #clock: Clock;
  readonly #topic: string;
  readonly #timeFirst: boolean;
  /** As of the last push. */
  #pushed = noSides();
  #current = noSides();
  readonly #changes = noSides();
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
    this.#read(this.#pushed);
    this.#stamp();
    this.#updateId += 1;
  }

  snapshot(): Message {
    return this.#message('snapshot', this.#pushed);
  }

  next(): Message | undefined {
    const { sequence } = this.#market;
    if (sequence === this.#sequence) return this.#repeat();
    const [before, now] = [this.#pushed, this.#current];
    this.#read(now);
    findChanges(before.bids, now.bids, -1, this.#changes.bids);
    findChanges(before.asks, now.asks, 1, this.#changes.asks);
    if (this.#changes.bids.count + this.#changes.asks.count === 0) {
      this.#sequence = sequence;
      return this.#repeat();
    }
    this.#pushed = now;
    this.#current = before;
    this.#stamp();
    this.#updateId += 1;
    return this.#depth === 1 ? this.snapshot() : this.#message('delta', this.#changes);
  }

  /** Depth 1 only: the same message again, with the same id. */
  #repeat(): Message | undefined {
    if (this.#depth !== 1 || this.#clock.monotonic() - this.#pushedAt < REPEAT_MS) return undefined;
    this.#pushedAt = this.#clock.monotonic();
    return this.snapshot();
  }

  #stamp(): void {
    this.#sequence = this.#market.sequence;
    this.#changedAt = this.#market.changedAt;
    this.#pushedAt = this.#clock.monotonic();
  }

  #read(sides: Sides): void {
    const { bids, asks } = this.#market.book;
    sides.bids.count = bids.copyBest(this.#depth, sides.bids.prices, sides.bids.quantities);
    sides.asks.count = asks.copyBest(this.#depth, sides.asks.prices, sides.asks.quantities);
  }

  #rows({ prices, quantities, count }: Levels): BookRow[] {
    const { instrument } = this.#market;
    const rows: BookRow[] = [];
    for (let i = 0; i < count; i += 1) {
      const quantity = numberAt(quantities, i);
      rows.push([priceText(ticks(numberAt(prices, i)), instrument), quantity === 0 ? '0' : quantityText(lots(quantity), instrument)]);
    }
    return rows;
  }

  /** Spot and depth 1 write `ts` before `type`, other depths after it, as Bybit does. */
  #message(type: 'snapshot' | 'delta', { bids, asks }: Sides): Message {
    const [ts, cts, u, seq] = [this.#clock.now(), this.#changedAt, this.#updateId, this.#sequence];
    const { symbol: s } = this.#market.instrument;
    const [b, a] = [this.#rows(bids), this.#rows(asks)];
    const topic = this.#topic;
    const data = { s, b, a, u, seq };
    return new Message(this.#timeFirst ? { topic, ts, type, data, cts } : { topic, type, ts, data, cts });
  }
}

/** The changes from `before` to `after`, both sorted best first; quantity 0 deletes a level. */
function findChanges(before: Levels, after: Levels, direction: 1 | -1, found: Levels): void {
  found.count = 0;
  let old = 0;
  let now = 0;
  while (old < before.count || now < after.count) {
    const oldKey = old < before.count ? numberAt(before.prices, old) * direction : Number.POSITIVE_INFINITY;
    const nowKey = now < after.count ? numberAt(after.prices, now) * direction : Number.POSITIVE_INFINITY;
    if (oldKey < nowKey) add(found, numberAt(before.prices, old), 0);
    else if (nowKey < oldKey || numberAt(before.quantities, old) !== numberAt(after.quantities, now))
      add(found, numberAt(after.prices, now), numberAt(after.quantities, now));
    if (oldKey <= nowKey) old += 1;
    if (nowKey <= oldKey) now += 1;
  }
}

function add(levels: Levels, price: number, quantity: number): void {
  levels.prices[levels.count] = price;
  levels.quantities[levels.count] = quantity;
  levels.count += 1;
}

function noSides(): Sides {
  return { bids: { prices: [], quantities: [], count: 0 }, asks: { prices: [], quantities: [], count: 0 } };
}
