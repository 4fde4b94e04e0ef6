import { listIn, numberIn, objectIn, textIn, type JsonObject } from '../../util/json.ts';
import { Message } from '../../util/message.ts';
import { formatSteps } from '../../model/grid.ts';
import type { Venue } from '../venue/venue.ts';
import type { Faults } from './faults.ts';
import { spoiledRows } from './row-faults.ts';

export interface BookFaultParts {
  readonly faults: Faults;
  readonly venue: Venue;
  readonly deliver: (message: Message) => void;
  /** Sends a request to the exchange on the same connection. */
  readonly ask: (message: Message) => void;
}

/** Marks requests of the fault layer, whose answers are hidden from the client. */
const OWN_ID = 'fault-layer';
const BURST = 9;

/** Injects faults into books, trades and tickers on their way to one client. */
export class BookFaults {
  readonly #parts: BookFaultParts;
  /** Book topics of the client, with the difference between the exchange’s update ids and those sent to the client since a restart. */
  readonly #offsets = new Map<string, number>();
  /** Topics whose next snapshot comes from a restarted service. */
  readonly #resetting = new Set<string>();

  constructor(parts: BookFaultParts) {
    this.#parts = parts;
  }

  /** Makes the exchange send a new snapshot of every book, to be numbered from 1. */
  reset(): void {
    for (const topic of this.#offsets.keys()) {
      this.#resetting.add(topic);
      this.#parts.ask(new Message({ op: 'unsubscribe', req_id: OWN_ID, args: [topic] }));
      this.#parts.ask(new Message({ op: 'subscribe', req_id: OWN_ID, args: [topic] }));
    }
  }

  fromExchange(message: Message): void {
    const { faults, deliver } = this.#parts;
    if (faults.active.length === 0 && this.#offsets.size === 0) return deliver(message);
    const { json } = message;
    if (json === undefined) return deliver(message);
    if (json['req_id'] === OWN_ID) return;
    const topic = textIn(json['topic']);
    const said = topic.startsWith('orderbook.') ? this.#book(topic, json) : this.#other(topic, json);
    if (said === undefined) return;
    const spoiled = spoiledRows(faults, { kind: 'push', path: topic }, said);
    deliver(spoiled === json ? message : new Message(spoiled));
    if (topic !== '' && faults.strikes('message-burst')) this.#burst(topic, message);
  }

  #book(topic: string, message: JsonObject): JsonObject | undefined {
    const { faults } = this.#parts;
    const isDelta = message['type'] === 'delta';
    const numbered = this.#renumbered(topic, message, isDelta);
    if (faults.strikes('frozen-book')) return undefined;
    if (isDelta && faults.strikesOnce('book-gap')) return undefined;
    if (isDelta && faults.strikesOnce('crossed-book')) return this.#crossed(numbered);
    if (isDelta && faults.strikes('absurd-price')) return withLevel(numbered, faults.draw('absurd-price') < 0.5 ? '-1' : '0');
    return numbered;
  }

  #renumbered(topic: string, message: JsonObject, isDelta: boolean): JsonObject {
    const data = objectIn(message['data']);
    const sequence = numberIn(data['u']) ?? 0;
    if (!isDelta && this.#resetting.delete(topic) && this.#parts.faults.strikes('book-reset-u1')) this.#offsets.set(topic, sequence - 1);
    const offset = this.#offsets.get(topic) ?? 0;
    this.#offsets.set(topic, offset);
    return offset === 0 ? message : { ...message, data: { ...data, u: sequence - offset } };
  }

  /** Adds a bid above the best ask. */
  #crossed(message: JsonObject): JsonObject {
    const data = objectIn(message['data']);
    const market = this.#parts.venue.market(textIn(data['s']));
    const ask = market?.book.asks.price(0);
    if (market === undefined || ask === undefined) return message;
    const { tick, lot } = market.instrument;
    return { ...message, data: { ...data, b: [...listIn(data['b']), [formatSteps(ask + 5, tick), formatSteps(10, lot)]] } };
  }

  #other(topic: string, message: JsonObject): JsonObject {
    const { faults } = this.#parts;
    if (!faults.isOn('absurd-price')) return message;
    const wrong = (value: unknown): string => {
      const draw = faults.draw('absurd-price');
      return draw < 0.3 ? '0' : draw < 0.6 ? String(-Number(value)) : (Number(value) * (draw < 0.8 ? 10 : 0.1)).toFixed(2);
    };
    if (topic.startsWith('tickers.') && faults.strikes('absurd-price')) {
      const data = objectIn(message['data']);
      const prices = ['lastPrice', 'markPrice', 'indexPrice'].filter((field) => field in data);
      return { ...message, data: { ...data, ...Object.fromEntries(prices.map((field) => [field, wrong(data[field])])) } };
    }
    if (topic.startsWith('publicTrade.') && faults.strikes('absurd-price')) {
      return { ...message, data: listIn(message['data']).map((row) => ({ ...objectIn(row), p: wrong(objectIn(row)['p']) })) };
    }
    return message;
  }

  /** Repeats trades and tickers. A book message must not be repeated, so it is followed by messages of a topic without a subscription. */
  #burst(topic: string, message: Message): void {
    const repeated = topic.startsWith('orderbook.')
      ? new Message({ topic: 'allLiquidation.BTCUSDT', type: 'snapshot', data: [] })
      : message;
    for (let i = 0; i < BURST; i += 1) this.#parts.deliver(repeated);
  }
}

function withLevel(message: JsonObject, price: string): JsonObject {
  const data = objectIn(message['data']);
  return { ...message, data: { ...data, b: [...listIn(data['b']), [price, '1']] } };
}
