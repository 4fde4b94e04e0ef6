import type { RunTask } from '../../../src/harness/campaign/engine.ts';
import type { RunSpec } from '../../../src/harness/campaign/run-spec.ts';

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

/** A signal that never aborts. */
export const NO_STOP = new AbortController().signal;
