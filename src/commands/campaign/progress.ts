import type { CampaignStep } from '../../harness/campaign/campaign-step.ts';
import { together, type Known } from '../../harness/campaign/campaign-step.ts';
import type { PlannedRuns } from '../../harness/campaign/plan.ts';
import type { EndedRun } from '../../harness/campaign/run-campaign.ts';
import type { Host } from '../../host.ts';
import { campaignView, type CampaignProgress, type Standing } from '../../reports/campaign/campaign-view.ts';
import { edgeOf } from '../../statistics/edge.ts';
import type { Run } from '../../statistics/estimate.ts';
import { byEdge } from '../../statistics/rank.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import type { OutputOptions } from '../options/options.ts';
import { progressPace } from '../terminal/pace.ts';
import type { Screen } from '../terminal/screen.ts';
import { viewPaint } from '../terminal/table.ts';

interface ProgressParts {
  readonly host: Host;
  readonly log: Logger;
  readonly screen: Screen;
  readonly output: OutputOptions;
  readonly runs: PlannedRuns;
  readonly known: Known;
  readonly width: () => number;
}

/** Follows a campaign: a table on a terminal, a log line every few seconds in a pipe. */
export class Progress {
  readonly #parts: ProgressParts;
  readonly #isDue: () => boolean;
  readonly #startedAt = systemClock.monotonic();
  #step: CampaignStep | undefined;
  #made = 0;
  #lost = 0;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#isDue = progressPace(parts.host, parts.output);
  }

  readonly step = (step: CampaignStep): void => {
    this.#step = step;
    this.show();
  };

  readonly ended = ({ ref, result, reason, cpuMs }: EndedRun): void => {
    const { log } = this.#parts;
    const names = { setup: ref.setup.name, scenario: ref.scenario.name, seed: ref.seed };
    this.#made += 1;
    if (result === undefined) {
      this.#lost += 1;
      log.error('run_lost', { ...names, reason });
    } else if (result.broken.length > 0 || result.bug !== null)
      log.error('run_broken', { ...names, broken: result.broken, bug: result.bug });
    else log.debug('run_done', { ...names, verdict: result.verdict, cpuMs: Math.round(cpuMs) });
    this.show();
  };

  /** Shows it if it is time; called about once a second too. */
  readonly show = (): void => {
    if (this.#step === undefined || !this.#isDue()) return;
    const { host, log, screen } = this.#parts;
    const progress = this.#progress(this.#step);
    if (host.stderr.isTerminal) return screen.show(campaignView(progress, host.stderr.columns, viewPaint(host)));
    const { done, planned, lost, leftMs, standings, step } = progress;
    const [best] = standings;
    log.info('campaign_progress', {
      stage: step.stage,
      round: step.round,
      done,
      planned,
      lost,
      alive: step.alive.length,
      leftS: leftMs === undefined ? null : Math.round(leftMs / 1000),
      ...(typeof best?.netBps === 'number' ? { best: best.name, bestNetBps: Number(best.netBps.toFixed(2)) } : {}),
    });
  };

  /** For metrics. */
  readonly readInto = (metrics: Metrics): void => {
    if (this.#step === undefined) return;
    const { runs, known } = this.#parts;
    const { done, planned } = countsOf(runs, this.#step, known);
    metrics.set('mm_campaign_runs', { state: 'done' }, done);
    metrics.set('mm_campaign_runs', { state: 'lost' }, this.#lost);
    metrics.set('mm_campaign_runs', { state: 'planned' }, planned);
    metrics.set('mm_campaign_setups', { state: 'tried' }, runs.plan.setups.length);
    metrics.set('mm_campaign_setups', { state: 'left' }, this.#step.alive.length);
  };

  #progress(step: CampaignStep): CampaignProgress {
    const { runs, known, width } = this.#parts;
    const { seeds, block = seeds.length, setups } = runs.plan;
    const elapsedMs = systemClock.monotonic() - this.#startedAt;
    const standings = this.#standings(step);
    const { done, planned } = countsOf(runs, step, known);
    const msPerRun = this.#made === 0 ? undefined : elapsedMs / this.#made;
    return {
      step,
      setups: setups.length,
      rounds: Math.ceil(seeds.length / block),
      done,
      planned,
      lost: this.#lost,
      width: width(),
      elapsedMs,
      leftMs: msPerRun === undefined ? undefined : msPerRun * (planned - done),
      standings,
    };
  }

  #standings({ alive }: CampaignStep): Standing[] {
    const { runs, known } = this.#parts;
    const standings = runs.plan.setups.map(({ name }) => {
      const edge = edgeOf(new Map(runs.plan.seeds.flatMap((seed) => completeSeed(runs, known, name, seed))));
      return {
        edge,
        standing: {
          name,
          seeds: edge.seeds,
          netBps: edge.bps ?? null,
          intervalBps: edge.interval ?? null,
          isAlive: alive.includes(name),
        },
      };
    });
    const order = byEdge(runs.plan.seeds.length);
    return standings
      .toSorted((a, b) => Number(b.standing.isAlive) - Number(a.standing.isAlive) || order(a.edge, b.edge))
      .map(({ standing }) => standing);
  }
}

function completeSeed(runs: PlannedRuns, known: Known, name: string, seed: string): [string, Run][] {
  const refs = runs.of(name, seed);
  const results = refs.map(({ id }) => known(id)).filter((result) => typeof result === 'object');
  return results.length === refs.length ? [[seed, together(results)]] : [];
}

/** Runs that are known, and runs in all: until the best are known, as if no further setup left. */
export function countsOf(
  runs: PlannedRuns,
  { stage, alive, missing }: Pick<CampaignStep, 'stage' | 'alive' | 'missing'>,
  known: Known,
): { readonly done: number; readonly planned: number } {
  const { seeds, confirmationSeeds, finalists, scenarios } = runs.plan;
  const done = keptRuns(runs, known);
  const isOpen = ({ id }: { readonly id: string }): boolean => known(id) === undefined;
  if (stage !== 'selection') return { done, planned: done + missing.filter(isOpen).length };
  const open = alive.flatMap((name) => seeds.flatMap((seed) => runs.of(name, seed))).filter(isOpen).length;
  const unseen = Math.min(finalists, alive.length) * confirmationSeeds.length * scenarios.length;
  const kept = alive.flatMap((name) => confirmationSeeds.flatMap((seed) => runs.of(name, seed))).filter((ref) => !isOpen(ref)).length;
  return { done, planned: done + open + Math.max(0, unseen - kept) };
}

/** Runs of the campaign that are known. */
export function keptRuns(runs: PlannedRuns, known: Known): number {
  const { setups, seeds, confirmationSeeds } = runs.plan;
  const all = setups.flatMap(({ name }) => [...seeds, ...confirmationSeeds].flatMap((seed) => runs.of(name, seed)));
  return all.filter(({ id }) => known(id) !== undefined).length;
}
