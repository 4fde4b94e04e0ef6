import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folders.ts';
import { recordsIn } from '../support/journals.ts';
import { PATIENT, quoting } from '../support/live-bot.ts';
import { startExchange, startMmbot } from '../support/running.ts';

const MOST_ORDERS = 9;

/** Orders that the journals below a folder say were about to leave. */
function placed(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  const records = names.flatMap((name) => recordsIn(readFileSync(join(folder, name))).records);
  return records.filter(({ type }) => type === 'placeIntent').length;
}

test('the orders of a day are the account’s: a bot that is killed and one that follows it share them', async () => {
  const exchange = await startExchange();
  const { restUrl, env } = exchange;
  const cwd = folderWith();
  const limited = ['--no-guard', '--set', `risk.maxOrdersPerDay=${MOST_ORDERS}`];
  const killed = await quoting(exchange, cwd, limited);
  killed.kill('SIGKILL');
  await killed.exitCode;
  expect(placed(cwd)).toBeGreaterThan(1);
  const next = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl, '--log-level', 'debug', ...PATIENT, ...limited], { env, cwd });
  await next.seen('"orders_per_day"');
  next.kill('SIGTERM');
  expect([await next.exitCode, placed(cwd)]).toEqual([0, MOST_ORDERS]);
});
