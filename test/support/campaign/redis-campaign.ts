import { onTestFinished } from 'vitest';
import { runId, type RunSpec } from '../../../src/harness/campaign/run-spec.ts';
import type { RunEngine, RunTask } from '../../../src/harness/campaign/engine.ts';
import { createLogger, type Logger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { redisAddress } from '../../../src/wiring/campaign/redis-address.ts';
import { openRedisEngine } from '../../../src/wiring/campaign/redis-engine.ts';
import { workFromRedis, type WorkerCounts } from '../../../src/wiring/campaign/redis-worker.ts';
import { SimulatedRuns } from '../../../src/wiring/simulated-run.ts';
import { testHost } from '../program/test-host.ts';
import type { TestRedis } from './redis-server.ts';

export const BUILD = '0.0.0+test';

/** `seconds`: of simulated time. */
export function taskOf(seed: string, { seconds = 1, build = BUILD } = {}): RunTask {
  const scenario = { market: 'btc', recording: null, symbols: ['BTCUSDT'], faults: 'none' };
  const spec: RunSpec = { settings: {}, fees: null, scenario, seed, durationMs: seconds * 1000 };
  return { id: runId(build, spec), spec, sources: {}, repeat: `mmbot soak --seed ${seed}`, wantsPage: false };
}

/** What a task must give, wherever it is made. */
export async function resultOf(task: RunTask): Promise<string> {
  const { result } = await new SimulatedRuns('/nowhere').run(task);
  return JSON.stringify(result);
}

/** Makes runs in this process, without a child that could die. */
export function simulating(): RunEngine {
  return engineOf(async (task) => ({ kind: 'done', result: await resultOf(task), page: null, cpuMs: 1 }));
}

/** An engine of which `run` is the whole. */
export function engineOf(run: RunEngine['run']): RunEngine {
  return { width: 1, run, [Symbol.asyncDispose]: () => Promise.resolve() };
}

export interface Said {
  readonly log: Logger;
  readonly text: () => string;
}

export function listening(): Said {
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  return { log: createLogger({ clock: systemClock, level: 'info', format: 'json', write, redact: (line) => line }), text: () => text };
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
  const { name = 'one', jobs = 1, build = BUILD, engine = simulating } = options;
  const said = listening();
  const stop = new AbortController();
  const parts = { address: redisAddress(testHost(), url), info: { name, jobs, build }, log: said.log, openEngine: engine };
  const ended = workFromRedis(parts, stop.signal);
  ended.catch(() => undefined);
  const end = (): Promise<WorkerCounts> => {
    stop.abort();
    return ended;
  };
  onTestFinished(() => void end().catch(() => undefined));
  return { ...said, ended, stop: end };
}
