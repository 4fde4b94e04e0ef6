import { expect, test } from 'vitest';
import { sufferUnknownOutcomes, timesOf } from '../../support/bots/unknown-outcomes.ts';

test('four hundred requests without an answer: all resolved as the exchange has it', async () => {
  const outcome = await sufferUnknownOutcomes(400, 4, '1');
  const { injected, byKind, endings, wrong, resolvedMs } = outcome;
  console.table([{ injected, resolved: resolvedMs.length, ...byKind, ...endings, wrong: wrong.length, ...timesOf(outcome) }]);
  expect(wrong).toEqual([]);
  expect(resolvedMs.length).toBe(injected);
  for (const kind of ['create', 'amend', 'cancel']) expect(byKind[kind]).toBeGreaterThan(80);
  for (const ending of ['neverAccepted', 'canceled', 'filled', 'open']) expect(endings[ending]).toBeGreaterThan(0);
  expect(timesOf(outcome).p99).toBeLessThan(6);
});
