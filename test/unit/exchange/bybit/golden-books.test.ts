import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BookReplica } from '../../../../src/exchange/bybit/streams/book-replica.ts';
import { instrumentIn } from '../../../../src/exchange/bybit/codec/market-codec.ts';
import { PublicStream } from '../../../../src/exchange/bybit/streams/public-stream.ts';
import type { ExchangeEvent } from '../../../../src/exchange/exchange.ts';
import type { BookSide, BookView } from '../../../../src/model/book.ts';
import { formatSteps } from '../../../../src/model/grid.ts';
import type { Instrument } from '../../../../src/model/instrument.ts';
import { defined } from '../../../../src/util/assert.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { listIn, objectIn, type JsonObject } from '../../../../src/util/json.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { fixtureJson, fixtureMessages } from '../../../support/bybit/fixtures.ts';
import { scriptedWire } from '../../../support/bybit/scripted-wire.ts';

const EXPECTED = objectIn(fixtureJson('golden/expected_final_books.json')['books']);
const LISTED = listIn(objectIn(fixtureJson('bybit-capture/instruments_info_linear_10.json')['result'])['list']).map(objectIn);

const CASES = [
  ['linear_orderbook_BTCUSDT', 'BTCUSDT', 'bybit-capture/linear_orderbook_BTCUSDT.ndjson.gz'],
  ['linear_orderbook_SOLUSDT', 'SOLUSDT', 'bybit-capture/linear_orderbook_SOLUSDT.ndjson.gz'],
  ['ob500_XRPUSDT_2024-12-01', 'XRPUSDT', 'bybit-history/2024-12-01_XRPUSDT_ob500.data'],
] as const;

/** The quantity step of XRPUSDT was 1 when the history was written, and is another one in the capture. */
function instrumentOf(symbol: string): Instrument {
  const row = defined(
    LISTED.find((candidate) => candidate['symbol'] === symbol),
    symbol,
  );
  const lotSize = objectIn(row['lotSizeFilter']);
  return instrumentIn(symbol === 'XRPUSDT' ? { ...row, lotSizeFilter: { ...lotSize, qtyStep: '1', minOrderQty: '1' } } : row);
}

function serialised(book: BookView, instrument: Instrument): string {
  const side = (levels: BookSide): string =>
    Array.from({ length: levels.length }, (_, i) => {
      const { price, quantity } = defined(levels.level(i), 'level');
      return `${formatSteps(price, instrument.tick)}:${formatSteps(quantity, instrument.lot)};`;
    }).join('');
  return `${side(book.bids)}|${side(book.asks)}`;
}

function summary(book: BookView, instrument: Instrument): JsonObject {
  const best = (levels: BookSide): string[] => {
    const { price, quantity } = defined(levels.level(0), 'best level');
    return [formatSteps(price, instrument.tick), formatSteps(quantity, instrument.lot)];
  };
  return {
    levels_bid: book.bids.length,
    levels_ask: book.asks.length,
    best_bid: best(book.bids),
    best_ask: best(book.asks),
    sha256_book: createHash('sha256').update(serialised(book, instrument)).digest('hex'),
  };
}

describe.each(CASES)('the recorded messages of %s', (name, symbol, path) => {
  const expected = objectIn(EXPECTED[name]);
  const instrument = instrumentOf(symbol);
  const messages = fixtureMessages(path);

  it('leave the expected book', () => {
    const replica = new BookReplica(instrument);
    for (const message of messages) expect(replica.apply(message)).toEqual({ tag: 'updated' });
    expect(messages).toHaveLength(Number(expected['messages']));
    expect(replica.sequence).toBe(expected['final_u']);
    expect(expected).toMatchObject(summary(replica.book, instrument));
  });

  it('leave the same book when they come over the stream', () => {
    const clock = new VirtualClock(0);
    const events: ExchangeEvent[] = [];
    const wire = scriptedWire(
      () => clock.monotonic(),
      () => ({}),
    );
    const stream = new PublicStream({
      wire,
      clock,
      random: seededRandom('golden'),
      url: 'ws://x/v5/public/linear',
      instruments: [instrument],
      emit: (event: ExchangeEvent) => events.push(event),
      onState: () => undefined,
    });
    stream.start();
    const socket = wire.socket('linear');
    socket.open();
    for (const message of messages) socket.say(message);
    expect(events).toHaveLength(messages.length);
    const last = events.findLast((event) => event.type === 'book');
    expect(expected).toMatchObject(summary(defined(last, 'a book event').book, instrument));
    stream.close();
  });
});
