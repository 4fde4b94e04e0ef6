import { expect, test } from 'vitest';
import { neverLies } from '../support/cancel/cancel-chaos.ts';

test('in a thousand seeded faulty runs, cancel-all never claims that no order is open while one is', { timeout: 120_000 }, async () => {
  for (let seed = 0; seed < 1000; seed += 1) await expect(neverLies(`thousand-${seed}`)).resolves.toBeUndefined();
});
