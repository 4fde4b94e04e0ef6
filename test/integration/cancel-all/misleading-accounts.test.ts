import { expect, test } from 'vitest';
import { neverMisled } from '../../support/cancel/misleading-accounts.ts';

test('on ten seeded accounts of an exchange that misleads, no proof is false, and there are proofs', async () => {
  let proofs = 0;
  for (let seed = 0; seed < 10; seed += 1) proofs += (await neverMisled(`misleading-${seed}`)).verified ? 1 : 0;
  expect(proofs).toBeGreaterThan(1);
});
