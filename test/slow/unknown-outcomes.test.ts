import { expect, test } from 'vitest';
import { sufferUnknownOutcomes, timesOf } from '../support/unknown-outcomes.ts';

test('a hundred thousand requests without an answer: all resolved as the exchange has it', { timeout: 3_600_000 }, async () => {
  const outcome = await sufferUnknownOutcomes(100_000, 10, '2');
  const { injected, byKind, endings, wrong, resolvedMs } = outcome;
  console.table([{ injected, resolved: resolvedMs.length, ...byKind, ...endings, wrong: wrong.length, ...timesOf(outcome) }]);
  expect(wrong).toEqual([]);
  expect(injected).toBeGreaterThanOrEqual(100_000);
  expect(resolvedMs.length).toBe(injected);
  expect(timesOf(outcome).p99).toBeLessThan(6);
});
