import { EXIT, messageOf, MmbotError } from '../../errors.ts';
import type { RunEngine, RunOutcome, RunTask } from '../../harness/campaign/engine.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { assert } from '../../util/assert.ts';
import { every, systemClock } from '../../util/clock.ts';
import { withResolvers, within } from '../../util/promise.ts';
import type { RedisAddress } from './redis-address.ts';
import { connectRedis, refused, type RedisClient } from './redis-connection.ts';
import { addRun, keepQueue, openQueue, QueueNames, Results, type RunQueue } from './redis-queue.ts';
import { livingWorkers, type WorkerInfo } from './worker-list.ts';

/** How often the workers are counted. */
const LOOK_MS = 2000;
/** Looks without a worker before that is said. */
const PATIENT_LOOKS = 2;
/** How often results are looked for that were told while the connection was lost, and runs that Redis has lost. */
const SWEEP_MS = 5000;
/** Runs that are asked about at a time. */
const PORTION = 500;
/** Longest time in which the end of a campaign takes back runs that nobody has begun. */
const CLOSE_MS = 3000;

export interface RedisEngineParts {
  readonly address: RedisAddress;
  /** Of this program: only workers of the same build make its runs. */
  readonly build: string;
  readonly log: Logger;
}

interface Waiting {
  readonly task: RunTask;
  readonly resolve: (outcome: RunOutcome) => void;
  readonly reject: (error: unknown) => void;
  readonly outcome: Promise<RunOutcome>;
  /** Redis has it in its queue. */
  isQueued: boolean;
}

/** Gives runs to the workers of a Redis server: `mmbot worker`. Throws MmbotError (exit 2) when the server is not fit for that. */
export async function openRedisEngine({ address, build, log }: RedisEngineParts): Promise<RunEngine> {
  const client = await connectRedis(address, log);
  const listener = client.duplicate();
  listener.on('error', () => undefined);
  const engine = new RedisEngine({ address, build, log }, client, listener);
  try {
    await engine.open();
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw refused(error, address);
  }
}

class RedisEngine implements RunEngine {
  readonly #parts: RedisEngineParts;
  readonly #client: RedisClient;
  /** In the mode for subscribers it takes no other commands. */
  readonly #listener: RedisClient;
  readonly #queue: RunQueue;
  readonly #names: QueueNames;
  readonly #results: Results;
  readonly #waiting = new Map<string, Waiting>();
  readonly #withdrawals = new Set<Promise<unknown>>();
  readonly #stops: (() => void)[] = [];
  #workers: readonly WorkerInfo[] = [];
  #looksAlone = 0;
  #isClosed = false;

  constructor(parts: RedisEngineParts, client: RedisClient, listener: RedisClient) {
    this.#parts = parts;
    this.#client = client;
    this.#listener = listener;
    this.#queue = openQueue(client, parts.build);
    this.#names = new QueueNames(parts.build);
    this.#results = new Results(client, this.#names, parts.log);
  }

  get width(): number {
    return this.#workers.reduce((sum, { jobs }) => sum + jobs, 0);
  }

  async open(): Promise<void> {
    const { told, ended } = this.#names;
    this.#listener.on('message', (channel, text) => {
      if (channel === told) this.#attempt(this.#take(text));
      else this.#parts.log.warn('worker_ended', { why: text });
    });
    await this.#listener.subscribe(told, ended);
    await this.#look();
    this.#stops.push(
      every(systemClock, LOOK_MS, () => this.#attempt(this.#look())),
      every(systemClock, SWEEP_MS, () => this.#attempt(this.#sweep())),
    );
  }

  async run(task: RunTask, signal: AbortSignal): Promise<RunOutcome> {
    signal.throwIfAborted();
    if (this.#isClosed) throw closed();
    const { id } = task;
    assert(!this.#waiting.has(id), `run ${id} is already waited for`);
    const { promise: outcome, resolve, reject } = withResolvers<RunOutcome>();
    const waiting: Waiting = { task, outcome, resolve, reject, isQueued: false };
    const abort = (): void => reject(signal.reason);
    this.#waiting.set(id, waiting);
    signal.addEventListener('abort', abort);
    void this.#submit(waiting);
    try {
      return await outcome;
    } catch (error) {
      this.#withdraw(id);
      throw error;
    } finally {
      this.#waiting.delete(id);
      signal.removeEventListener('abort', abort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#isClosed = true;
    const left = [...this.#waiting.values()];
    for (const { reject } of left) reject(closed());
    await Promise.allSettled(left.map(({ outcome }) => outcome));
    await within(systemClock, CLOSE_MS, Promise.allSettled(this.#withdrawals), () => undefined);
    this.#listener.disconnect();
    this.#client.disconnect();
  }

  /** An earlier campaign may have left the result of the run, or the run in the queue. */
  async #submit(waiting: Waiting): Promise<void> {
    const { task, reject } = waiting;
    try {
      if (await this.#take(task.id)) return;
      // It may have been withdrawn meanwhile.
      if (this.#waiting.get(task.id) !== waiting) return;
      await addRun(this.#queue, task);
      waiting.isQueued = true;
    } catch (error) {
      reject(refused(error, this.#parts.address));
    }
  }

  /** Resolves the run if its result is there. */
  async #take(id: string): Promise<boolean> {
    const waiting = this.#waiting.get(id);
    const outcome = waiting === undefined ? undefined : await this.#results.get(waiting.task);
    if (waiting === undefined || outcome === undefined) return false;
    if (outcome.kind === 'lost') {
      // An earlier campaign's: another try is wanted.
      await this.#results.remove(id);
      if (!waiting.isQueued) return false;
    } else await this.#results.taken(id);
    waiting.resolve(outcome);
    return true;
  }

  /** Takes results of which the message was missed, and adds runs again that Redis has lost. */
  async #sweep(): Promise<void> {
    const queued = [...this.#waiting.values()].filter(({ isQueued }) => isQueued);
    for (let start = 0; start < queued.length; start += PORTION) {
      const portion = queued.slice(start, start + PORTION);
      const asked = this.#client.pipeline();
      for (const { task } of portion) asked.exists(this.#names.job(task.id));
      const answers = (await asked.exec()) ?? [];
      // A run is in the queue until after its result is there, so that what is in neither has been lost.
      const left = portion.filter((_, i) => answers[i]?.[1] === 0);
      const lost = await this.#withoutResult(left);
      if (lost.length > 0) this.#parts.log.warn('runs_added_again', { runs: lost.length, reason: 'Redis had lost them' });
      for (const { task } of lost) await addRun(this.#queue, task);
    }
  }

  async #withoutResult(list: readonly Waiting[]): Promise<readonly Waiting[]> {
    const lost: Waiting[] = [];
    for (const waiting of list) {
      const isTaken = await this.#take(waiting.task.id);
      if (!isTaken && this.#waiting.get(waiting.task.id) === waiting) lost.push(waiting);
    }
    return lost;
  }

  async #look(): Promise<void> {
    const { build, log, address } = this.#parts;
    await keepQueue(this.#client, build);
    const living = await livingWorkers(this.#client);
    const others = living.filter((worker) => worker.build !== build);
    const before = [this.#workers.length, this.width].join();
    this.#workers = living.filter((worker) => worker.build === build);
    if (this.#workers.length > 0) {
      this.#looksAlone = 0;
      if (before !== [this.#workers.length, this.width].join()) log.info('workers', { workers: this.#workers.length, jobs: this.width });
      return;
    }
    this.#looksAlone += this.#waiting.size > 0 ? 1 : 0;
    if (this.#looksAlone !== PATIENT_LOOKS) return;
    const refusing = others.map(({ name, build: theirs }) => `${name} (build ${theirs})`);
    log.warn('no_worker', {
      waiting: this.#waiting.size,
      build,
      ...(others.length === 0 ? {} : { workers_of_other_builds: refusing.join(', ') }),
      next: 'wait for one; start it on any machine',
      run: `mmbot worker --redis ${address.shown}`,
    });
  }

  /** Takes a run out of the queue that nobody has begun. One that runs goes on: its result waits for another campaign. */
  #withdraw(id: string): void {
    const withdrawal = this.#queue.remove(id).catch(() => undefined);
    this.#withdrawals.add(withdrawal);
    void withdrawal.then(() => this.#withdrawals.delete(withdrawal));
  }

  /** While Redis is away nothing fails but what was under way: the next look or sweep does it again. */
  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#parts.log.debug('redis_error', { error: messageOf(error) }));
  }
}

function closed(): MmbotError {
  return new MmbotError({ code: 'engine_closed', exitCode: EXIT.usage, message: 'the campaign has ended' });
}
