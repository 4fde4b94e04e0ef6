import { expect, test } from 'vitest';
import { guardName, nameByKey } from '../../../src/wiring/account-names.ts';
import { openRemote } from '../../../src/commands/load-test/remote.ts';
import type { LoadVenueChoice } from '../../../src/wiring/load-venue.ts';
import { claimInstance } from '../../../src/store/instance.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { defined } from '../../../src/util/assert.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { withResolvers } from '../../../src/util/promise.ts';
import { testHost } from '../../support/program/test-host.ts';

/** Nobody listens there. */
const NOWHERE = { restUrl: 'http://127.0.0.1:9', wsUrl: 'ws://127.0.0.1:9' };

test('a load test sends nothing while a guard of the account is still canceling', async () => {
  const apiKey = `key-of-load-${process.pid}`;
  const host = testHost({ env: { BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: 'secret-of-load' } });
  const guard = defined(await claimInstance(guardName(nameByKey(NOWHERE, apiKey)), () => undefined), 'guard');
  const { promise: waits, resolve: sayWaits } = withResolvers<string>();
  const log = createLogger({
    clock: systemClock,
    level: 'info',
    format: 'json',
    write: (line) => void (line.includes('waiting_for_guard') && sayWaits('it waits')),
    redact: (text) => text,
  });
  const opening = openRemote({ host, clock: systemClock, log }, { venue: 'embedded', ...NOWHERE } as LoadVenueChoice, () => undefined);
  expect(await Promise.race([waits, opening.then(() => 'it begins')])).toBe('it waits');
  await guard.release();
  await using venue = await opening;
  expect(venue.address).toMatchObject({ restUrl: NOWHERE.restUrl });
});
