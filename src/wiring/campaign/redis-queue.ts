import { Queue } from 'bullmq';
import type { RunOutcome, RunTask } from '../../harness/campaign/engine.ts';
import { readResult } from '../../harness/campaign/read-result.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { isObject, numberIn, parseJson, textIn } from '../../util/json.ts';
import type { RedisClient } from './redis-connection.ts';

/**
 * What a campaign and its workers have in Redis. All names begin with `mmbot:`. Runs of each build have a queue of their own, because another
 * build may trade differently.
 */
export const PREFIX = 'mmbot';

/** Builds that have a queue: a set. */
const BUILDS_KEY = `${PREFIX}:builds`;

const DAY_S = 86_400;
/** How long results stay that no campaign has taken, and the queue of a build that no campaign uses. */
export const UNUSED_S = 7 * DAY_S;
/** How long a result stays that was taken: another campaign may wait for the same run. */
const TAKEN_S = 600;
/** How many events BullMQ itself keeps, which nobody reads. */
const EVENTS = 100;

export type RunQueue = Queue<RunTask>;

/** Names in the queue of one build. */
export class QueueNames {
  readonly #build: string;

  constructor(build: string) {
    this.#build = build;
  }

  get queue(): string {
    return `runs-${this.#build}`;
  }

  /** A list: the ids of runs that nobody makes yet. */
  get waiting(): string {
    return `${PREFIX}:${this.queue}:wait`;
  }

  /** Expires when no campaign of this build has been open for days. */
  get used(): string {
    return `${PREFIX}:used:${this.#build}`;
  }

  /** A channel, on which the id of each run is told that has a result. */
  get told(): string {
    return `${PREFIX}:told:${this.#build}`;
  }

  /** A channel, on which a worker tells why it ends. */
  get ended(): string {
    return `${PREFIX}:ended:${this.#build}`;
  }

  job(id: string): string {
    return `${PREFIX}:${this.queue}:${id}`;
  }

  result(id: string): string {
    return `${PREFIX}:result:${this.#build}:${id}`;
  }

  /** A hash: who has begun the run and not ended it, and deaths of its processes. */
  attempts(id: string): string {
    return `${PREFIX}:attempts:${this.#build}:${id}`;
  }
}

export function openQueue(client: RedisClient, build: string): RunQueue {
  const { queue } = new QueueNames(build);
  const opened = new Queue<RunTask>(queue, { connection: client, prefix: PREFIX, streams: { events: { maxLen: EVENTS } } });
  // Those of the connection, which are logged there; without a listener BullMQ writes them to the console.
  opened.on('error', () => undefined);
  return opened;
}

/** Adds a run; does nothing when it is there already. */
export async function addRun(queue: RunQueue, task: RunTask): Promise<void> {
  await queue.add('run', task, { jobId: task.id, removeOnComplete: true, removeOnFail: true });
}

/** The results of the runs of one build. */
export class Results {
  readonly #client: RedisClient;
  readonly #names: QueueNames;
  readonly #log: Logger;

  constructor(client: RedisClient, names: QueueNames, log: Logger) {
    this.#client = client;
    this.#names = names;
    this.#log = log;
  }

  /** How a run ended. What is there and cannot have come from the run is named and removed, so that the run is made again. */
  async get(task: RunTask): Promise<RunOutcome | undefined> {
    const key = this.#names.result(task.id);
    const text = await this.#client.get(key);
    if (text === null) return undefined;
    const outcome = outcomeIn(text);
    if (outcome?.kind === 'lost') return outcome;
    const read = readResult(outcome?.result ?? '', task);
    if ('result' in read) return outcome;
    this.#log.warn('result_refused', { key, because: read.wrong, next: 'the run is made again' });
    await this.remove(task.id);
    return undefined;
  }

  /** Keeps it, and tells the campaigns. */
  async put(id: string, outcome: RunOutcome): Promise<void> {
    const names = this.#names;
    await this.#client.multi().set(names.result(id), JSON.stringify(outcome), 'EX', UNUSED_S).publish(names.told, id).exec();
  }

  /** Tells the campaigns that it is there. */
  async tell(id: string): Promise<void> {
    await this.#client.publish(this.#names.told, id);
  }

  async taken(id: string): Promise<void> {
    await this.#client.expire(this.#names.result(id), TAKEN_S);
  }

  async remove(id: string): Promise<void> {
    await this.#client.del(this.#names.result(id));
  }
}

function outcomeIn(text: string): RunOutcome | undefined {
  const outcome = parseJson(text);
  if (!isObject(outcome)) return undefined;
  const { kind, result, page, reason } = outcome;
  if (kind === 'lost') return { kind, reason: textIn(reason) };
  if (typeof result !== 'string') return undefined;
  return { kind: 'done', result, page: typeof page === 'string' ? page : null, cpuMs: numberIn(outcome['cpuMs']) ?? 0 };
}

/** Keeps the queue of this build, and removes those of builds that no campaign has used for days. */
export async function keepQueue(client: RedisClient, build: string): Promise<void> {
  await client.sadd(BUILDS_KEY, build);
  await client.set(new QueueNames(build).used, '', 'EX', UNUSED_S);
  for (const other of await client.smembers(BUILDS_KEY)) {
    if ((await client.exists(new QueueNames(other).used)) === 1) continue;
    await openQueue(client, other).obliterate({ force: true });
    await client.srem(BUILDS_KEY, other);
  }
}

/** How many runs wait for a worker of another build, by build. */
export async function waitingElsewhere(client: RedisClient, build: string): Promise<ReadonlyMap<string, number>> {
  const others = (await client.smembers(BUILDS_KEY)).filter((other) => other !== build);
  const counts = await Promise.all(others.map(async (other) => [other, await client.llen(new QueueNames(other).waiting)] as const));
  return new Map(counts.filter(([, count]) => count > 0));
}
