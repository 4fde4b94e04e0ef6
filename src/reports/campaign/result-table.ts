import { together, type Known } from '../../harness/campaign/campaign-step.ts';
import type { PlannedRuns, RunRef } from '../../harness/campaign/plan.ts';
import type { RunResult } from '../../harness/campaign/run-result.ts';
import type { Runs } from '../../statistics/edge.ts';
import type { Run } from '../../statistics/estimate.ts';

export interface MadeRun {
  readonly ref: RunRef;
  readonly result: RunResult;
}

/** Results by setup and seed. */
export class ResultTable {
  readonly #runs: PlannedRuns;
  readonly #known: Known;

  constructor(runs: PlannedRuns, known: Known) {
    this.#runs = runs;
    this.#known = known;
  }

  /** Results of a setup on these seeds; a run that was not made is left out. */
  of(name: string, seeds: readonly string[]): MadeRun[] {
    return seeds
      .flatMap((seed) => this.#runs.of(name, seed))
      .flatMap((ref) => {
        const result = this.#known(ref.id);
        return typeof result === 'object' ? [{ ref, result }] : [];
      });
  }

  made(name: string): MadeRun[] {
    const { seeds, confirmationSeeds } = this.#runs.plan;
    return this.of(name, [...seeds, ...confirmationSeeds]);
  }

  /** All scenarios of a seed together; a seed without one of them is left out, because it would not be comparable. */
  runs(name: string, seeds: readonly string[], scenario?: string): Runs {
    const wanted = scenario === undefined ? this.#runs.plan.scenarios.length : 1;
    const rows = seeds.flatMap((seed): [string, Run][] => {
      const made = this.of(name, [seed]).filter(({ ref }) => scenario === undefined || ref.scenario.name === scenario);
      return made.length === wanted ? [[seed, together(made.map(({ result }) => result))]] : [];
    });
    return new Map(rows);
  }
}
