import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunOutcome, RunTask } from '../../src/harness/campaign/engine.ts';
import { openLocalEngine } from '../../src/wiring/campaign/local-engine.ts';
import { builtId, programHost } from '../support/campaign/program-host.ts';
import { NO_STOP, taskOf } from '../support/campaign/tasks.ts';

const RUNS = 100;
const MOST_MEMORY = 300_000_000;
const RECORDED = ['linear_orderbook_BTCUSDT', 'linear_publicTrade_BTCUSDT'];

/** Runs that have little in common. */
function kinds(): RunTask[] {
  const durationMs = 60_000;
  const { scenario } = taskOf('').spec;
  const files = RECORDED.map((name) => fileURLToPath(new URL(`../fixtures/bybit-capture/${name}.ndjson.gz`, import.meta.url)));
  const recording = { files: files.map((path) => ({ path, sha256: hashOf(path) })), queueModel: 'risk-averse' };
  const tasks = [
    taskOf('plain', { durationMs }),
    taskOf('close', { durationMs, settings: { 'quoting.baseSpreadBps': '1', 'quoting.adaptive': 'false' } }),
    taskOf('faults', { durationMs, scenario: { ...scenario, faults: 'lost-reply,socket-drop' } }),
    taskOf('three', { durationMs, scenario: { ...scenario, symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] } }),
    taskOf('recorded', { durationMs, scenario: { ...scenario, market: null, recording } }),
  ];
  return tasks.map((task) => ({ ...task, wantsPage: true }));
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** What every run of it must have. */
function bytesOf(outcome: RunOutcome): unknown {
  return outcome.kind === 'done' ? [outcome.result, outcome.page] : outcome;
}

test(`the first and the last of ${RUNS} runs of one process are as from a new one, in 300 MB`, { timeout: 1_800_000 }, async () => {
  const build = await builtId();
  const tasks = kinds();
  await using fresh = openLocalEngine(programHost(), { build, width: 2, runsPerChild: 1 });
  const expected = await Promise.all(tasks.map(async (task) => bytesOf(await fresh.run(task, NO_STOP))));
  const host = programHost();
  await using engine = openLocalEngine(host, { build, width: 1, mostMemoryBytes: MOST_MEMORY });
  for (let i = 0; i < RUNS; i += 1) {
    const task = tasks[i % tasks.length];
    if (task !== undefined) expect([i, bytesOf(await engine.run(task, NO_STOP))]).toEqual([i, expected[i % tasks.length]]);
  }
  // A larger one would have been replaced.
  expect(host.started).toHaveLength(1);
});
