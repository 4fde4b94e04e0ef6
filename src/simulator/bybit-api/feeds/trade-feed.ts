import type { Cancel, Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
import type { VenueMarket, VenueTrade } from '../../venue/market-data.ts';
import type { Feed, FeedListener } from './feed.ts';
import type { Category } from '../params/params.ts';
import { priceText, quantityText, sideText } from '../rows/texts.ts';

const MAX_TRADES = 1024;

/** `publicTrade.{symbol}`: the trades of one instant in one message; no snapshot. */
export class TradeFeed implements Feed {
  readonly #market: VenueMarket;
  readonly #clock: Clock;
  readonly #category: Category;
  readonly #listeners = new Set<FeedListener>();
  #rows: object[] = [];
  #lastPrice: number;
  #direction = 'ZeroPlusTick';

  constructor(market: VenueMarket, clock: Clock, category: Category) {
    this.#market = market;
    this.#clock = clock;
    this.#category = category;
    this.#lastPrice = market.lastPrice;
  }

  /** Of the last trade. */
  get tickDirection(): string {
    return this.#direction;
  }

  subscribe(listener: FeedListener): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(trade: VenueTrade): void {
    this.#turn(trade.price);
    if (this.#listeners.size === 0) return;
    if (this.#rows.length === 0) this.#clock.schedule(0, () => this.#flush());
    this.#rows.push(this.#row(trade));
    if (this.#rows.length === MAX_TRADES) this.#flush();
  }

  #turn(price: number): void {
    if (price > this.#lastPrice) this.#direction = 'PlusTick';
    else if (price < this.#lastPrice) this.#direction = 'MinusTick';
    else this.#direction = this.#direction.startsWith('Zero') ? this.#direction : `Zero${this.#direction}`;
    this.#lastPrice = price;
  }

  #flush(): void {
    if (this.#rows.length === 0) return;
    const topic = `publicTrade.${this.#market.instrument.symbol}`;
    const message = new Message({ topic, type: 'snapshot', ts: this.#clock.now(), data: this.#rows });
    this.#rows = [];
    for (const listener of this.#listeners) listener(message);
  }

  #row({ at, side, quantity, price, id, sequence }: VenueTrade): object {
    const { instrument } = this.#market;
    return {
      T: at,
      s: instrument.symbol,
      S: sideText(side),
      v: quantityText(quantity, instrument),
      p: priceText(price, instrument),
      ...(this.#category === 'spot' ? {} : { L: this.#direction }),
      i: id,
      BT: false,
      RPI: false,
      seq: sequence,
    };
  }
}
