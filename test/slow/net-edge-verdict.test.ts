import { expect, test } from 'vitest';
import { judgeGates } from '../../src/harness/measures/gates.ts';
import { measureRun, sumUp } from '../../src/harness/measures/measures.ts';
import { settingsOf, virtualSoak } from '../support/bots/virtual-soak.ts';

/** Fewer, for a first look: `SEEDS=40`. */
const SEEDS = Number(process.env['SEEDS'] ?? 200);
const BPS = 10_000;
/** Net edges, bps, around the bound of the gate, 0. */
const TRUE_BPS = [-0.5, -0.01, 0.01, 0.5];

interface Sample {
  readonly netUsd: number;
  readonly turnoverUsd: number;
  readonly measures: ReturnType<typeof measureRun>;
}

const { thresholds } = settingsOf(undefined);

/** Nothing in the bot reacts to fees here: otherwise a spread that is wider after a loss would. */
async function sampleOf(profile: string, minutes: number, seed: string): Promise<Sample> {
  const settings = settingsOf(profile, { 'quoting.adaptivePnlBps': 0, 'quoting.feeFloor': false });
  const { statistics, memory } = await virtualSoak({ settings, seed, durationMs: minutes * 60_000 });
  const { netUsd, turnoverUsd } = sumUp(statistics);
  return { netUsd, turnoverUsd, measures: measureRun(statistics, memory, false) };
}

/** What the gate says at a bound from which the true edge of all seeds, `edgeBps`, is `trueBps` away: a fee moves both alike. */
function statusAt({ measures }: Sample, edgeBps: number, trueBps: number): string | undefined {
  return judgeGates(measures, { ...thresholds, netEdgeBps: edgeBps - trueBps }).find(({ name }) => name === 'net edge')?.status;
}

test.each([
  ['s1', 10],
  ['conservative', 60],
])('PASS and FAIL of the net edge of %s after %i minutes are wrong for at most 5 of 100 seeds', { timeout: 36_000_000 }, async (...run) => {
  const samples: Sample[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) samples.push(await sampleOf(...run, String(seed)));
  const total = (pick: (sample: Sample) => number): number => samples.reduce((sum, sample) => sum + pick(sample), 0);
  const edgeBps = (BPS * total(({ netUsd }) => netUsd)) / total(({ turnoverUsd }) => turnoverUsd);
  const wrong = TRUE_BPS.map(
    (trueBps) => samples.filter((sample) => statusAt(sample, edgeBps, trueBps) === (trueBps < 0 ? 'pass' : 'fail')).length,
  );
  const right = TRUE_BPS.map(
    (trueBps) => samples.filter((sample) => statusAt(sample, edgeBps, trueBps) === (trueBps < 0 ? 'fail' : 'pass')).length,
  );
  const judged = samples.filter(({ measures }) => measures.netEdgeBps.interval !== undefined).length;
  console.log(
    `${run.join(', ')} minutes: edge ${edgeBps.toFixed(2)} bps, ${judged} of ${SEEDS} with an interval; at ${TRUE_BPS.join()}: wrong ${wrong.join()}, right ${right.join()}`,
  );
  expect(wrong.filter((count) => count > 0.05 * SEEDS)).toEqual([]);
  expect(judged).toBeGreaterThan(0.95 * SEEDS);
});
