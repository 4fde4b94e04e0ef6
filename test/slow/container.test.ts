import { execa } from 'execa';
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { blocksOf, ROOT } from '../support/docs/documents.ts';
import { folderWith } from '../support/program/folders.ts';
import { startExchange, type RunningExchange } from '../support/program/running.ts';

/** A process tree of its own, which ends with its first process, as in a container. */
const CONTAINER = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Runs the script that the documents show as process 1 of a container, from when orders of the bot in it rest. */
async function container(exchange: RunningExchange) {
  const shown = blocksOf('docs/operations.md').find(({ info }) => info.includes('process-1'))?.code ?? '';
  const script = shown.replaceAll(/--venue mainnet( --confirm mainnet)?/g, `--rest-url ${exchange.restUrl}`);
  const cwd = folderWith({
    'entrypoint.sh': script,
    'bin/mmbot': `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'bin/mmbot.js')} "$@"\n`,
  });
  chmodSync(join(cwd, 'bin/mmbot'), 0o755);
  const path = [join(cwd, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const outer = execa('unshare', [...CONTAINER, '/bin/sh', 'entrypoint.sh'], {
    cwd,
    env: { ...exchange.env, PATH: path },
    extendEnv: false,
    reject: false,
    all: true,
  });
  onTestFinished(() => void outer.kill('SIGKILL'));
  while ((await exchange.openOrders()).length === 0) await pause(20);
  const first = childrenOf(outer.pid ?? 0)[0] ?? 0;
  return { first, ended: outer.then(({ exitCode, all }) => ({ exitCode, all })) };
}

/** By the ids that they have outside. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

async function emptyAfter(exchange: RunningExchange, withinMs: number): Promise<number> {
  for (const startedAt = performance.now(); ; await pause(10)) {
    const elapsed = performance.now() - startedAt;
    if ((await exchange.openOrders()).length === 0 || elapsed > withinMs) return elapsed;
  }
}

describe('in a container', () => {
  test('a bot that is killed is cleaned up after by its guard, and the emptiness is proven', { timeout: 60_000 }, async () => {
    const exchange = await startExchange(['--seed', '7']);
    const { first, ended } = await container(exchange);
    process.kill(childrenOf(first)[0] ?? 0, 'SIGKILL');
    expect(await emptyAfter(exchange, 5000)).toBeLessThan(3000);
    const { exitCode, all } = await ended;
    expect(exitCode).toBe(128 + 9);
    expect(all).toContain('"guard_acts"');
    expect(all).toContain('VERIFIED EMPTY');
  });

  test('a SIGTERM stops it cleanly', { timeout: 60_000 }, async () => {
    const exchange = await startExchange(['--seed', '7']);
    const { first, ended } = await container(exchange);
    process.kill(first, 'SIGTERM');
    const { exitCode, all } = await ended;
    expect([exitCode, await exchange.openOrders()]).toEqual([0, []]);
    expect(all).not.toContain('guard_acts');
  });
});
