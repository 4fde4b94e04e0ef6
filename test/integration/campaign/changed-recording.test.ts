import { createHash } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { RunTask } from '../../../src/harness/campaign/engine.ts';
import { SimulatedRuns } from '../../../src/wiring/simulated-run.ts';
import { taskOf } from '../../support/campaign/tasks.ts';
import { folderWith } from '../../support/program/folders.ts';

const NAMES = ['orderbook', 'publicTrade'].map((name) => `linear_${name}_BTCUSDT.ndjson.gz`);

/** A folder with a recording, and a task that plays it. */
function recorded(): { readonly folder: string; readonly task: RunTask; readonly trades: string } {
  const folder = folderWith();
  const files = NAMES.map((path) => {
    const content = readFileSync(join('test/fixtures/bybit-capture', path));
    writeFileSync(join(folder, path), content);
    return { path, sha256: createHash('sha256').update(content).digest('hex') };
  });
  const scenario = { market: null, recording: { files, queueModel: 'trade' }, symbols: ['BTCUSDT'], faults: 'none' };
  return { folder, task: taskOf('a1', { scenario, durationMs: 5000 }), trades: join(folder, NAMES[1] ?? '') };
}

/** Leaves out the last trade: it is a recording still. */
function replace(path: string): void {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  writeFileSync(path, gzipSync(`${lines.slice(0, -1).join('\n')}\n`));
}

const CHANGED = { code: 'recording_changed', exitCode: 2, message: expect.stringMatching(/publicTrade.*expected the recording/) as string };

test('a recording that is replaced between two runs of a process is noticed', async () => {
  const { folder, task, trades } = recorded();
  const runs = new SimulatedRuns(folder);
  await runs.run(task);
  replace(trades);
  await expect(runs.run(task)).rejects.toMatchObject(CHANGED);
});

test('one that is replaced while it is played is noticed at the end', async () => {
  const { folder, task, trades } = recorded();
  let isReplaced = false;
  const runs = new SimulatedRuns(folder, (simulatedMs) => {
    if (simulatedMs > 0 && !isReplaced) replace(trades);
    isReplaced ||= simulatedMs > 0;
  });
  await expect(runs.run(task)).rejects.toMatchObject(CHANGED);
});

test('one with another time and the same content is the same', async () => {
  const { folder, task, trades } = recorded();
  const runs = new SimulatedRuns(folder);
  const first = await runs.run(task);
  utimesSync(trades, 1, 1);
  expect(await runs.run(task)).toEqual(first);
});
