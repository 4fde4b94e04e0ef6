import { expect, test } from 'vitest';
import { neverMisled } from '../support/cancel/misleading-accounts.ts';

test('on six hundred seeded accounts of an exchange that misleads, no proof is false', { timeout: 600_000 }, async () => {
  let proofs = 0;
  for (let seed = 0; seed < 600; seed += 1) proofs += (await neverMisled(`six-hundred-${seed}`)).verified ? 1 : 0;
  expect(proofs).toBeGreaterThan(100);
});
