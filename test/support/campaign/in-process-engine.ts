import type { RunEngine, RunOutcome } from '../../../src/harness/campaign/engine.ts';
import { resultText } from '../../../src/harness/campaign/result-text.ts';
import { SimulatedRuns } from '../../../src/wiring/simulated-run.ts';

/** Makes runs in this process, one after the other, and takes back those that wait when they are aborted. */
export function inProcessEngine(cwd: string = process.cwd()): RunEngine {
  const runs = new SimulatedRuns(cwd);
  let last: Promise<unknown> = Promise.resolve();
  return {
    width: 1,
    run(task, signal) {
      const outcome = last.then(async (): Promise<RunOutcome> => {
        signal.throwIfAborted();
        const { result, page } = await runs.run(task);
        return { kind: 'done', result: resultText(result), page, cpuMs: 0 };
      });
      last = outcome.catch(() => undefined);
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      await last;
    },
  };
}
