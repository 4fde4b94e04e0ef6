import { expect, test } from 'vitest';
import { claimInstance, haltInstance } from '../../../src/store/instance.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { randomId, systemRandom } from '../../../src/util/random.ts';
import { defined } from '../../../src/util/assert.ts';

test('one process holds a name; it is free again when it is released', async () => {
  const name = randomId(systemRandom, 12);
  const first = defined(await claimInstance(name, () => undefined), 'first');
  expect(await claimInstance(name, () => undefined)).toBeUndefined();
  await first.release();
  const second = defined(await claimInstance(name, () => undefined), 'second');
  await second.release();
});

test('whoever halts it gets an answer only after it has fenced', async () => {
  const name = randomId(systemRandom, 12);
  const order: string[] = [];
  const instance = defined(await claimInstance(name, () => order.push('fenced')), 'instance');
  order.push(await haltInstance(name, systemClock, 5000));
  expect(order).toEqual(['fenced', 'halted']);
  await instance.release();
});

test('where nobody trades there is nobody to halt', async () => {
  expect(await haltInstance(randomId(systemRandom, 12), systemClock, 5000)).toBe('none');
});
