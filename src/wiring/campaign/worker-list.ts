import { isObject, numberIn, parseJson, textIn } from '../../util/json.ts';
import { PREFIX } from './redis-queue.ts';
import type { RedisClient } from './redis-connection.ts';

/** What a worker says of itself. */
export interface WorkerInfo {
  readonly name: string;
  /** Runs that it makes at the same time. */
  readonly jobs: number;
  readonly build: string;
}

const LIST_KEY = `${PREFIX}:workers`;
/** A worker says this often that it lives. */
export const BEAT_MS = 2000;
/** After so long without a beat it counts as dead: earlier than the locks of its runs expire, so that its death counts when they run again. */
const SILENCE_MS = 6000;

export async function beat(client: RedisClient, id: string, info: WorkerInfo): Promise<void> {
  await client.multi().sadd(LIST_KEY, id).set(keyOf(id), JSON.stringify(info), 'PX', SILENCE_MS).exec();
}

export async function leave(client: RedisClient, id: string): Promise<void> {
  await client.pipeline().srem(LIST_KEY, id).del(keyOf(id)).exec();
}

export async function isAlive(client: RedisClient, id: string): Promise<boolean> {
  return (await client.exists(keyOf(id))) === 1;
}

/** Those that live, of every build. Forgets the others. */
export async function livingWorkers(client: RedisClient): Promise<readonly WorkerInfo[]> {
  const ids = await client.smembers(LIST_KEY);
  const infos = ids.length === 0 ? [] : await client.mget(ids.map(keyOf));
  const gone = ids.filter((_, i) => infos[i] === null);
  if (gone.length > 0) await client.srem(LIST_KEY, gone);
  return infos.flatMap((text) => (text === null ? [] : [infoIn(text)]));
}

function keyOf(id: string): string {
  return `${PREFIX}:worker:${id}`;
}

function infoIn(text: string): WorkerInfo {
  const info = parseJson(text);
  const { name, jobs, build } = isObject(info) ? info : {};
  return { name: textIn(name), jobs: numberIn(jobs) ?? 0, build: textIn(build) };
}
