import { afterAll, describe, expect, test } from 'vitest';
import { sufferUnknownOutcomes, timesOf, type UnknownOutcomes } from '../support/bots/unknown-outcomes.ts';

const RUNS = 100;
const COUNT = 1000;
const ACCOUNTS = 4;

describe('a hundred thousand requests without an answer, in runs of a thousand', () => {
  const outcomes: UnknownOutcomes[] = [];

  test.each(Array.from({ length: RUNS }, (_, i) => String(i + 1)))(
    'all resolved as the exchange has it, seed %s',
    { timeout: 600_000 },
    async (seed) => {
      const outcome = await sufferUnknownOutcomes(COUNT, ACCOUNTS, `slow ${seed}`);
      outcomes.push(outcome);
      expect(outcome.wrong).toEqual([]);
      expect(outcome.injected).toBeGreaterThanOrEqual(COUNT);
      expect(outcome.resolvedMs.length).toBe(outcome.injected);
      for (const kind of ['create', 'amend', 'cancel']) expect(outcome.byKind[kind]).toBeGreaterThan(200);
      expect(timesOf(outcome).p99).toBeLessThan(6);
    },
  );

  test('they have ended in every way there is', () => {
    const endings = new Set(outcomes.flatMap((outcome) => Object.keys(outcome.endings)));
    expect([...endings]).toEqual(expect.arrayContaining(['neverAccepted', 'canceled', 'filled', 'open']));
  });

  afterAll(() => {
    const resolvedMs = outcomes.flatMap((each) => each.resolvedMs).sort((a, b) => a - b);
    const injected = outcomes.reduce((sum, each) => sum + each.injected, 0);
    const wrong = outcomes.reduce((sum, each) => sum + each.wrong.length, 0);
    console.table([{ injected, resolved: resolvedMs.length, wrong, ...timesOf({ resolvedMs }) }]);
  });
});
