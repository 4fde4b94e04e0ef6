import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BookReplica } from '../../../src/exchange/bybit/streams/book-replica.ts';
import type { BookSide } from '../../../src/model/book.ts';
import { formatSteps, formatStepsShort } from '../../../src/model/grid.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import { openRecording } from '../../../src/simulator/replay/open-recording.ts';
import { TRADE_QUEUE } from '../../../src/simulator/replay/queue-models.ts';
import { ReplayPlayer } from '../../../src/simulator/replay/replay-player.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { openFileToRead } from '../../../src/store/files.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { objectIn, parseJson } from '../../../src/util/json.ts';
import { Message } from '../../../src/util/message.ts';
import { seededRandom } from '../../../src/util/random.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url).pathname;
const EXPECTED = objectIn(objectIn(parseJson(readFileSync(`${FIXTURES}golden/expected_final_books.json`, 'utf8')))['books']);

/** Quantities of XRPUSDT had no decimals when the history was written. */
const CASES = [
  ['linear_orderbook_BTCUSDT', 'BTCUSDT', 'bybit-capture/linear_orderbook_BTCUSDT.ndjson.gz', formatSteps],
  ['linear_orderbook_SOLUSDT', 'SOLUSDT', 'bybit-capture/linear_orderbook_SOLUSDT.ndjson.gz', formatSteps],
  ['ob500_XRPUSDT_2024-12-01', 'XRPUSDT', 'bybit-history/xrpusdt-ob500.data.zip', formatStepsShort],
  ['ob500_XRPUSDT_2024-12-01', 'XRPUSDT', 'bybit-history/2024-12-01_XRPUSDT_ob500.data', formatStepsShort],
] as const;

describe('a replayed recording', () => {
  it.each(CASES)('leaves the book of %s with a client of the exchange (%s, %s)', async (name, symbol, path, quantityText) => {
    const recording = await openRecording({ paths: [FIXTURES + path], open: openFileToRead });
    const clock = new VirtualClock(recording.startAt);
    const replay = new ReplayPlayer({
      recording,
      queueModel: TRADE_QUEUE,
      clock,
      hold: (reading) => clock.hold(reading),
      onFailure: (error) => expect(error).toBeUndefined(),
    });
    const exchange = createEmbeddedExchange({
      clock,
      random: seededRandom('books'),
      symbols: recording.symbols,
      market: 'btc',
      source: replay,
    });
    const { instrument } = defined(exchange.venue.market(symbol), symbol);
    const replica = new BookReplica(instrument);
    let pushes = 0;
    exchange.start();
    const socket = inProcessWire(exchange.surface, clock).open('ws://embedded/v5/public/linear', {
      onOpen: () => socket.send(new Message({ op: 'subscribe', args: [`orderbook.1000.${symbol}`] })),
      onMessage({ json }) {
        const message = objectIn(json);
        if (message['topic'] === undefined) return;
        pushes += 1;
        expect(replica.apply(message)).toEqual({ tag: 'updated' });
      },
      onClose: () => undefined,
    });
    await clock.run(sleep(clock, recording.endAt - recording.startAt + 1000));
    exchange.stop();

    const { book } = replica;
    const rows = (side: BookSide): [string, string][] =>
      Array.from({ length: side.length }, (_, i) => {
        const { price, quantity } = defined(side.level(i), 'level');
        return [formatSteps(price, instrument.tick), quantityText(quantity, instrument.lot)];
      });
    const serialised = [rows(book.bids), rows(book.asks)].map((side) => side.map(([price, quantity]) => `${price}:${quantity};`).join(''));
    expect(pushes).toBeGreaterThan(10);
    expect(EXPECTED[name]).toMatchObject({
      messages: recording.counts.bookMessages,
      levels_bid: book.bids.length,
      levels_ask: book.asks.length,
      best_bid: rows(book.bids)[0],
      best_ask: rows(book.asks)[0],
      sha256_book: createHash('sha256').update(serialised.join('|')).digest('hex'),
    });
  });
});
