import { describe, expect, it } from 'vitest';
import { createVenue } from '../../../../src/simulator/embedded-venue.ts';
import type { OpenFile } from '../../../../src/simulator/replay/file-bytes.ts';
import { openRecording, type RecordingOptions } from '../../../../src/simulator/replay/open-recording.ts';
import { TRADE_QUEUE } from '../../../../src/simulator/replay/queue-models.ts';
import { ReplayPlayer } from '../../../../src/simulator/replay/replay-player.ts';
import type { VenueEvent } from '../../../../src/simulator/venue/events.ts';
import type { PlaceRequest } from '../../../../src/simulator/venue/requests.ts';
import { defined } from '../../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';
import { limit } from '../venues.ts';
import { bookLine, filesOf, SNAPSHOT, tradeLine } from './recordings.ts';

const T = 1_784_937_600_000;
const DEPTH = { b: [['65000.00', '1.000']], a: [['65000.10', '2.000']] };

const RECORDING = [
  tradeLine({ at: T - 500, price: '64000.00', size: '9', id: 'before the book' }),
  bookLine({ ...SNAPSHOT, ...DEPTH, u: 5, cts: T }),
  tradeLine({ at: T + 1000, price: '65000.00', size: '1.5', id: 'taken' }),
  tradeLine({ at: T + 1500, price: '64990.00', size: '5', id: 'block', block: true }),
  bookLine({
    u: 6,
    cts: T + 2000,
    b: [
      ['65000.00', '0'],
      ['64999.90', '3.000'],
    ],
  }),
  tradeLine({ at: T + 3000, price: '65000.10', size: '0.1', side: 'Buy', id: 'last' }),
].join('\n');

async function playing(open: OpenFile, options: Partial<RecordingOptions> = {}) {
  const recording = await openRecording({ paths: ['day'], open, ...options });
  const clock = new VirtualClock(recording.startAt);
  const failures: unknown[] = [];
  const replay = new ReplayPlayer({
    recording,
    queueModel: TRADE_QUEUE,
    clock,
    hold: (reading) => clock.hold(reading),
    onFailure: (error) => failures.push(error),
  });
  const venue = createVenue({
    clock,
    random: seededRandom('replay'),
    symbols: recording.symbols,
    market: 'btc',
    accounts: 2,
    source: replay,
  });
  const events: VenueEvent[] = [];
  venue.onEvent((event) => events.push(event));
  const pass = (ms: number): Promise<void> => clock.run(sleep(clock, ms));
  return { recording, clock, venue, events, pass, failures, replay, market: defined(venue.market('BTCUSDT'), 'BTCUSDT') };
}

const bid = (price: number, quantity: number): PlaceRequest => ({ ...limit('buy', price, quantity), timeInForce: 'PostOnly' });

describe('a venue that plays a recording', () => {
  it('shows the recorded book and prints the recorded trades at their times, and no others', async () => {
    const { recording, venue, events, pass, market, clock } = await playing(filesOf({ day: RECORDING }));
    expect(recording).toMatchObject({ symbols: ['BTCUSDT'], startAt: T, endAt: T + 3000, counts: { bookMessages: 2, trades: 3 } });
    venue.start();
    await pass(10);
    expect(market.book.bids.level(0)).toEqual({ price: 650_000, quantity: 1000 });
    expect(market.markPrice).toBe(650_001);
    venue.place(0, bid(650_000, 700));
    await pass(4000);
    venue.stop();
    const trades = events.flatMap((event) => (event.type === 'trade' ? [[event.trade.id, event.trade.at - T]] : []));
    expect(trades).toEqual([
      ['taken', 1000],
      ['block', 1500],
      ['last', 3000],
    ]);
    expect(market.recentTrades.map(({ id }) => id)).toEqual(['taken', 'block', 'last']);
    expect(market.lastPrice).toBe(650_001);
    expect(market.book.bids.level(0)).toEqual({ price: 649_999, quantity: 3000 });
    expect(clock.now()).toBe(T + 4010);
  });

  it('fills a resting order with what went past its queue, at its price, as a maker; a block trade fills nobody', async () => {
    const { venue, pass } = await playing(filesOf({ day: RECORDING }));
    venue.start();
    await pass(10);
    venue.place(0, bid(650_000, 700));
    await pass(1900);
    expect(venue.executions(0)).toMatchObject([{ price: 650_000, quantity: 500, isMaker: true, leavesQuantity: 200 }]);
    expect(venue.position(0, 'BTCUSDT').quantity).toBe(500);
    expect(venue.openOrders(0)).toMatchObject([{ status: 'PartiallyFilled' }]);
    venue.stop();
  });

  it('takes for its clients what the recording shows, once, and lets each account see only its own', async () => {
    const { venue, pass, market } = await playing(filesOf({ day: RECORDING }));
    venue.start();
    await pass(10);
    const buy = { ...bid(650_001, 1500), timeInForce: 'IOC' as const };
    venue.place(0, buy);
    venue.place(1, buy);
    expect([venue.position(0, 'BTCUSDT').quantity, venue.position(1, 'BTCUSDT').quantity]).toEqual([1500, 500]);
    expect(market.book.asks.level(0)).toEqual({ price: 650_001, quantity: 2000 });
    venue.stop();
  });

  it('reports that the recording cannot be read further, and stops', async () => {
    let opened = 0;
    const whole = filesOf({ day: RECORDING });
    const cut = filesOf({ day: RECORDING.slice(0, 900) });
    const open: OpenFile = (path) => ((opened += 1) > 3 ? cut : whole)(path);
    const { venue, pass, failures } = await playing(open);
    venue.start();
    await pass(5000);
    expect(failures).toMatchObject([{ message: expect.stringMatching(/^day:\d+: expected a JSON object/) as string }]);
    venue.stop();
  });

  it('plays no longer than it is asked to', async () => {
    const { recording } = await playing(filesOf({ day: RECORDING }), { durationMs: 2000 });
    expect(recording.endAt).toBe(T + 2000);
    expect(recording.counts.trades).toBe(2);
  });
});

describe('a recording is refused', () => {
  const snapshot = (symbol: string): string => bookLine({ ...SNAPSHOT, symbol, u: 1, cts: T });

  it.each([
    ['when nobody lists its symbol', snapshot('NOSUCHUSDT'), undefined, "day:1: symbol: the embedded exchange has no 'NOSUCHUSDT'"],
    ['when the chosen symbol is not in it', snapshot('BTCUSDT'), ['ETHUSDT'], '--symbols: there is no order book of ETHUSDT in day'],
    [
      'when it has trades without a book',
      tradeLine({ at: T, price: '65000.00', size: '1', id: 'a' }),
      undefined,
      'day:1: trades of BTCUSDT, but the recording has no order book',
    ],
    ['when it has neither', '{"op":"subscribe","success":true}', undefined, 'day: the recording has no order book'],
  ])('%s', async (_, content, symbols, message) => {
    const opening = openRecording({ paths: ['day'], open: filesOf({ day: content }), symbols });
    await expect(opening).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) as string });
  });

  it('only in what is played: the other symbols of it do not matter', async () => {
    const content = `${snapshot('BTCUSDT')}\n${snapshot('NOSUCHUSDT')}`;
    const recording = await openRecording({ paths: ['day'], open: filesOf({ day: content }), symbols: ['BTCUSDT'] });
    expect(recording.symbols).toEqual(['BTCUSDT']);
  });
});
