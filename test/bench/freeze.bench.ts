import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { at } from '../../src/util/array.ts';
import { LISTED_SYMBOLS } from '../../src/simulator/instruments.ts';
import { runAsShipped } from './as-shipped.ts';
import type { FreezeRounds } from './freeze-rounds.ts';

const BIN = fileURLToPath(new URL('../../bin/mmbot.js', import.meta.url));
const FREEZES = 320;
const LANES = 6;
/** Of a busy hour on ten symbols, book messages a second; twice that is the load. */
const PEAK = 500;

/**
 * The exchange in a process of its own, the bot as it ships, real sockets, a durable journal. Without limits: so many starts open more
 * connections than an address may in five minutes.
 */
test('from a freeze to the first cancel on the wire, under twice the peak of messages', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mmbot-freeze-'));
  const symbols = LISTED_SYMBOLS.slice(0, 8);
  const exchange = execa(process.execPath, [
    BIN,
    'exchange',
    '--json',
    '--limits',
    'off',
    '--accounts',
    String(LANES + 2),
    '--symbols',
    symbols.join(','),
  ]);
  try {
    const document = await new Promise<string>((resolve) => exchange.stdout?.once('data', (chunk) => resolve(String(chunk))));
    const input = JSON.stringify({ ...(JSON.parse(document) as object), symbols, freezes: FREEZES, folder });
    const { rounds, perSecond, seconds } = (await runAsShipped('freeze-rounds.ts', { FREEZE_BENCH: input })) as FreezeRounds;
    const quantile = (list: readonly number[], q: number): string =>
      at(
        list.toSorted((a, b) => a - b),
        Math.ceil(q * list.length) - 1,
      ).toFixed(2);
    const row = (name: string, list: readonly number[]) => ({
      name,
      'p50 ms': quantile(list, 0.5),
      'p99 ms': quantile(list, 0.99),
      'max ms': quantile(list, 1),
    });
    console.table([
      row(
        'from when it was due',
        rounds.map(({ dueMs }) => dueMs),
      ),
      row(
        'from the call',
        rounds.map(({ callMs }) => callMs),
      ),
    ]);
    console.log(
      `${rounds.length} freezes in ${seconds.toFixed(0)} s, ${perSecond.toFixed(0)} book messages/s (${(perSecond / PEAK).toFixed(1)} of the peak)`,
    );
  } finally {
    exchange.kill('SIGTERM');
    await exchange.catch(() => undefined);
    await rm(folder, { recursive: true });
  }
});
