import { expect, test } from 'vitest';
import { createVenue } from '../../src/simulator/embedded-venue.ts';
import { openRecording } from '../../src/simulator/replay/open-recording.ts';
import { TRADE_QUEUE } from '../../src/simulator/replay/queue-models.ts';
import { ReplayPlayer } from '../../src/simulator/replay/replay-player.ts';
import { sleep, VirtualClock } from '../../src/util/clock.ts';
import { parseJson } from '../../src/util/json.ts';
import { randomInt, seededRandom } from '../../src/util/random.ts';
import { bookLine, filesOf, zip } from '../unit/simulator/replay/recordings.ts';

/** Ten minutes of a book of 500 levels that changes in 90 places every 100 ms, as Bybit's history of linear contracts does. */
const MESSAGES = 6000;
const LEVELS = 500;
const CHANGES = 45;
const START = 1_733_011_200_000;

function recordedLines(): string[] {
  const random = seededRandom('replay bench');
  const side = (direction: number, count: number, pick: (i: number) => number): string[][] =>
    Array.from({ length: count }, (_, i) => [
      (65_000 + direction * (0.1 + 0.1 * pick(i))).toFixed(2),
      `${1 + randomInt(random, 50_000)}.000`,
    ]);
  const whole = (i: number): number => i;
  const some = (): number => randomInt(random, LEVELS);
  const terms = { depth: LEVELS, symbol: 'BTCUSDT' };
  const first = bookLine({ ...terms, type: 'snapshot', u: 1000, cts: START, b: side(-1, LEVELS, whole), a: side(1, LEVELS, whole) });
  const rest = Array.from({ length: MESSAGES - 1 }, (_, i) =>
    bookLine({ ...terms, u: 1001 + i, cts: START + 100 * (i + 1), b: side(-1, CHANGES, some), a: side(1, CHANGES, some) }),
  );
  return [first, ...rest];
}

async function seconds(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

test('reading and playing a recording, beside parsing its JSON alone', async () => {
  const lines = recordedLines();
  const bytes = zip({ 'day.data': lines.join('\n') });
  const options = { paths: ['day.zip'], open: filesOf({ 'day.zip': bytes }, 1 << 16) };
  // The first time only warms up.
  lines.map(parseJson);
  const parsing = await seconds(() => lines.map(parseJson).length);
  const reading = await seconds(() => openRecording(options));
  const recording = await openRecording(options);
  const clock = new VirtualClock(recording.startAt);
  const random = seededRandom('replay bench');
  const hold = (work: Promise<unknown>): void => clock.hold(work);
  const replay = new ReplayPlayer({ recording, queueModel: TRADE_QUEUE, clock, hold, onFailure: () => undefined });
  const venue = createVenue({ clock, random, symbols: recording.symbols, market: 'btc', accounts: 1, source: replay });
  const playing = await seconds(() => {
    venue.start();
    return clock.run(sleep(clock, recording.endAt - recording.startAt));
  });
  venue.stop();
  expect(recording.counts.bookMessages).toBe(MESSAGES);
  const row = (what: string, time: number): object => ({
    what,
    'messages/s': Math.round(MESSAGES / time),
    'x real time': Math.round((recording.endAt - recording.startAt) / 1000 / time),
    'x JSON alone': Math.round((10 * time) / parsing) / 10,
  });
  console.table([row('JSON.parse', parsing), row('read, unpack, check', reading), row('play, with the venue around it', playing)]);
});
