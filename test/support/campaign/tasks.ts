import type { RunTask } from '../../../src/harness/campaign/engine.ts';
import { runId, type RunSpec } from '../../../src/harness/campaign/run-spec.ts';

/** A short run on the default market. */
export function taskOf(id: string, spec: Partial<RunSpec> = {}): RunTask {
  const scenario = { market: 'btc', recording: null, symbols: ['BTCUSDT'], faults: 'none' };
  return {
    id,
    spec: { settings: {}, fees: null, scenario, seed: '7', durationMs: 10_000, ...spec },
    sources: {},
    repeat: 'mmbot soak',
    wantsPage: false,
  };
}

/** The same under the name that a campaign of this build gives it. */
export function namedTask(build: string, spec: Partial<RunSpec> = {}): RunTask {
  const task = taskOf('', spec);
  return { ...task, id: runId(build, task.spec) };
}

/** A signal that never aborts. */
export const NO_STOP = new AbortController().signal;
