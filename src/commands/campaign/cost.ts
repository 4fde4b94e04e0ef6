import { campaignStep, type Known } from '../../harness/campaign/campaign-step.ts';
import type { RunEngine, RunTask } from '../../harness/campaign/engine.ts';
import type { PlannedRuns, RunRef } from '../../harness/campaign/plan.ts';
import { duration } from '../../reports/text/format.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { isoTime, systemClock } from '../../util/clock.ts';
import { defined } from '../../util/assert.ts';
import { countsOf } from './progress.ts';

/** Simulated length of the run that shows what a run costs. */
const PILOT_MS = 60_000;

interface CostParts {
  readonly log: Logger;
  readonly runs: PlannedRuns;
  readonly known: Known;
  /** Makes the campaign. */
  readonly engine: Pick<RunEngine, 'width'>;
  /** Makes the runs that show what a run costs. */
  readonly openPilot: () => RunEngine;
  readonly taskOf: (ref: RunRef) => RunTask;
  readonly stop: AbortSignal;
}

/**
 * Says what a campaign will do and cost before it starts: a minute of it is run twice, the second time in a process that is warm. Of one that
 * is finished, only that.
 */
export async function announce({ log, runs, known, engine, openPilot, taskOf, stop }: CostParts): Promise<void> {
  const { setups, combinations, leftOut, scenarios, seeds, confirmationSeeds, block, durationMs } = runs.plan;
  for (const { name, because } of leftOut) log.warn('setup_left_out', { setup: name, because });
  const step = campaignStep(runs, known);
  const { done, planned } = countsOf(runs, step, known);
  if (step.stage === 'over') return log.info('campaign_finished', { runs: done, meaning: 'nothing is left to run: all results are kept' });
  const cpuMs = await pilot(runs, { openPilot, taskOf, stop });
  const cpuHours = ((planned - done) * cpuMs * (durationMs / PILOT_MS)) / 3_600_000;
  const leftMs = (cpuHours * 3_600_000) / Math.max(1, engine.width);
  log.info('campaign_started', {
    setups: setups.length,
    combinations,
    scenarios: scenarios.length,
    seeds: seeds.length,
    unseenSeeds: confirmationSeeds.length,
    race: block !== undefined,
    runs: planned,
    kept: done,
    runLength: duration(durationMs),
    cpuHours: Number(cpuHours.toPrecision(2)),
    takesAbout: duration(leftMs),
    endsAt: isoTime(systemClock.now() + leftMs),
  });
}

/** CPU time of the pilot, ms; 0 when its runs are lost, which the campaign itself will tell. */
async function pilot(runs: PlannedRuns, { openPilot, taskOf, stop }: Pick<CostParts, 'openPilot' | 'taskOf' | 'stop'>): Promise<number> {
  await using engine = openPilot();
  const { setups, seeds } = runs.plan;
  const [ref] = runs.of(defined(setups[0], 'a setup').name, defined(seeds[0], 'a seed'));
  const task = taskOf(defined(ref, 'a scenario'));
  let cpuMs = 0;
  for (const attempt of ['cold', 'warm']) {
    const spec = { ...task.spec, durationMs: Math.min(PILOT_MS, task.spec.durationMs) };
    const outcome = await engine.run({ ...task, id: `pilot-${attempt}`, spec, wantsPage: false }, stop);
    if (outcome.kind === 'done') cpuMs = outcome.cpuMs;
  }
  return cpuMs;
}
