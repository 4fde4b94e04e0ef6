import type { Cancel, Clock } from '../../../util/clock.ts';
import { Message } from '../../../util/message.ts';
import type { VenueLiquidation, VenueMarket } from '../../venue/market-data.ts';
import type { Feed, FeedListener } from './feed.ts';
import { priceText, quantityText, sideText } from '../rows/texts.ts';

const PERIOD_MS = 500;

/** `allLiquidation.{symbol}`: the liquidations of half a second in one message; no snapshot. */
export class LiquidationFeed implements Feed {
  readonly #market: VenueMarket;
  readonly #clock: Clock;
  readonly #listeners = new Set<FeedListener>();
  #rows: object[] = [];

  constructor(market: VenueMarket, clock: Clock) {
    this.#market = market;
    this.#clock = clock;
  }

  subscribe(listener: FeedListener): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(liquidation: VenueLiquidation): void {
    if (this.#listeners.size === 0) return;
    if (this.#rows.length === 0) this.#clock.schedule(PERIOD_MS, () => this.#flush());
    this.#rows.push(this.#row(liquidation));
  }

  #flush(): void {
    const topic = `allLiquidation.${this.#market.instrument.symbol}`;
    const message = new Message({ topic, type: 'snapshot', ts: this.#clock.now(), data: this.#rows });
    this.#rows = [];
    for (const listener of this.#listeners) listener(message);
  }

  /** `S` is the side of the position: `Buy` means that a long position was liquidated. */
  #row({ at, side, quantity, price }: VenueLiquidation): object {
    const { instrument } = this.#market;
    return { T: at, s: instrument.symbol, S: sideText(side), v: quantityText(quantity, instrument), p: priceText(price, instrument) };
  }
}
