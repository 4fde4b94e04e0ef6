import { setMaxListeners } from 'node:events';
import { campaignStep, type CampaignStep, type Known } from './campaign-step.ts';
import type { RunEngine, RunTask } from './engine.ts';
import type { PlannedRuns, RunRef } from './plan.ts';
import { checkedOutcome } from './read-result.ts';
import type { RunResult } from './run-result.ts';

/** Results of runs by id, which outlive this process. */
export interface ResultStore {
  /** Undefined when there is none. */
  result(id: string): RunResult | undefined;
  /** `text`: a result. Equal results may be kept again; throws when another one is there. */
  keep(id: string, text: string, page: string | null): RunResult;
}

export interface CampaignParts {
  readonly runs: PlannedRuns;
  readonly engine: RunEngine;
  readonly store: ResultStore;
  /** Why runs are lost, by id; added to. They are tried again by the next start. */
  readonly lost: Map<string, string>;
  readonly taskOf: (ref: RunRef) => RunTask;
  /** Ends the campaign; what is kept stays. */
  readonly stop: AbortSignal;
  readonly onStep: (step: CampaignStep) => void;
  readonly onRun: (ended: EndedRun) => void;
}

export interface EndedRun {
  readonly ref: RunRef;
  /** Undefined when it is lost. */
  readonly result: RunResult | undefined;
  readonly reason: string | undefined;
  readonly cpuMs: number;
}

/** Makes the runs of a campaign step by step until all is known. Rejects when `stop` aborts and when the engine fails. */
export async function runCampaign(parts: CampaignParts): Promise<void> {
  for (;;) {
    parts.stop.throwIfAborted();
    const step = campaignStep(parts.runs, knownIn(parts));
    parts.onStep(step);
    if (step.stage === 'over') return;
    await allRuns(step.missing, parts);
  }
}

export function knownIn({ store, lost }: Pick<CampaignParts, 'store' | 'lost'>): Known {
  return (id) => store.result(id) ?? (lost.has(id) ? 'lost' : undefined);
}

/** Setups that are the same in all but their name share a run. */
async function allRuns(missing: readonly RunRef[], parts: CampaignParts): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([parts.stop, failure.signal]);
  // Every run that waits listens to it: thousands are no leak.
  setMaxListeners(0, signal);
  const distinct = new Map(missing.map((ref) => [ref.id, ref]));
  const work = [...distinct.values()].map(async (ref) => {
    const task = parts.taskOf(ref);
    const outcome = checkedOutcome(await parts.engine.run(task, signal), task);
    if (outcome.kind === 'lost') {
      parts.lost.set(ref.id, outcome.reason);
      return parts.onRun({ ref, result: undefined, reason: outcome.reason, cpuMs: 0 });
    }
    const result = parts.store.keep(ref.id, outcome.result, outcome.page);
    return parts.onRun({ ref, result, reason: undefined, cpuMs: outcome.cpuMs });
  });
  try {
    await Promise.all(work);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(work);
    throw error;
  }
}
