import { lots, ticks, type Lots, type Ticks } from '../model/units.ts';
import { at } from '../util/array.ts';
import type { DayStatistics } from './venue/market-data.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;

interface Hour {
  readonly number: number;
  readonly open: number;
  high: number;
  low: number;
  volume: number;
  turnover: number;
}

/** Trades of the last 24 hours, in steps of one hour. */
export class TradedHours {
  readonly #hours: Hour[];
  #last: number;

  /** `price`: counts as the last price before the first trade. */
  constructor(price: Ticks, now: number) {
    this.#last = price;
    this.#hours = [newHour(Math.floor(now / HOUR_MS), price)];
  }

  add(price: Ticks, quantity: Lots, now: number): void {
    const hour = this.#current(now);
    hour.high = Math.max(hour.high, price);
    hour.low = Math.min(hour.low, price);
    hour.volume += quantity;
    hour.turnover += price * quantity;
    this.#last = price;
  }

  read(now: number): DayStatistics {
    const current = this.#current(now);
    return {
      open: ticks(at(this.#hours, 0).open),
      hourOpen: ticks(current.open),
      high: ticks(Math.max(...this.#hours.map(({ high }) => high))),
      low: ticks(Math.min(...this.#hours.map(({ low }) => low))),
      volume: lots(this.#hours.reduce((sum, { volume }) => sum + volume, 0)),
      turnover: this.#hours.reduce((sum, { turnover }) => sum + turnover, 0),
    };
  }

  #current(now: number): Hour {
    const number = Math.floor(now / HOUR_MS);
    let hour = at(this.#hours, this.#hours.length - 1);
    if (hour.number < number) {
      hour = newHour(number, this.#last);
      this.#hours.push(hour);
    }
    while (at(this.#hours, 0).number <= number - HOURS) this.#hours.shift();
    return hour;
  }
}

function newHour(number: number, price: number): Hour {
  return { number, open: price, high: price, low: price, volume: 0, turnover: 0 };
}
