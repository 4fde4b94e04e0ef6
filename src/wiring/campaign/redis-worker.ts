import { isAbsolute } from 'node:path';
import { checkedOutcome } from '../../harness/campaign/read-result.ts';
import { runId } from '../../harness/campaign/run-spec.ts';
import { taskIn } from '../../harness/campaign/task-in.ts';
import { WaitingError, Worker, type Job } from 'bullmq';
import { messageOf } from '../../errors.ts';
import { MOST_DEATHS, type RunEngine, type RunOutcome, type RunTask } from '../../harness/campaign/engine.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { every, systemClock } from '../../util/clock.ts';
import { withResolvers, within } from '../../util/promise.ts';
import { randomId, systemRandom } from '../../util/random.ts';
import { Attempts } from './attempts.ts';
import type { RedisAddress } from './redis-address.ts';
import { connectRedis, refused, type RedisClient } from './redis-connection.ts';
import { PREFIX, QueueNames, Results, waitingElsewhere } from './redis-queue.ts';
import { beat, BEAT_MS, leave, type WorkerInfo } from './worker-list.ts';

/** A run whose worker has not renewed its lock for so long is given to another. */
const LOCK_MS = 10_000;
const LOCK_CHECK_MS = 5000;
const RETRY_MS = 1000;
/** How often runs of other builds are looked for. */
const OTHERS_MS = 10_000;
/** Longest time to hand runs back. Without Redis it cannot be done: their locks expire. */
const CLOSE_MS = 3000;

export interface RedisWorkerParts {
  readonly address: RedisAddress;
  readonly info: WorkerInfo;
  readonly log: Logger;
  /** Where the runs are made. `onDeath`: to be called when a process has died that made a run; `how`: its exit code or signal. */
  readonly openEngine: (onDeath: (id: string, how: string) => void) => RunEngine;
  /** Called when runs are taken from now on; `counts`: those of any later moment. */
  readonly onReady: (counts: () => WorkerCounts) => void;
}

/** Runs of a worker so far. */
export interface WorkerCounts {
  readonly made: number;
  /** Given up, because they end their processes. */
  readonly lost: number;
  readonly handedBack: number;
  /** Under way now. */
  readonly running: number;
}

/**
 * Makes runs that campaigns have put into Redis, until `stop`: then those that it has begun go back into the queue at once. Throws MmbotError
 * when this machine cannot make a run, after it was handed back.
 */
export async function workFromRedis(parts: RedisWorkerParts, stop: AbortSignal): Promise<WorkerCounts> {
  const client = await Promise.race([connectRedis(parts.address, parts.log), aborted(stop)]);
  if (client === undefined) return { made: 0, lost: 0, handedBack: 0, running: 0 };
  try {
    await using worker = new RedisWorker(parts, client);
    return await worker.work(stop);
  } finally {
    client.disconnect();
  }
}

/**
 * Others may write to the server, so a task is checked before it is run: its id has to be the hash of its content, and its recordings have to
 * be in the folder of the worker.
 */
function isOurs({ id, spec }: RunTask, build: string): boolean {
  const paths = spec.scenario.recording?.files.map(({ path }) => path) ?? [];
  return runId(build, spec) === id && paths.every((path) => !isAbsolute(path) && !path.split(/[\\/]/).includes('..'));
}

class RedisWorker implements AsyncDisposable {
  readonly #parts: RedisWorkerParts;
  readonly #client: RedisClient;
  readonly #id = randomId(systemRandom, 12);
  readonly #names: QueueNames;
  readonly #results: Results;
  readonly #attempts: Attempts;
  readonly #engine: RunEngine;
  readonly #failure = withResolvers<never>();
  /** A run whose lock expired while Redis was away may come again while it is still made. */
  readonly #making = new Map<string, Promise<RunOutcome>>();
  /** By run. */
  readonly #aborts = new Map<string, AbortController>();
  #isEnding = false;
  #others = '';
  #made = 0;
  #lost = 0;
  #handedBack = 0;

  constructor(parts: RedisWorkerParts, client: RedisClient) {
    this.#parts = parts;
    this.#names = new QueueNames(parts.info.build);
    this.#client = client;
    this.#results = new Results(client, this.#names, parts.log);
    this.#attempts = new Attempts(client, this.#names);
    this.#engine = parts.openEngine((id, how) => this.#attempt(this.#childDied(id, how)));
    this.#failure.promise.catch(() => undefined);
  }

  async work(stop: AbortSignal): Promise<WorkerCounts> {
    const { info, log, address } = this.#parts;
    await beat(this.#client, this.#id, info);
    await this.#lookElsewhere();
    const stops = [
      every(systemClock, BEAT_MS, () => this.#attempt(beat(this.#client, this.#id, info))),
      every(systemClock, OTHERS_MS, () => this.#attempt(this.#lookElsewhere())),
    ];
    const worker = this.#start();
    this.#parts.onReady(() => this.#counts());
    log.info('worker_ready', { name: info.name, jobs: info.jobs, redis: address.shown, build: info.build });
    try {
      await Promise.race([aborted(stop), this.#failure.promise]);
    } catch (error) {
      this.#attempt(this.#client.publish(this.#names.ended, `${info.name}: ${messageOf(error)}`));
      throw error;
    } finally {
      for (const end of stops) end();
      await within(systemClock, CLOSE_MS, this.#close(worker), () => {
        log.warn('not_handed_back', { reason: 'Redis does not answer', next: 'others make its runs when it is back' });
        void worker.disconnect();
      });
    }
    return this.#counts();
  }

  #counts(): WorkerCounts {
    return { made: this.#made, lost: this.#lost, handedBack: this.#handedBack, running: this.#making.size };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
  }

  #start(): Worker<RunTask, null> {
    const { info, log } = this.#parts;
    const worker = new Worker<RunTask, null>(this.#names.queue, (job, token) => this.#process(job, token ?? ''), {
      connection: this.#client,
      prefix: PREFIX,
      concurrency: info.jobs,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_CHECK_MS,
      // Deaths are counted in `Attempts`: a lock may also expire because Redis was away.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: RETRY_MS,
      // Also of what another has put into the queue: a run with the name of one that has ended would never be made.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('error', (error) => log.debug('redis_error', { error: messageOf(error) }));
    return worker;
  }

  async #close(worker: Worker): Promise<void> {
    await worker.pause(true);
    this.#isEnding = true;
    for (const abort of this.#aborts.values()) abort.abort();
    await worker.close();
    await leave(this.#client, this.#id);
  }

  async #process(job: Job<RunTask, null>, token: string): Promise<null> {
    const task = taskIn(job.data);
    if (task === undefined || !isOurs(task, this.#parts.info.build)) {
      this.#parts.log.error('task_refused', { job: job.id, because: 'it is no run of a campaign of this build' });
      return null;
    }
    const { id, spec } = task;
    const making = this.#making.get(id) ?? this.#make(task);
    this.#making.set(id, making);
    try {
      await making;
      return null;
    } catch (error) {
      if (!this.#isEnding) this.#failure.reject(isReply(error) ? refused(error, this.#parts.address) : error);
      await this.#attempts.end(id, this.#id);
      await job.moveToWait(token);
      this.#handedBack += 1;
      this.#parts.log.info('run_handed_back', { id, seed: spec.seed });
      throw new WaitingError();
    } finally {
      this.#making.delete(id);
    }
  }

  async #make(task: RunTask): Promise<RunOutcome> {
    const { id, spec } = task;
    const earlier = await this.#results.get(task);
    if (earlier !== undefined) {
      await this.#results.tell(id);
      return earlier;
    }
    await this.#attempts.begin(id, { id: this.#id, name: this.#parts.info.name });
    const outcome = (await this.#lostAlready(id)) ?? (await this.#run(task));
    const kept = await this.#keep(task, outcome);
    const { log } = this.#parts;
    if (kept.kind === 'lost') {
      this.#lost += 1;
      log.error('run_lost', { id, seed: spec.seed, reason: kept.reason });
    } else {
      this.#made += 1;
      log.info('run_made', { id, seed: spec.seed, cpu_s: Math.round(kept.cpuMs / 100) / 10 });
    }
    return kept;
  }

  async #run(task: RunTask): Promise<RunOutcome> {
    const abort = new AbortController();
    this.#aborts.set(task.id, abort);
    if (this.#isEnding) abort.abort();
    try {
      const outcome = checkedOutcome(await this.#engine.run(task, abort.signal), task);
      return outcome.kind === 'done' ? outcome : ((await this.#lostAlready(task.id)) ?? outcome);
    } catch (error) {
      const lost = abort.signal.aborted && !this.#isEnding ? await this.#lostAlready(task.id) : undefined;
      if (lost === undefined) throw error;
      return lost;
    } finally {
      this.#aborts.delete(task.id);
    }
  }

  /** Counted over all workers: the engine of each would try as often again. */
  async #childDied(id: string, how: string): Promise<void> {
    this.#parts.log.warn('run_died', { id, how });
    await this.#attempts.died(id, `process on ${this.#parts.info.name}: ${how}`);
    if ((await this.#lostAlready(id)) !== undefined) this.#aborts.get(id)?.abort();
  }

  async #lostAlready(id: string): Promise<RunOutcome | undefined> {
    const deaths = await this.#attempts.deaths(id);
    return deaths.length < MOST_DEATHS
      ? undefined
      : { kind: 'lost', reason: `it ended its process or worker ${deaths.length} times: ${deaths.join('; ')}` };
  }

  /** Another worker may have made the same run meanwhile: both must have the same bytes. */
  async #keep(task: RunTask, outcome: RunOutcome): Promise<RunOutcome> {
    const { id } = task;
    const earlier = await this.#results.get(task);
    const differs = earlier?.kind === 'done' && outcome.kind === 'done' && earlier.result !== outcome.result;
    const reason = `two workers made different results of it, one of them ${this.#parts.info.name}: a bug in mmbot`;
    const kept: RunOutcome = differs ? { kind: 'lost', reason } : outcome;
    await this.#results.put(id, kept);
    await this.#attempts.forget(id);
    return kept;
  }

  async #lookElsewhere(): Promise<void> {
    const { build } = this.#parts.info;
    const waiting = await waitingElsewhere(this.#client, build);
    const others = [...waiting.keys()].join(', ');
    if (others !== '' && others !== this.#others)
      this.#parts.log.warn('other_build_waits', {
        runs: [...waiting.values()].reduce((sum, count) => sum + count, 0),
        of_build: others,
        this_build: build,
        next: 'they are not taken, because another build may trade differently: install the same mmbot here and there',
      });
    this.#others = others;
  }

  /** While Redis is away nothing fails but what was under way. */
  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#parts.log.debug('redis_error', { error: messageOf(error) }));
  }
}

/** An answer of Redis that is an error. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
