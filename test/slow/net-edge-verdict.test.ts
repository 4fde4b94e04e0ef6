import { expect, test } from 'vitest';
import { sumUp } from '../../src/harness/measures/measures.ts';
import type { Interval } from '../../src/statistics/block-bootstrap.ts';
import { settingsOf, virtualSoak } from '../support/bots/virtual-soak.ts';

/** Fewer, for a first look: `SEEDS=40`. */
const SEEDS = Number(process.env['SEEDS'] ?? 200);
const BPS = 10_000;
/** Net edges, bps, around the bound of the gate, 0. */
const TRUE_BPS = [-0.5, -0.01, 0.01, 0.5];

interface Sample {
  readonly netUsd: number;
  readonly turnoverUsd: number;
  readonly interval: Interval | undefined;
}

/** Nothing in the bot reacts to fees here: otherwise a spread that is wider after a loss would. */
async function sampleOf(profile: string, minutes: number, seed: string): Promise<Sample> {
  const settings = settingsOf(profile, { 'quoting.adaptivePnlBps': 0 });
  const { statistics } = await virtualSoak({ settings, seed, durationMs: minutes * 60_000 });
  const { netUsd, turnoverUsd } = sumUp(statistics);
  return { netUsd, turnoverUsd, interval: statistics.edge.intervalBps() };
}

/** Whether the gate would decide wrongly at a fee that moves the true edge of all seeds to `trueBps`: intervals move by the difference of the fees. */
function isWrong({ interval }: Sample, edgeBps: number, trueBps: number): boolean {
  if (interval === undefined) return false;
  const [low, high] = interval.map((end) => end - edgeBps + trueBps) as [number, number];
  return trueBps < 0 ? low >= 0 : high < 0;
}

test.each([
  ['s1', 10],
  ['conservative', 60],
])('PASS and FAIL of the net edge of %s after %i minutes are wrong for at most 5 of 100 seeds', { timeout: 36_000_000 }, async (...run) => {
  const samples: Sample[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) samples.push(await sampleOf(...run, String(seed)));
  const total = (pick: (sample: Sample) => number): number => samples.reduce((sum, sample) => sum + pick(sample), 0);
  const edgeBps = (BPS * total(({ netUsd }) => netUsd)) / total(({ turnoverUsd }) => turnoverUsd);
  const wrong = TRUE_BPS.map((trueBps) => samples.filter((sample) => isWrong(sample, edgeBps, trueBps)).length);
  const judged = samples.filter(({ interval }) => interval !== undefined).length;
  console.log(
    `${run.join(', ')} minutes: edge ${edgeBps.toFixed(2)} bps, ${judged} of ${SEEDS} with an interval; wrong at ${TRUE_BPS.join()}: ${wrong.join()}`,
  );
  expect(wrong.filter((count) => count > 0.05 * SEEDS)).toEqual([]);
  expect(judged).toBeGreaterThan(0.95 * SEEDS);
});
