import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/util/clock.ts';
import { ledgerOverHttp } from '../../../src/wiring/load-venue.ts';

test('a ledger that does not answer does not keep a load test from its end', async () => {
  const clock = new VirtualClock(0);
  const wire = { request: () => new Promise<never>(() => undefined) };
  const source = { wire, clock, address: { restUrl: 'http://127.0.0.1:1', wsUrl: '' }, credentials: { apiKey: 'key' } };
  expect(await clock.run(ledgerOverHttp(source, 'mm-'))).toBeUndefined();
  expect(clock.monotonic()).toBe(5000);
});
