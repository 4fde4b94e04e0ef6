import { Queue } from 'bullmq';
import { resultText } from '../../../src/harness/campaign/result-text.ts';
import type { RunResult } from '../../../src/harness/campaign/run-result.ts';
import { runId } from '../../../src/harness/campaign/run-spec.ts';
import { describe, expect, test, vi } from 'vitest';
import { usageError } from '../../../src/errors.ts';
import type { RunOutcome, RunTask } from '../../../src/harness/campaign/engine.ts';
import { withResolvers } from '../../../src/util/promise.ts';
import { inProcessEngine } from '../../support/campaign/in-process-engine.ts';
import { listening } from '../../support/campaign/listening.ts';
import { missingRedis, startRedis, type TestRedis } from '../../support/campaign/redis-server.ts';
import { runResult } from '../../support/campaign/results.ts';
import { BUILD, engineOf, openCampaign, startWorker, shortTask } from '../../support/campaign/redis-campaign.ts';
import { NO_STOP } from '../../support/campaign/tasks.ts';

const missing = missingRedis();

const tasks = (count: number): readonly RunTask[] => Array.from({ length: count }, (_, i) => shortTask(String(i)));

/** An engine that has begun a run when `begun` resolves, and makes none. */
function stuck() {
  const { promise: begun, resolve } = withResolvers<void>();
  const engine = engineOf((_, signal) => {
    resolve();
    return new Promise((_done, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });
  return { begun, engine: () => engine };
}

/** A result of this run, with these fields. */
function made({ id, spec: { seed, durationMs } }: RunTask, fields: Partial<RunResult> = {}): RunOutcome {
  return { kind: 'done', result: resultText(runResult({ id, seed, elapsedMs: durationMs, ...fields })), page: null, cpuMs: 1 };
}

/** Names of what is in Redis, without what expires. */
async function kept(redis: TestRedis): Promise<readonly string[]> {
  const names = (await redis.cli('keys', '*')).split('\n').filter((name) => name !== '');
  const lives = await Promise.all(names.map((name) => redis.cli('ttl', name)));
  return names.filter((_, i) => lives[i] === '-1').toSorted();
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(holds, { timeout: 60_000, interval: 20 });
}

describe.skipIf(missing !== undefined)(`with Redis${missing === undefined ? '' : `: ${missing}`}`, () => {
  test('two workers share the runs: each is made once, with the bytes that this process makes', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const workers = [startWorker(redis, { name: 'one' }), startWorker(redis, { name: 'two' })];
    const all = tasks(12);
    const outcomes = await Promise.all(all.map((task) => campaign.run(task, NO_STOP)));
    await using reference = inProcessEngine();
    const expected = await Promise.all(all.slice(0, 3).map((task) => reference.run(task, NO_STOP)));
    expect(outcomes.slice(0, 3)).toEqual(expected);
    expect(campaign.width).toBe(2);
    const counts = await Promise.all(workers.map((worker) => worker.stop()));
    expect(workers.map(({ text }) => /"event":"(?!worker_ready|run_made)\w+"/.exec(text())?.[0])).toEqual([undefined, undefined]);
    expect(counts.reduce((sum, { made }) => sum + made, 0)).toBe(12);
    expect(Math.min(...counts.map(({ made }) => made))).toBeGreaterThan(0);
    // What stays does not grow with the number of runs.
    const own = ['events', 'id', 'meta', 'marker'].map((name) => `mmbot:runs-${BUILD}:${name}`);
    expect((await kept(redis)).filter((name) => !own.includes(name))).toEqual(['mmbot:builds']);
  });

  test('without a worker it says so and waits', async () => {
    const redis = await startRedis();
    const said = listening();
    const campaign = await openCampaign(redis, said);
    const [task = shortTask('0')] = tasks(1);
    const outcome = campaign.run(task, NO_STOP);
    await until(() => said.text().includes('no_worker'));
    expect(campaign.width).toBe(0);
    expect(said.text()).toContain(`"run":"mmbot worker --redis ${redis.url}"`);
    startWorker(redis);
    expect((await outcome).kind).toBe('done');
    await until(() => campaign.width === 1);
    expect(said.text().match(/no_worker/g)).toHaveLength(1);
  });

  test('a worker of another build takes nothing; both sides say why', async () => {
    const redis = await startRedis();
    const said = listening();
    const campaign = await openCampaign(redis, said);
    const outcome = campaign.run(shortTask('0'), NO_STOP);
    await until(async () => (await redis.cli('llen', `mmbot:runs-${BUILD}:wait`)) === '1');
    const other = startWorker(redis, { name: 'old', build: '0.0.0+old' });
    await until(() => other.text().includes('other_build_waits') && said.text().includes('no_worker'));
    expect(other.text()).toMatch(/"runs":1,"of_build":"0.0.0\+test","this_build":"0.0.0\+old"/);
    expect(said.text()).toContain('"workers_of_other_builds":"old (build 0.0.0+old)"');
    startWorker(redis);
    expect((await outcome).kind).toBe('done');
    expect(await other.stop()).toMatchObject({ made: 0, handedBack: 0 });
  });

  test('a worker that is stopped hands its run back, and another makes it at once', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const { begun, engine } = stuck();
    const first = startWorker(redis, { engine });
    const outcome = campaign.run(shortTask('0'), NO_STOP);
    await begun;
    const stopped = performance.now();
    expect(await first.stop()).toEqual({ made: 0, lost: 0, handedBack: 1, running: 0 });
    startWorker(redis, { name: 'two' });
    expect((await outcome).kind).toBe('done');
    // Sooner than its lock would have expired.
    expect(performance.now() - stopped).toBeLessThan(8000);
  });

  test('what somebody else puts into the queue is no run: no file is read, and the worker goes on', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const queue = new Queue(`runs-${BUILD}`, { prefix: 'mmbot', connection: { host: '127.0.0.1', port: redis.port } });
    const task = shortTask('0');
    const { scenario } = task.spec;
    const files = { files: [{ path: '/etc/passwd', sha256: 'x' }], queueModel: 'trade' };
    const reading = { ...task.spec, scenario: { ...scenario, market: null, recording: files } };
    for (const [id, data] of [
      ['nothing', { id: 'nothing' }],
      ['reading', { ...task, id: runId(BUILD, reading), spec: reading }],
      [task.id, { ...task, spec: { ...task.spec, durationMs: 1 } }],
    ] as const)
      await queue.add('run', data, { jobId: id });
    await queue.close();
    const worker = startWorker(redis);
    await until(() => (worker.text().match(/task_refused/g) ?? []).length === 3);
    const outcome = await campaign.run(task, NO_STOP);
    expect(outcome.kind === 'done' && JSON.parse(outcome.result)).toMatchObject({
      id: task.id,
      elapsedMs: expect.closeTo(1000, 6) as number,
    });
    expect((await worker.stop()).made).toBe(1);
  });

  test('a worker that cannot make a run hands it back and ends; the campaign says why', async () => {
    const redis = await startRedis();
    const said = listening();
    const campaign = await openCampaign(redis, said);
    const failing = startWorker(redis, { engine: () => engineOf(() => Promise.reject(usageError('day.csv: not found'))) });
    const outcome = campaign.run(shortTask('0'), NO_STOP);
    await expect(failing.ended).rejects.toThrow('day.csv: not found');
    startWorker(redis, { name: 'two' });
    expect((await outcome).kind).toBe('done');
    expect(said.text()).toContain('"event":"worker_ended","why":"one: day.csv: not found"');
  });

  test('a worker for whose result Redis has no memory ends and says so', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const { promise: isBegun, resolve: begin } = withResolvers<void>();
    const { promise: mayEnd, resolve: end } = withResolvers<void>();
    const worker = startWorker(redis, {
      engine: () =>
        engineOf(async (task) => {
          begin();
          await mayEnd;
          return made(task);
        }),
    });
    const outcome = campaign.run(shortTask('0'), NO_STOP);
    await isBegun;
    await redis.cli('config', 'set', 'maxmemory', '1');
    end();
    await expect(worker.ended).rejects.toMatchObject({ code: 'redis_refused', exitCode: 2, message: expect.stringContaining('OOM') });
    await expect(campaign.run(shortTask('1'), NO_STOP)).rejects.toMatchObject({ code: 'redis_refused' });
    await redis.cli('config', 'set', 'maxmemory', '0');
    startWorker(redis, { name: 'two' });
    expect((await outcome).kind).toBe('done');
  });

  test('two campaigns that wait for one run both get it, also when the first of them is stopped', async () => {
    const redis = await startRedis();
    const [first, second] = [await openCampaign(redis), await openCampaign(redis)];
    const stop = new AbortController();
    const [task, other] = [shortTask('0'), shortTask('1')];
    const stopped = [task, other].map((of) => first.run(of, stop.signal));
    const outcomes = Promise.all([task, other].map((of) => second.run(of, NO_STOP)));
    await until(async () => (await redis.cli('llen', `mmbot:runs-${BUILD}:wait`)) === '2');
    stop.abort(new Error('stopped'));
    await Promise.allSettled(stopped);
    startWorker(redis);
    expect((await outcomes).map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect((await first.run(task, NO_STOP)).kind).toBe('done');
  });

  test('a run that ends three processes is lost, whichever workers they were of', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const task = shortTask('0');
    // A worker that was killed has left its mark.
    await redis.cli('hset', `mmbot:attempts:${BUILD}:${task.id}`, 'worker-that-died', 'old');
    const dying = startWorker(redis, {
      engine: (onDeath) =>
        engineOf((_, signal) => {
          for (const how of ['SIGSEGV', 'exit 134']) onDeath(task.id, how);
          return new Promise((_done, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        }),
    });
    const outcome = await campaign.run(task, NO_STOP);
    expect(outcome).toEqual({
      kind: 'lost',
      reason: expect.stringMatching(/^it ended its process or worker 3 times: .*/),
    });
    const { reason } = outcome as Extract<RunOutcome, { kind: 'lost' }>;
    for (const death of ['worker old ended', 'process on one: SIGSEGV', 'process on one: exit 134']) expect(reason).toContain(death);
    await until(async () => !(await kept(redis)).some((name) => name.includes(task.id)));
    expect(await dying.stop()).toMatchObject({ made: 0, lost: 1, handedBack: 0 });
    // Who asks again wants another try.
    startWorker(redis, { name: 'two' });
    expect((await campaign.run(task, NO_STOP)).kind).toBe('done');
  });

  test('two workers that disagree about a run are found out', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const task = shortTask('0');
    const { promise: isBegun, resolve: begin } = withResolvers<void>();
    const { promise: mayEnd, resolve: end } = withResolvers<void>();
    startWorker(redis, {
      engine: () =>
        engineOf(async () => {
          begin();
          await mayEnd;
          return made(task, { requests: 7 });
        }),
    });
    const outcome = campaign.run(task, NO_STOP);
    await isBegun;
    await redis.cli('set', `mmbot:result:${BUILD}:${task.id}`, JSON.stringify(made(task, { requests: 8 })));
    end();
    expect(await outcome).toEqual({ kind: 'lost', reason: 'two workers made different results of it, one of them one: a bug in mmbot' });
  });

  test.each([
    ['no outcome', () => 'hello', 'expected the text of a result'],
    ['of another seed', (task: RunTask) => JSON.stringify(made(task, { seed: '1' })), 'seed: expected 0, was 1'],
    ['that nobody can earn', (task: RunTask) => JSON.stringify(made(task, { netUsd: 1e6 })), 'netUsd: expected the sum'],
  ])('what somebody else puts in the place of a result is refused, and the run is made: %s', async (_, forged, because) => {
    const redis = await startRedis();
    const said = listening();
    const campaign = await openCampaign(redis, said);
    const task = shortTask('0');
    const key = `mmbot:result:${BUILD}:${task.id}`;
    await redis.cli('set', key, forged(task));
    const outcome = campaign.run(task, NO_STOP);
    await until(() => said.text().includes('result_refused'));
    await until(async () => (await redis.cli('llen', `mmbot:runs-${BUILD}:wait`)) === '1');
    await redis.cli('set', key, forged(task));
    const worker = startWorker(redis);
    await using reference = inProcessEngine();
    expect(await outcome).toEqual(await reference.run(task, NO_STOP));
    expect(said.text()).toContain(`"event":"result_refused","key":"${key}","because":"${because}`);
    expect(worker.text()).toContain(`"event":"result_refused","key":"${key}","because":"${because}`);
  });

  test('a worker gives no result away that its run cannot have had', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    startWorker(redis, { engine: () => engineOf((task) => Promise.resolve(made(task, { fills: -1 }))) });
    expect(await campaign.run(shortTask('0'), NO_STOP)).toEqual({
      kind: 'lost',
      reason: 'what came back is no result of this run: fills: expected a whole number from 0 on, was -1',
    });
  });

  test('a run that is not wanted any more is taken out of the queue', async () => {
    const redis = await startRedis();
    const campaign = await openCampaign(redis);
    const stop = new AbortController();
    const outcomes = tasks(3).map((task) => campaign.run(task, stop.signal));
    const waiting = () => redis.cli('llen', `mmbot:runs-${BUILD}:wait`);
    await until(async () => (await waiting()) === '3');
    stop.abort(new Error('stopped'));
    for (const { status } of await Promise.allSettled(outcomes)) expect(status).toBe('rejected');
    await campaign[Symbol.asyncDispose]();
    expect(await waiting()).toBe('0');
  });

  test('the queue of a build that nobody uses any more is removed', async () => {
    const redis = await startRedis();
    const old = await openCampaign(redis, { build: '0.0.0+old' });
    void old.run(shortTask('0'), NO_STOP).catch(() => undefined);
    const inQueue = () => redis.cli('exists', 'mmbot:runs-0.0.0+old:wait');
    await until(async () => (await inQueue()) === '1');
    await redis.cli('del', 'mmbot:used:0.0.0+old');
    await openCampaign(redis);
    expect(await inQueue()).toBe('0');
  });

  describe('Redis goes away and comes back', () => {
    test('with an append-only file all goes on; both sides say it', async () => {
      const redis = await startRedis('--appendfsync', 'always');
      const said = listening();
      const campaign = await openCampaign(redis, said);
      const { promise: isBegun, resolve: begin } = withResolvers<void>();
      const { promise: mayEnd, resolve: end } = withResolvers<void>();
      const engine = inProcessEngine();
      const worker = startWorker(redis, {
        engine: () =>
          engineOf(async (task, signal) => {
            begin();
            await mayEnd;
            return engine.run(task, signal);
          }),
      });
      const outcomes = Promise.all(tasks(6).map((task) => campaign.run(task, NO_STOP)));
      await isBegun;
      await redis.kill();
      await until(() => [said, worker].every((each) => each.text().includes('redis_away')));
      end();
      await redis.start();
      expect((await outcomes).map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'done'));
      for (const text of [said.text(), worker.text()]) expect(text).toMatch(/redis_away[\s\S]*redis_back/);
      expect((await worker.stop()).made).toBeGreaterThanOrEqual(6);
    });

    test('without one, the campaign adds again what is lost', async () => {
      const redis = await startRedis('--appendonly', 'no');
      const said = listening();
      const campaign = await openCampaign(redis, said);
      const outcomes = Promise.all(tasks(3).map((task) => campaign.run(task, NO_STOP)));
      await until(async () => (await redis.cli('llen', `mmbot:runs-${BUILD}:wait`)) === '3');
      await redis.kill();
      await redis.start();
      startWorker(redis);
      expect((await outcomes).map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
      expect(said.text()).toContain('"event":"runs_added_again","runs":3');
    });
  });
});
