import { join } from 'node:path';
import type { PlannedRuns } from '../../harness/campaign/plan.ts';
import { readResult } from '../../harness/campaign/read-result.ts';
import type { ResultStore } from '../../harness/campaign/run-campaign.ts';
import type { RunResult } from '../../harness/campaign/run-result.ts';
import { RunResults } from '../../store/run-results.ts';
import type { Logger } from '../../telemetry/logger.ts';

/** Results of the runs of a campaign in a folder; each file is read once. */
export class KeptResults implements ResultStore {
  readonly #files: RunResults<RunResult>;
  readonly #found = new Map<string, RunResult | undefined>();

  constructor(out: string, runs: PlannedRuns, log: Logger) {
    this.#files = new RunResults<RunResult>(join(out, 'runs'), {
      read: (text, id) => readResult(text, { id, spec: runs.spec(runs.ref(id)) }),
      onDamaged: (path, aside, because) => log.warn('result_damaged', { path, because, aside, next: 'the run is made again' }),
    });
  }

  result(id: string): RunResult | undefined {
    if (!this.#found.has(id)) this.#found.set(id, this.#files.find(id));
    return this.#found.get(id);
  }

  keep(id: string, text: string, page: string | null): RunResult {
    const result = this.#files.add(id, text, page);
    this.#found.set(id, result);
    return result;
  }

  hasPage(id: string): boolean {
    return this.#files.hasPage(id);
  }
}
