import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inProcessEngine } from '../support/campaign/in-process-engine.ts';
import { isAlive } from '../support/campaign/program-host.ts';
import { openCampaign } from '../support/campaign/redis-campaign.ts';
import { missingRedis, startRedis, type TestRedis } from '../support/campaign/redis-server.ts';
import { NO_STOP, namedTask } from '../support/campaign/tasks.ts';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startMmbot, type Running } from '../support/program/running.ts';

const missing = missingRedis();

/** Not over before something is done to it. */
const ENDLESS = { durationMs: 360_000_000 };

interface ReadyWorker extends Running {
  readonly build: string;
}

async function startWorker({ url }: TestRedis, name: string, ...args: readonly string[]): Promise<ReadyWorker> {
  const worker = startMmbot(['worker', '--redis', url, '--jobs', '1', '--name', name, ...args], {
    env: { PATH: process.env['PATH'] ?? '' },
  });
  await worker.seen('worker_ready');
  return { ...worker, build: /"build":"([^"]+)"/.exec(worker.stderr())?.[1] ?? '' };
}

/** Processes that a process has started and that have calculated for so long, s: more than a start takes. */
function busyChildren(pid: number, seconds: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number);
  return children.filter((child) => {
    if (child === 0 || !isAlive(child)) return false;
    const fields = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // In hundredths of a second.
    return Number(fields[11]) >= seconds * 100;
  });
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(100);
  }
}

const busyChild = (worker: Running): Promise<number> => until(() => busyChildren(worker.pid, 2)[0]);

async function workerAndCampaign(...args: readonly string[]) {
  const redis = await startRedis();
  const worker = await startWorker(redis, 'first', ...args);
  return { redis, worker, campaign: await openCampaign(redis, { build: worker.build }) };
}

/** A worker whose process, `child`, makes a run that does not end before `end`. */
async function endlessRun() {
  const { redis, worker, campaign } = await workerAndCampaign();
  const stop = new AbortController();
  const outcome = campaign.run(namedTask(worker.build, ENDLESS), stop.signal).catch(() => undefined);
  const end = (): Promise<unknown> => {
    stop.abort();
    return outcome;
  };
  return { redis, worker, child: await busyChild(worker), end };
}

/** The engine of a campaign as a program. */
async function builtCoordinator(): Promise<string> {
  const input = fileURLToPath(new URL('../support/campaign/coordinator.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent', transform: { target: 'node20' } });
  const file = join(folderWith(), 'coordinator.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  return file;
}

/** Runs of ten seconds in simulated time. */
function startCoordinator(program: string, { url }: TestRedis, build: string, seeds: readonly string[]) {
  const child = execa(process.execPath, [program, url, build, '10000', ...seeds], { reject: false });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('without an address, and with a password on the command line, it says what to do', async () => {
  const none = await runMmbot(['worker']);
  expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('--redis redis://10.0.0.5:6379, or set MM_REDIS_URL')]);
  const seen = await runMmbot(['worker', '--redis', 'redis://:canary0123456789@127.0.0.1']);
  expect([seen.exitCode, seen.stderr]).toEqual([2, expect.stringContaining('MM_REDIS_PASSWORD_FILE')]);
  expect(seen.stderr).not.toContain('canary');
});

describe.skipIf(missing !== undefined)(`with Redis${missing === undefined ? '' : `: ${missing}`}`, () => {
  test('the run of a worker that is killed is made by another, with the same bytes', async () => {
    const { redis, worker: first, campaign } = await workerAndCampaign();
    const task = namedTask(first.build, { durationMs: 20_000 });
    const outcome = campaign.run(task, NO_STOP);
    await until(async () => ((await redis.cli('keys', 'mmbot:attempts:*')) === '' ? undefined : true));
    first.kill('SIGKILL');
    await startWorker(redis, 'second');
    await using reference = inProcessEngine();
    expect(await outcome).toEqual({ ...(await reference.run(task, NO_STOP)), cpuMs: expect.any(Number) });
  });

  test('Ctrl-C hands its run back and ends with 130', async () => {
    const { redis, worker, child, end } = await endlessRun();
    worker.kill('SIGINT');
    expect([await worker.exitCode, worker.stdout()]).toEqual([130, '0 runs made, 1 handed back\n']);
    expect(await redis.cli('lrange', `mmbot:runs-${worker.build}:wait`, '0', '-1')).toBe(namedTask(worker.build, ENDLESS).id);
    expect(isAlive(child)).toBe(false);
    await end();
  });

  test('Ctrl-C ends it also when Redis has gone, and says what becomes of its run', async () => {
    const { redis, worker, child, end } = await endlessRun();
    await redis.kill();
    await worker.seen('redis_away');
    worker.kill('SIGINT');
    expect([await worker.exitCode, isAlive(child)]).toEqual([130, false]);
    expect(worker.stderr()).toMatch(/"event":"not_handed_back","reason":"Redis does not answer"/);
    expect(worker.stderr()).not.toMatch(/bug in mmbot|Error/);
    await end();
  });

  test('a run whose process is killed three times is lost, and the worker goes on', async () => {
    const { worker, campaign } = await workerAndCampaign();
    const outcome = campaign.run(namedTask(worker.build, ENDLESS), NO_STOP);
    for (let death = 1; death <= 3; death += 1) {
      process.kill(await busyChild(worker), 'SIGKILL');
      await until(() => (worker.stderr().match(/run_died|run_lost/g) ?? []).length >= death || undefined);
    }
    expect(await outcome).toEqual({
      kind: 'lost',
      reason: expect.stringMatching(/^it ended its process or worker 3 times: (process on first: SIGKILL(; )?){3}$/),
    });
    expect((await campaign.run(namedTask(worker.build), NO_STOP)).kind).toBe('done');
  });

  test('tells metrics what it has made, and what it is making', async () => {
    const { worker, campaign } = await workerAndCampaign('--metrics-port', '0');
    const [, url = ''] = /"url":"([^"]+)"/.exec(worker.stderr()) ?? [];
    const runs = async (): Promise<string> => (await (await fetch(url)).text()).match(/^mm_(worker_runs|run_info).*$/gm)?.join('\n') ?? '';
    const line = (state: string, count: number): string => `mm_worker_runs{state="${state}"} ${count}`;
    await campaign.run(namedTask(worker.build), NO_STOP);
    void campaign.run(namedTask(worker.build, ENDLESS), NO_STOP).catch(() => undefined);
    await busyChild(worker);
    expect((await runs()).split('\n')).toEqual([
      expect.stringMatching(/^mm_run_info\{command="worker",version="[\d.]+"\} 1$/),
      line('made', 1),
      line('lost', 0),
      line('handed_back', 0),
      line('running', 1),
    ]);
    expect((await fetch(url.replace('metrics', 'readyz'))).status).toBe(200);
  });

  test('a campaign that is killed and started again takes what was made meanwhile', async () => {
    const redis = await startRedis();
    const program = await builtCoordinator();
    const worker = await startWorker(redis, 'first');
    const seeds = ['1', '2', '3', '4', '5', '6'];
    const killed = startCoordinator(program, redis, worker.build, seeds);
    await worker.seen('run_made');
    killed.kill('SIGKILL');
    await killed;
    // Nobody waits for them now.
    await until(() => (worker.stderr().match(/run_made/g) ?? []).length === seeds.length || undefined);
    const { stdout } = await startCoordinator(program, redis, worker.build, seeds);
    const outcomes = stdout
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as { seed: string; kind: string });
    expect(outcomes.map(({ seed, kind }) => `${seed} ${kind}`).toSorted()).toEqual(seeds.map((seed) => `${seed} done`));
    expect(worker.stderr().match(/run_made/g)).toHaveLength(seeds.length);
  });
});
