import { expect, test } from 'vitest';
import { startMs } from '../support/program/machine.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

const DEADLINE_S = 2;
/** Two seconds on a quiet machine: to start, to look once and to end takes half of that. */
const STARTS = 40;

test('an exchange that cannot be reached is exit 3, within the deadline', async () => {
  const env = { BYBIT_API_KEY: 'k-0000000000', BYBIT_API_SECRET: 's-0000000000' };
  const args = ['cancel-all', '--rest-url', 'http://127.0.0.1:1', '--force', '--deadline', String(DEADLINE_S)];
  const bound = DEADLINE_S * 1000 + STARTS * (await startMs());
  const { exitCode, stderr, durationMs } = await runMmbot(args, { env });
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('ORDERS MAY REMAIN')]);
  expect(durationMs).toBeLessThan(bound);
});
