import { expect, test } from 'vitest';
import { emergencyAt, withEmergency } from '../../../src/config/emergency.ts';
import { addressAt, VENUES } from '../../../src/config/venues.ts';
import { EXIT, failureOf, MmbotError, usageError } from '../../../src/errors.ts';

const KEYS = { env: { BYBIT_API_KEY: 'canary-key', BYBIT_API_SECRET: 'canary-secret' }, cwd: '/srv' };
const local = addressAt('http://127.0.0.1:8099', undefined);

test.each([
  [VENUES.demo, '--venue demo'],
  [local, '--rest-url http://127.0.0.1:8099'],
  [{ ...local, wsUrl: 'ws://127.0.0.1:8100' }, '--rest-url http://127.0.0.1:8099 --ws-url ws://127.0.0.1:8100'],
])('the command names the exchange: %j', (address, place) => {
  const { all, mine } = emergencyAt(address, KEYS);
  expect(all).toEqual({
    lead: 'run, with the key in BYBIT_API_KEY and BYBIT_API_SECRET',
    command: `mmbot cancel-all ${place} --force`,
  });
  expect(mine.command).toBe(`mmbot cancel-all ${place} --mine --force`);
});

test('the command names the file that holds the key, from any folder', () => {
  const { lead, command } = emergencyAt(local, { env: { BYBIT_KEY_FILE: "it's/key.json" }, cwd: '/srv' }).all;
  expect([lead, command]).toEqual([
    'run',
    String.raw`BYBIT_KEY_FILE='/srv/it'\''s/key.json' mmbot cancel-all --rest-url http://127.0.0.1:8099 --force`,
  ]);
});

test('an error that says that orders may be open gets the command, and no other error', () => {
  const line = emergencyAt(local, KEYS).all;
  const remain = new MmbotError({ code: 'leftovers', exitCode: EXIT.ordersRemain, message: 'some are open', hint: 'stop the other one' });
  const { text, hint, run } = failureOf(withEmergency(remain, line));
  expect(text).toBe(
    `error: some are open\nhint: stop the other one, then run, with the key in BYBIT_API_KEY and BYBIT_API_SECRET:\n  ${line.command}\n`,
  );
  expect([hint, run]).toEqual([`stop the other one, then ${line.lead}`, line.command]);
  for (const error of [usageError('no'), new Error('a bug'), undefined]) expect(withEmergency(error, line)).toBe(error);
  expect(withEmergency(remain, undefined)).toBe(remain);
});
