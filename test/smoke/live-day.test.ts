import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/execution/journal.ts';
import { folderWith } from '../support/program/folders.ts';
import { recordsIn } from '../support/builders/journals.ts';
import { PATIENT, quoting } from '../support/bots/live-bot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';

const MOST_ORDERS = 9;

/** What the journals below a folder tell: orders that were about to leave, and those of them that waited too long and never did. */
function ordersIn(folder: string): { readonly intended: number; readonly dropped: number } {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  const records = names.flatMap((name) => recordsIn(readFileSync(join(folder, name))).records);
  const isDropped = (record: JournalRecord): boolean => record.type === 'answer' && record.outcome === 'dropped';
  return { intended: records.filter(({ type }) => type === 'placeIntent').length, dropped: records.filter(isDropped).length };
}

test('the orders of a day are the account’s: a bot that is killed and one that follows it share them', async () => {
  const exchange = await startExchange();
  const { restUrl, env } = exchange;
  const cwd = folderWith();
  const limited = ['--no-guard', '--set', `risk.maxOrdersPerDay=${MOST_ORDERS}`];
  const killed = await quoting(exchange, cwd, limited);
  killed.kill('SIGKILL');
  await killed.exitCode;
  expect(ordersIn(cwd).intended).toBeGreaterThan(1);
  const next = startMmbot(['live', '--profile', 's1', '--rest-url', restUrl, '--log-level', 'debug', ...PATIENT, ...limited], { env, cwd });
  await next.seen('"orders_per_day"');
  next.kill('SIGTERM');
  expect(await next.exitCode).toBe(0);
  const { intended, dropped } = ordersIn(cwd);
  expect(intended).toBeGreaterThanOrEqual(MOST_ORDERS);
  expect(intended - dropped).toBeLessThanOrEqual(MOST_ORDERS);
});
