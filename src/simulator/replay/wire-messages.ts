import { Book } from '../../model/book.ts';
import { ticks, type Ticks } from '../../model/units.ts';
import type { Instrument } from '../../model/instrument.ts';
import { isObject, listIn, numberIn, objectIn, parseJson, textIn, type JsonObject } from '../../util/json.ts';
import { levelsIn, priceIn, quantityIn } from './fields.ts';
import type { Line } from './lines.ts';
import {
  shown,
  unusable,
  type InstrumentLookup,
  type Place,
  type RecordedBook,
  type RecordedEvent,
  type RecordedTrade,
} from './recording.ts';

/** The last state of a book topic. */
interface BookTopic {
  readonly book: Book;
  updateId: number;
  at: number;
}

/**
 * Bybit’s public messages, one a line: plain as in its order book history, or wrapped in `{recvTs, msg}` as in a capture.
 * A book that starts with a delta, misses one, goes back in time or is crossed is rejected.
 */
export class WireMessages {
  readonly #instrumentOf: InstrumentLookup;
  readonly #books = new Map<string, BookTopic>();
  readonly #tradedAt = new Map<string, number>();

  constructor(instrumentOf: InstrumentLookup) {
    this.#instrumentOf = instrumentOf;
  }

  read(line: Line): readonly RecordedEvent[] {
    const row = parseJson(line.text);
    if (!isObject(row)) throw unusable(line, `expected a JSON object, was ${shown(line.text)}`);
    const message = 'msg' in row ? objectIn(row['msg']) : row;
    const topic = textIn(message['topic']);
    if (topic === '') {
      if ('op' in message || 'success' in message) return [];
      throw unusable(line, `expected a message with a topic, was ${shown(line.text)}`);
    }
    const { file, line: number } = line;
    const [name, ...details] = topic.split('.');
    const symbol = details.at(-1) ?? '';
    const instrument = ['orderbook', 'publicTrade', 'tickers'].includes(name ?? '')
      ? this.#instrumentOf(symbol, { file, line: number })
      : undefined;
    if (instrument === undefined) return [];
    if (name === 'orderbook') return [this.#book(message, topic, instrument, line)];
    return name === 'tickers' ? ticker(message, instrument, line) : this.#trades(message, topic, instrument, line);
  }

  #book(message: JsonObject, topic: string, instrument: Instrument, line: Line): RecordedBook {
    const { file, line: number } = line;
    const place = { file, line: number };
    const data = objectIn(message['data']);
    const depth = numberIn(topic.split('.')[1]);
    const updateId = numberIn(data['u']);
    const at = numberIn(message['cts']) ?? numberIn(message['ts']);
    if (textIn(data['s']) !== instrument.symbol) throw unusable(place, `expected ${instrument.symbol}, was ${shown(data['s'])}`);
    if (message['type'] !== 'snapshot' && message['type'] !== 'delta')
      throw unusable(place, `expected a snapshot or a delta, was ${shown(message['type'])}`);
    if (updateId === undefined || depth === undefined || at === undefined || !Number.isSafeInteger(at))
      throw unusable(place, 'expected a book message with its depth, `u` and `cts` or `ts` in whole milliseconds');
    // 1: the exchange’s service restarted, and the message is a complete book.
    const whole = message['type'] === 'snapshot' || updateId === 1;
    const known = this.#books.get(topic);
    if (known === undefined && !whole) throw unusable(place, `${topic} starts with a delta: expected a snapshot first`);
    const state = known ?? { book: new Book(), updateId, at };
    this.#books.set(topic, state);
    if (!whole && updateId !== state.updateId + 1)
      throw unusable(place, `expected update ${state.updateId + 1} of ${topic}, was ${updateId}: messages are missing`);
    if (at < state.at) throw unusable(place, `the time goes back from ${state.at} to ${at}`);
    const bids = levelsIn(data['b'], instrument, whole, place);
    const asks = levelsIn(data['a'], instrument, whole, place);
    if (whole) state.book.clear();
    state.book.apply(bids, asks);
    if (state.book.isCrossed) throw unusable(place, 'the book is crossed: a bid is not below the lowest ask');
    state.updateId = updateId;
    state.at = at;
    return { type: 'book', at, symbol: instrument.symbol, depth, whole, bids, asks, place };
  }

  #trades(message: JsonObject, topic: string, instrument: Instrument, { file, line }: Line): RecordedTrade[] {
    const place = { file, line };
    return listIn(message['data']).map((item) => {
      const row = objectIn(item);
      const trade = tradeIn(row, instrument, place);
      const before = this.#tradedAt.get(topic) ?? trade.at;
      if (trade.at < before) throw unusable(place, `the time goes back from ${before} to ${trade.at}`);
      this.#tradedAt.set(topic, trade.at);
      return trade;
    });
  }
}

function tradeIn(row: JsonObject, instrument: Instrument, place: Place): RecordedTrade {
  const at = numberIn(row['T']);
  const side = row['S'];
  const id = textIn(row['i']);
  if (textIn(row['s']) !== instrument.symbol) throw unusable(place, `expected ${instrument.symbol}, was ${shown(row['s'])}`);
  if (at === undefined || !Number.isSafeInteger(at)) throw unusable(place, `\`T\`: expected whole milliseconds, was ${shown(row['T'])}`);
  if (side !== 'Buy' && side !== 'Sell') throw unusable(place, `\`S\`: expected Buy or Sell, was ${shown(side)}`);
  if (id === '') throw unusable(place, 'a trade without an id');
  return {
    type: 'trade',
    at,
    symbol: instrument.symbol,
    price: priceIn(row['p'], instrument, place),
    quantity: quantityIn(row['v'], instrument, place),
    side: side === 'Buy' ? 'buy' : 'sell',
    id,
    isIdUniversal: true,
    isAside: row['BT'] === true || row['RPI'] === true,
    place,
  };
}

function ticker(message: JsonObject, instrument: Instrument, { file, line }: Line): RecordedEvent[] {
  const place = { file, line };
  const at = numberIn(message['ts']);
  const data = objectIn(message['data']);
  const markPrice = nearestTick(data['markPrice'], instrument, place);
  const indexPrice = nearestTick(data['indexPrice'], instrument, place);
  if (at === undefined || !Number.isSafeInteger(at))
    throw unusable(place, `\`ts\`: expected whole milliseconds, was ${shown(message['ts'])}`);
  const fundingRate = rateIn(data['fundingRate'], place);
  if (markPrice === undefined && indexPrice === undefined && fundingRate === undefined) return [];
  return [{ type: 'ticker', at, symbol: instrument.symbol, markPrice, indexPrice, fundingRate, place }];
}

/** In parts of 1e8. */
function rateIn(value: unknown, place: Place): number | undefined {
  if (value === undefined || value === '') return undefined;
  const rate = numberIn(value) ?? Number.NaN;
  if (!(Math.abs(rate) <= 1)) throw unusable(place, `expected a funding rate, was ${shown(value)}`);
  return Math.round(rate * 1e8);
}

/** A mark or index price need not lie on the grid. */
function nearestTick(value: unknown, { tick }: Instrument, place: Place): Ticks | undefined {
  if (value === undefined || value === '') return undefined;
  const steps = Math.round((numberIn(value) ?? Number.NaN) / tick.size);
  if (!Number.isSafeInteger(steps) || steps <= 0) throw unusable(place, `expected a price, was ${shown(value)}`);
  return ticks(steps);
}
