import type { Instrument } from '../../../model/instrument.ts';
import { lots, type Lots, type Ticks } from '../../../model/units.ts';
import { at } from '../../../util/array.ts';
import type { VenueTrade } from '../../venue/market-data.ts';
import { priceText, quantityText, valueText } from '../rows/texts.ts';

const MINUTE_MS = 60_000;
/** A week. */
const KEPT_MINUTES = 10_080;

/** Minutes of each served interval. */
export const KLINE_MINUTES: ReadonlyMap<string, number> = new Map([
  ['1', 1],
  ['3', 3],
  ['5', 5],
  ['15', 15],
  ['30', 30],
  ['60', 60],
  ['120', 120],
  ['240', 240],
  ['360', 360],
  ['720', 720],
  ['D', 1440],
]);

export interface Candle {
  /** ms, a multiple of the interval. */
  readonly start: number;
  open: Ticks;
  high: Ticks;
  low: Ticks;
  close: Ticks;
  volume: Lots;
  /** Tick-lots, as exact as a float. */
  turnover: number;
}

/** One-minute candles of the trades since the exchange started; a minute without trades repeats the last price. */
export class Candles {
  readonly #minutes: Candle[];

  constructor(price: Ticks, now: number) {
    this.#minutes = [flat(price, startOf(now, 1))];
  }

  add({ price, quantity, at: now }: VenueTrade): void {
    this.#extendTo(now);
    const candle = at(this.#minutes, this.#minutes.length - 1);
    const isFirst = candle.volume === 0;
    candle.open = isFirst ? price : candle.open;
    candle.high = isFirst || price > candle.high ? price : candle.high;
    candle.low = isFirst || price < candle.low ? price : candle.low;
    candle.close = price;
    candle.volume = lots(candle.volume + quantity);
    candle.turnover += price * quantity;
  }

  /** The newest `count`, newest first; the first one is still open. */
  list(minutes: number, now: number, count: number): Candle[] {
    this.#extendTo(now);
    const merged: Candle[] = [];
    for (let i = this.#minutes.length - 1; i >= 0; i -= 1) {
      const candle = at(this.#minutes, i);
      const start = startOf(candle.start, minutes);
      const last = merged.at(-1);
      if (last?.start === start) precede(last, candle);
      else if (merged.length === count) break;
      else merged.push({ ...candle, start });
    }
    return merged;
  }

  #extendTo(now: number): void {
    let last = at(this.#minutes, this.#minutes.length - 1);
    while (last.start + MINUTE_MS <= now) {
      last = flat(last.close, last.start + MINUTE_MS);
      this.#minutes.push(last);
    }
    if (this.#minutes.length > 2 * KEPT_MINUTES) this.#minutes.splice(0, this.#minutes.length - KEPT_MINUTES);
  }
}

/** A row of market/kline. */
export function candleRow(candle: Candle, instrument: Instrument): string[] {
  const price = (value: Ticks): string => priceText(value, instrument);
  return [
    String(candle.start),
    price(candle.open),
    price(candle.high),
    price(candle.low),
    price(candle.close),
    quantityText(candle.volume, instrument),
    valueText(candle.turnover, instrument),
  ];
}

/** A row of the `kline` topic. */
export function candlePush(candle: Candle, interval: string, instrument: Instrument, now: number): object {
  const [, open, high, low, close, volume, turnover] = candleRow(candle, instrument);
  const end = candle.start + (KLINE_MINUTES.get(interval) ?? 1) * MINUTE_MS - 1;
  return { start: candle.start, end, interval, open, close, high, low, volume, turnover, confirm: now > end, timestamp: now };
}

function flat(price: Ticks, start: number): Candle {
  return { start, open: price, high: price, low: price, close: price, volume: lots(0), turnover: 0 };
}

/** Extends a candle by the minute before it. */
function precede(candle: Candle, earlier: Candle): void {
  candle.open = earlier.open;
  candle.high = earlier.high > candle.high ? earlier.high : candle.high;
  candle.low = earlier.low < candle.low ? earlier.low : candle.low;
  candle.volume = lots(candle.volume + earlier.volume);
  candle.turnover += earlier.turnover;
}

function startOf(time: number, minutes: number): number {
  const length = minutes * MINUTE_MS;
  return Math.floor(time / length) * length;
}
