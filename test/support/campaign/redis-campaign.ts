import { onTestFinished } from 'vitest';
import type { RunEngine, RunTask } from '../../../src/harness/campaign/engine.ts';
import { redisAddress } from '../../../src/wiring/campaign/redis-address.ts';
import { openRedisEngine } from '../../../src/wiring/campaign/redis-engine.ts';
import { workFromRedis, type WorkerCounts } from '../../../src/wiring/campaign/redis-worker.ts';
import { testHost } from '../program/test-host.ts';
import { inProcessEngine } from './in-process-engine.ts';
import { listening, type Said } from './listening.ts';
import type { TestRedis } from './redis-server.ts';
import { namedTask } from './tasks.ts';

export const BUILD = '0.0.0+test';

/** A run of a second. */
export function shortTask(seed: string): RunTask {
  return namedTask(BUILD, { seed, durationMs: 1000 });
}

/** An engine of which `run` is the whole. */
export function engineOf(run: RunEngine['run']): RunEngine {
  return { width: 1, run, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** The engine of a campaign until the test ends. */
export async function openCampaign({ url }: TestRedis, { build = BUILD, log = listening().log } = {}): Promise<RunEngine> {
  const engine = await openRedisEngine({ address: redisAddress(testHost(), url), build, log });
  onTestFinished(() => engine[Symbol.asyncDispose]());
  return engine;
}

export interface TestWorker extends Said {
  stop(): Promise<WorkerCounts>;
  readonly ended: Promise<WorkerCounts>;
}

interface WorkerOptions {
  readonly name?: string;
  readonly jobs?: number;
  readonly build?: string;
  readonly engine?: (onDeath: (id: string, how: string) => void) => RunEngine;
}

/** A worker in this process until the test ends. */
export function startWorker({ url }: TestRedis, options: WorkerOptions = {}): TestWorker {
  const { name = 'one', jobs = 1, build = BUILD, engine = () => inProcessEngine() } = options;
  const said = listening();
  const stop = new AbortController();
  const parts = {
    address: redisAddress(testHost(), url),
    info: { name, jobs, build },
    log: said.log,
    openEngine: engine,
    onReady: () => undefined,
  };
  const ended = workFromRedis(parts, stop.signal);
  ended.catch(() => undefined);
  const end = (): Promise<WorkerCounts> => {
    stop.abort();
    return ended;
  };
  onTestFinished(() => void end().catch(() => undefined));
  return { ...said, ended, stop: end };
}
