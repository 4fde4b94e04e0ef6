import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/util/random.ts';
import { missingRedis, startRedis } from '../support/campaign/redis-server.ts';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startMmbot, type Running } from '../support/program/running.ts';

/** Four setups on fifty seeds. */
const RUNS = 200;
const CAMPAIGN =
  'campaign --profile s1,conservative --vary quoting.orderSizeUsd=100,200 --seeds 50 --confirm 0 --no-race --duration 60 --no-pages --log-level error'.split(
    ' ',
  );
const KILLS = 100;
const LIMIT_MS = 3_600_000;

interface Ended {
  readonly answer: string;
  readonly seconds: number;
}

async function whole(...more: readonly string[]): Promise<Ended> {
  const cwd = folderWith();
  const { exitCode, stderr, durationMs } = await runMmbot([...CAMPAIGN, ...more], { cwd, timeoutMs: LIMIT_MS });
  expect([exitCode, stderr]).toEqual([0, '']);
  return { answer: answerIn(cwd), seconds: durationMs / 1000 };
}

function answerIn(cwd: string): string {
  const answer = readFileSync(join(cwd, 'reports/campaign/campaign.json'), 'utf8');
  expect((JSON.parse(answer) as { runs: unknown[] }).runs).toHaveLength(RUNS);
  return answer;
}

describe('the answer of two hundred runs is the same to the byte', () => {
  let reference: Ended | undefined;
  const expected = async (): Promise<Ended> => (reference ??= await whole('--jobs', '1'));

  test('with one, two and four processes', { timeout: LIMIT_MS }, async () => {
    const one = await expected();
    const [two, four] = [await whole('--jobs', '2'), await whole('--jobs', '4')];
    console.log(
      `1, 2, 4 processes: ${[one, two, four].map(({ seconds }) => seconds.toFixed(1)).join(', ')} s; two are ${(one.seconds / two.seconds).toFixed(2)} times as fast`,
    );
    expect(two.answer).toBe(one.answer);
    expect(four.answer).toBe(one.answer);
  });

  test.skipIf(missingRedis())('with two workers of a Redis server', { timeout: LIMIT_MS }, async () => {
    const redis = await startRedis();
    const workers = ['one', 'two'].map((name) => startWorker(redis.url, name));
    const { answer, seconds } = await whole('--redis', redis.url);
    for (const worker of workers) worker.kill('SIGTERM');
    console.log(`two workers of a Redis server: ${seconds.toFixed(1)} s`);
    expect(answer).toBe((await expected()).answer);
  });

  test.skipIf(missingRedis())(`after ${KILLS} kills of workers, coordinator and Redis`, { timeout: LIMIT_MS }, async () => {
    const random = seededRandom('kills');
    const redis = await startRedis();
    const cwd = folderWith();
    const args = [...CAMPAIGN, '--redis', redis.url];
    const workers = ['one', 'two'].map((name) => startWorker(redis.url, name));
    let campaign = startMmbot(args, { cwd });
    let hasEnded = watched(campaign);
    const counts = { worker: 0, coordinator: 0, redis: 0, starts: 1 };
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pause(300 + 1500 * random.uniform());
      const victim = random.uniform();
      if (victim < 0.5) {
        counts.worker += 1;
        const which = random.uniform() < 0.5 ? 0 : 1;
        await ended(workers[which]);
        workers[which] = startWorker(redis.url, ['one', 'two'][which] ?? '');
      } else if (victim < 0.8 || hasEnded()) {
        counts.coordinator += 1;
        counts.starts += 1;
        await ended(campaign);
        campaign = startMmbot(args, { cwd });
        hasEnded = watched(campaign);
      } else {
        counts.redis += 1;
        await redis.kill();
        await pause(500 * random.uniform());
        await redis.start();
      }
    }
    await campaign.exitCode;
    // A run that was under way at three kills is lost for that start; the next one tries it again.
    const calm = await runMmbot(args, { cwd, timeoutMs: LIMIT_MS });
    console.log(`kills: ${JSON.stringify(counts)}`);
    expect([calm.exitCode, calm.stderr]).toEqual([0, '']);
    expect(answerIn(cwd)).toBe((await expected()).answer);
  });
});

function startWorker(url: string, name: string): Running {
  return startMmbot(['worker', '--redis', url, '--jobs', '1', '--name', name, '--quiet']);
}

async function ended(running: Running | undefined): Promise<void> {
  running?.kill('SIGKILL');
  await running?.exitCode;
}

function watched(running: Running): () => boolean {
  let isOver = false;
  void running.exitCode.then(() => {
    isOver = true;
  });
  return () => isOver;
}
