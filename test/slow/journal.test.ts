import { expect, test } from 'vitest';
import { crashEverywhere } from '../support/journal-crashes.ts';

test('after a crash at any of more than ten thousand points no intent is lost', { timeout: 300_000 }, async () => {
  const { cuts, losses, rotations } = await crashEverywhere(60);
  expect(cuts).toBeGreaterThan(10_000);
  expect(losses).toBeGreaterThan(200);
  expect(rotations).toBeGreaterThan(30);
});
