import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import type { JournalRecord } from '../../src/execution/journal.ts';
import { lineWriter } from '../../src/store/journal-format.ts';
import { JournalFold } from '../../src/store/journal-state.ts';
import { SegmentedJournal } from '../../src/store/segmented-journal.ts';
import { newOrder } from '../support/builders/builders.ts';
import { START } from '../support/builders/journals.ts';
import { runAsShipped } from './as-shipped.ts';
import type { Recovery } from './journal-recovery.ts';

const SYNCS = 400;
const GROUP = 20;

const folder = mkdtempSync(join(tmpdir(), 'mmbot-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = (i: number): JournalRecord => ({
  type: 'placeIntent',
  at: i,
  order: newOrder({ clientOrderId: `mm-abcdef-${i.toString(36)}` }),
});

async function timed(times: number, task: (i: number) => void | Promise<void>): Promise<readonly number[]> {
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const startedAt = performance.now();
    await task(i);
    took.push(performance.now() - startedAt);
  }
  return took.sort((a, b) => a - b);
}

function line(name: string, sorted: readonly number[], records = 1): string {
  const at = (q: number): string => ((sorted[Math.floor(sorted.length * q)] ?? 0) / records).toFixed(3);
  return `${name.padEnd(44)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

test('a durable intent', { timeout: 120_000 }, async () => {
  const journal = new SegmentedJournal(join(folder, 'live'), START, new JournalFold());
  const single = await timed(SYNCS, (i) => {
    journal.append(place(i));
    return journal.synced();
  });
  const grouped = await timed(SYNCS, (i) => {
    journal.append(...Array.from({ length: GROUP }, (_, k) => place(1000 + i * GROUP + k)));
    return journal.synced();
  });
  journal.close();
  const lineOf = lineWriter();
  const file = openSync(join(folder, 'bare'), 'w');
  const bare = await timed(SYNCS, (i) => {
    writeSync(file, lineOf(place(i)));
    fdatasyncSync(file);
  });
  closeSync(file);
  console.log(
    [
      line('append and sync', single),
      line(`the same, ${GROUP} in a group, each`, grouped, GROUP),
      line('peer: write and fdatasync, nothing else', bare),
    ].join('\n'),
  );
});

test('recovery of a million records', { timeout: 120_000 }, async () => {
  const { records, megabytes, times, peerMs } = (await runAsShipped('./journal-recovery.ts')) as Recovery;
  const shown = times.map((ms) => ms.toFixed(0)).join(', ');
  console.log(
    `${records} records, ${megabytes.toFixed(0)} MB: ${shown} ms; peer, readline and JSON.parse without a check: ${peerMs.toFixed(0)} ms`,
  );
});
