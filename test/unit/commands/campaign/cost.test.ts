import { expect, test } from 'vitest';
import { announce } from '../../../../src/commands/campaign/cost.ts';
import type { Known } from '../../../../src/harness/campaign/campaign-step.ts';
import { PlannedRuns } from '../../../../src/harness/campaign/plan.ts';
import type { Logger } from '../../../../src/telemetry/logger.ts';
import { finished, madeNet, plan, result, setup } from '../../../support/campaign/made-campaign.ts';

const EDGES = { a: 0, b: 2, c: -50 };
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));
const race = new PlannedRuns(plan({ setups: ['a', 'b', 'c'].map((name) => setup(name)), seeds: SEEDS, combinations: 3, block: 5 }));
const { known, made } = finished(race, (ref) => result(ref, madeNet(ref, EDGES)));

/** What is announced, and how many runs were made to learn what a run costs. */
async function announced(of: Known): Promise<{ readonly events: readonly unknown[]; readonly pilots: number }> {
  const events: [string, unknown][] = [];
  const note = (event: string, fields?: unknown): unknown => events.push([event, fields]);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  let pilots = 0;
  await announce({
    log,
    runs: race,
    known: of,
    engine: { width: 2 },
    openPilot: () => ({
      width: 1,
      run() {
        pilots += 1;
        return Promise.resolve({ kind: 'done', result: '', page: null, cpuMs: 1000 });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
    taskOf: (ref) => ({ id: ref.id, spec: race.spec(ref), sources: {}, repeat: '', wantsPage: false }),
    stop: new AbortController().signal,
  });
  return { events, pilots };
}

test('a finished campaign has nothing left to run, also where setups have left the race', async () => {
  expect(made).toBeLessThan(60);
  const { events, pilots } = await announced(known);
  expect(pilots).toBe(0);
  expect(events).toEqual([
    ['campaign_finished', expect.objectContaining({ runs: made, meaning: expect.stringContaining('nothing is left to run') })],
  ]);
});

test('of a campaign that goes on, setups that have left cost nothing', async () => {
  const unseen = new Set(race.of('b', 'confirm-3').map(({ id }) => id));
  const { events, pilots } = await announced((id) => (unseen.has(id) ? undefined : known(id)));
  expect(pilots).toBe(2);
  expect(events).toEqual([['campaign_started', expect.objectContaining({ runs: made, kept: made - 1 })]]);
});

test('a campaign that begins announces all its runs', async () => {
  const { events } = await announced(() => undefined);
  expect(events).toEqual([['campaign_started', expect.objectContaining({ runs: 66, kept: 0, takesAbout: '5m 30s' })]]);
});
