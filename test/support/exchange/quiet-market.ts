import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRecording } from '../../../src/simulator/replay/open-recording.ts';
import { TRADE_QUEUE } from '../../../src/simulator/replay/queue-models.ts';
import { ReplayPlayer } from '../../../src/simulator/replay/replay-player.ts';
import { openFileToRead } from '../../../src/store/files.ts';
import type { VirtualClock } from '../../../src/util/clock.ts';
import { folderWith } from '../program/folders.ts';

const SYMBOL = 'BTCUSDT';
/** How far the price is from where it began, USD, second after second. */
const SWING = [0, 20, 40, 60, 80, 60, 40, 20];

/**
 * A market for long runs in which nothing of it matters but that there is one: a recording of `seconds` whose book moves once a second
 * and in which nobody trades. A minute of it takes a small part of the work of a minute of the market model.
 */
export async function quietMarket(clock: VirtualClock, seconds: number): Promise<ReplayPlayer> {
  const path = join(folderWith(), 'quiet.data');
  writeFileSync(path, Array.from({ length: seconds }, (_, second) => `${bookAt(clock.now(), second)}\n`).join(''));
  const recording = await openRecording({ paths: [path], open: openFileToRead });
  return new ReplayPlayer({
    recording,
    queueModel: TRADE_QUEUE,
    clock,
    hold: (reading) => clock.hold(reading),
    onFailure(error) {
      throw error;
    },
  });
}

function bookAt(startAt: number, second: number): string {
  const price = 65_000 + (SWING[second % SWING.length] ?? 0);
  const levels = (from: number, step: number): string[][] =>
    Array.from({ length: 10 }, (_, i) => [(price + from + i * step).toFixed(2), '5.000']);
  const at = startAt + second * 1000;
  const data = { s: SYMBOL, b: levels(0, -0.1), a: levels(0.1, 0.1), u: 100 + second, seq: 100 + second };
  return JSON.stringify({ topic: `orderbook.200.${SYMBOL}`, type: 'snapshot', ts: at, data, cts: at });
}
