import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/statistics/estimate.ts';
import { raceStep, type Outcomes, type Race, type RaceStep } from '../../../src/statistics/race.ts';
import { at } from '../../../src/util/array.ts';
import { randomInt, randomNormal, seededRandom } from '../../../src/util/random.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));
const MARKET = new Map(SEEDS.map((seed) => [seed, 3 * randomNormal(seededRandom(`market ${seed}`))]));

type Result = Run | 'failed';

function run(edgeBps: number, turnoverUsd = 1000): Run {
  return { netUsd: (edgeBps * turnoverUsd) / 10_000, turnoverUsd };
}

/** The seed's market, the setup's own edge and some luck. */
const made =
  (truths: Readonly<Record<string, number>>) =>
  (setup: string, seed: string): Result =>
    run((MARKET.get(seed) ?? 0) + (truths[setup] ?? 0) + 0.5 * randomNormal(seededRandom(`${setup} ${seed}`)));

/** Runs a race to its end; `pick` chooses which of the missing runs end first. Gives all steps, and the runs made. */
function raced(race: Race, result: (setup: string, seed: string) => Result, pick = (length: number): number => length - 1) {
  const known = new Map<string, Result>();
  const outcomes: Outcomes = (setup, seed) => known.get(`${setup}/${seed}`);
  const steps: RaceStep[] = [];
  for (;;) {
    const step = raceStep(race, outcomes);
    if (step.kind === 'over') return { end: step, steps, known };
    steps.push(step);
    const { setup, seed } = at(step.missing, pick(step.missing.length));
    known.set(`${setup}/${seed}`, result(setup, seed));
  }
}

describe('a race', () => {
  const truths = { good: 2, best: 3, bad: 0, worst: -3 };
  const race: Race = { setups: Object.keys(truths), seeds: SEEDS, block: 5 };

  it('begins with the first block of seeds for all', () => {
    const step = raceStep(race, () => undefined);
    expect(step).toMatchObject({ kind: 'run', round: 1, alive: race.setups, left: [] });
    expect(step.kind === 'run' && step.missing).toHaveLength(20);
  });

  it('finds the best with fewer runs, and says why the others left', () => {
    const { end, known } = raced(race, made(truths));
    expect(end.alive).toEqual(['best']);
    expect(end.left.map(({ setup, why }) => [setup, why])).toEqual(
      expect.arrayContaining([
        ['worst', 'worse'],
        ['bad', 'worse'],
        ['good', 'worse'],
      ]),
    );
    for (const { behind } of end.left) expect(behind?.[0]).toBeGreaterThan(0);
    expect(known.size).toBeLessThan(60);
  });

  it('goes the same way whichever run ends first', () => {
    const straight = raced(race, made(truths));
    for (const seed of ['a', 'b', 'c']) {
      const random = seededRandom(seed);
      const mixed = raced(race, made(truths), (length) => randomInt(random, length));
      expect(mixed.end).toEqual(straight.end);
      expect([...mixed.known.keys()].toSorted()).toEqual([...straight.known.keys()].toSorted());
    }
  });

  it('ignores results beyond the round, such as those of an older race', () => {
    const result = made(truths);
    const step = raceStep(race, (setup, seed) => (SEEDS.indexOf(seed) < 10 || setup === 'worst' ? result(setup, seed) : undefined));
    const { steps } = raced(race, result);
    expect(step).toEqual(steps.find((each) => each.kind === 'run' && each.round === 3) ?? raced(race, result).end);
  });

  it('keeps setups with the same results to the end, and the first of them wins', () => {
    const twins: Race = { setups: ['bad', 'b', 'a'], seeds: SEEDS, block: 5 };
    const { end, known } = raced(twins, (setup, seed) => run((MARKET.get(seed) ?? 0) - (setup === 'bad' ? 5 : 0)));
    expect(end).toMatchObject({ alive: ['b', 'a'], left: [{ setup: 'bad', round: 1, why: 'worse' }] });
    expect(known.size).toBe(5 + 2 * SEEDS.length);
  });

  it('ends when all are equal in everything', () => {
    expect(raced(race, () => run(1)).end).toMatchObject({ alive: race.setups, left: [] });
  });

  it('drops what failed, also the leader, and no one is left when all do', () => {
    const result = made(truths);
    const { end } = raced(race, (setup, seed) => (setup === 'best' && seed === '2' ? 'failed' : result(setup, seed)));
    expect(end.alive).toEqual(['good']);
    expect(end.left).toContainEqual({ setup: 'best', round: 1, why: 'failed' });
    expect(raced(race, () => 'failed').end).toMatchObject({ alive: [] });
  });

  it('drops what does not trade when others do, and keeps all when none does', () => {
    const result = made(truths);
    const { end } = raced(race, (setup, seed) => (setup === 'best' ? run(0, 0) : result(setup, seed)));
    expect(end.left).toContainEqual({ setup: 'best', round: 1, why: 'no turnover' });
    expect(raced(race, () => run(0, 0)).end).toMatchObject({ alive: race.setups, left: [] });
  });

  it('does not trust a leader that was spared what hit another setup', () => {
    const losses: Readonly<Record<string, readonly string[]>> = { hit: ['3', '9', '15'], lucky: ['7', '8', '13'] };
    const result = made({ safe: 0, lucky: 1.5, hit: 1.5 });
    const { end } = raced({ setups: ['safe', 'lucky', 'hit'], seeds: SEEDS, block: 5 }, (setup, seed) => {
      const outcome = result(setup, seed);
      return losses[setup]?.includes(seed) && outcome !== 'failed' ? run(-20) : outcome;
    });
    expect(end.alive[0]).toBe('safe');
  });

  it('drops no one after one seed, which has no interval', () => {
    const { steps } = raced({ ...race, block: 1 }, made(truths));
    expect(steps.filter((step) => step.kind === 'run' && step.round === 2).every(({ left }) => left.length === 0)).toBe(true);
  });

  it('uses a last block that is shorter', () => {
    const { known } = raced({ ...race, setups: ['b', 'a'], block: 8 }, () => run(1));
    expect(known.size).toBe(2 * SEEDS.length);
  });

  it('has nothing to do with one setup or without seeds', () => {
    expect(raceStep({ ...race, setups: ['one'] }, () => undefined)).toEqual({ kind: 'over', alive: ['one'], left: [] });
    expect(() => raceStep({ ...race, block: 0 }, () => undefined)).toThrow('a round needs a seed, not 0');
    expect(raceStep({ ...race, seeds: [] }, () => undefined)).toEqual({ kind: 'over', alive: race.setups, left: [] });
  });
});
