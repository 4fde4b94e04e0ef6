import { describe, expect, test } from 'vitest';
import { parseFaults, type FaultChoice } from '../../../../src/simulator/faults/fault-choice.ts';
import { faultLayer } from '../../../../src/simulator/faults/fault-layer.ts';
import { Faults } from '../../../../src/simulator/faults/faults.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { seededRandom, type Random } from '../../../../src/util/random.ts';

function chosen(text: string): FaultChoice {
  const choice = parseFaults(text);
  if (typeof choice === 'string') throw new Error(choice);
  return choice;
}

async function occurrencesOf(text: string, seed: string, ms = 600_000) {
  const clock = new VirtualClock(0);
  const faults = new Faults(clock, seededRandom(seed), chosen(text));
  faults.start();
  await clock.run(sleep(clock, ms));
  return { faults, occurrences: faults.occurrences() };
}

describe('the faults of a run', () => {
  test('come again and again, at times that the seed alone decides', async () => {
    const [first, again, other] = [
      await occurrencesOf('lost-reply,book-gap', 'a'),
      await occurrencesOf('lost-reply,book-gap', 'a'),
      await occurrencesOf('lost-reply,book-gap', 'b'),
    ];
    expect(first.occurrences.length).toBeGreaterThan(10);
    expect(again.occurrences).toEqual(first.occurrences);
    expect(other.occurrences).not.toEqual(first.occurrences);
    for (const { fromMs, toMs } of first.occurrences) expect(toMs).toBeGreaterThan(fromMs);
  });

  test('of one name do not change with what else was chosen', async () => {
    const alone = await occurrencesOf('lost-reply', 'a');
    const both = await occurrencesOf('lost-reply,book-gap', 'a');
    expect(both.occurrences.filter(({ name }) => name === 'lost-reply')).toEqual(alone.occurrences);
  });

  test('have their place when they were given one', async () => {
    const { occurrences } = await occurrencesOf('lost-reply@10:5,lost-reply@100:1', 'a');
    expect(occurrences.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [10_000, 15_000],
      [100_000, 101_000],
    ]);
  });

  test('of a set are a subset that the seed draws', async () => {
    const seeds = ['a', 'b', 'c', 'd', 'e', 'f'];
    const subsets = seeds.map((seed) => new Faults(new VirtualClock(0), seededRandom(seed), { set: 'heavy' }).chosen);
    expect(new Set(subsets.map((names) => names.join())).size).toBe(seeds.length);
    for (const names of subsets) expect(names).not.toContain('key-revoked');
  });

  test('end when the run is healed, but for those that were placed', async () => {
    const clock = new VirtualClock(0);
    const faults = new Faults(clock, seededRandom('a'), chosen('socket-drop,lost-reply@50:100'));
    faults.start();
    await clock.run(sleep(clock, 60_000));
    faults.heal();
    expect(faults.active).toEqual(['lost-reply']);
    const before = faults.occurrences().length;
    await clock.run(sleep(clock, 600_000));
    expect(faults.occurrences()).toHaveLength(before);
    expect(faults.active).toEqual([]);
  });

  test('none: nothing is drawn, and nothing stands in the way', () => {
    let draws = 0;
    const counting: Random = {
      uniform: () => {
        draws += 1;
        return 0.5;
      },
      fork: () => counting,
    };
    const clock = new VirtualClock(0);
    const layer = faultLayer({ clock, random: counting, choice: { set: 'none' }, limits: 'vip0', accounts: 1 });
    expect([layer.faults, layer.clock, draws]).toEqual([undefined, clock, 0]);
  });
});
