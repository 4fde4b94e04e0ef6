import { expect, test } from 'vitest';
import type { RunOutcome, RunTask } from '../../../../src/harness/campaign/engine.ts';
import { PlannedRuns, type RunRef } from '../../../../src/harness/campaign/plan.ts';
import { resultText } from '../../../../src/harness/campaign/result-text.ts';
import { runCampaign } from '../../../../src/harness/campaign/run-campaign.ts';
import type { RunResult } from '../../../../src/harness/campaign/run-result.ts';
import { plan, result, setup } from '../../../support/campaign/made-campaign.ts';
import { runResult } from '../../../support/campaign/results.ts';
import { NO_STOP } from '../../../support/campaign/tasks.ts';

const { gates } = runResult();

interface Kept {
  readonly id: string;
  readonly page: string | null;
}

/** Makes the two runs of a campaign, the first with what `change` makes of its result. */
async function made(change: (result: RunResult) => Partial<RunResult>) {
  const runs = new PlannedRuns(plan({ setups: [setup('a')], seeds: ['1', '2'], confirmationSeeds: [] }));
  const results = new Map<string, RunResult>();
  const kept: Kept[] = [];
  const lost = new Map<string, string>();
  const taskOf = (ref: RunRef): RunTask => ({ id: ref.id, spec: runs.spec(ref), sources: {}, repeat: '', wantsPage: false });
  await runCampaign({
    runs,
    engine: {
      width: 1,
      run({ id, spec: { seed } }): Promise<RunOutcome> {
        const right = result({ id, seed }, 1, { adverseUsd: 1, feesUsd: 2, gates, verdict: 'INCONCLUSIVE' });
        return Promise.resolve({
          kind: 'done',
          result: resultText({ ...right, ...(seed === '1' ? change(right) : {}) }),
          page: 'x',
          cpuMs: 1,
        });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    store: {
      result: (id) => results.get(id),
      keep(id, text, page) {
        const read = JSON.parse(text) as RunResult;
        results.set(id, read);
        kept.push({ id, page });
        return read;
      },
    },
    lost,
    taskOf,
    stop: NO_STOP,
    onStep: () => undefined,
    onRun: () => undefined,
  });
  return { kept, lost: [...lost.values()] };
}

test('what comes back is kept, without a page that nobody asked for', async () => {
  const { kept, lost } = await made(() => ({}));
  expect([kept.map(({ page }) => page), lost]).toEqual([[null, null], []]);
});

test.each<[string, Partial<RunResult>]>([
  ['id: expected', { id: 'other' }],
  ['seed: expected 1, was 2', { seed: '2' }],
  ['netUsd: expected the sum of its parts', { netUsd: 1000 }],
])('what is no result of its run is not used: the run is lost, with the reason (%s)', async (wrong, change) => {
  const { kept, lost } = await made(() => change);
  expect(kept).toHaveLength(1);
  expect(lost).toEqual([expect.stringContaining(wrong)]);
});
