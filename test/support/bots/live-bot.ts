import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { nameByKey } from '../../../src/wiring/account-names.ts';
import { beginJournal, NO_HISTORY } from '../../../src/store/journal-folder.ts';
import { START } from '../builders/journals.ts';
import { startMmbot, type Running, type RunningExchange } from '../program/running.ts';

const LOOK_MS = 20;

/** On a machine that is busy with other tests the exchange answers late: for that a bot would hold its quotes for a minute. */
export const PATIENT = ['--set', 'risk.softLatencyP95Ms=30000', '--set', 'risk.hardLatencyP95Ms=60000'];

/** Orders so far away that nothing fills them before the next start. */
export const FAR_AWAY = ['--set', 'quoting.adaptive=false', '--base-spread-bps', '80'];

/**
 * `cwd` with the journal of a run that ended long ago with everything canceled: a bot that starts there quotes at once, where one without
 * any journal looks until late lists had to show what is there.
 */
export function withJournal(cwd: string, { restUrl, env }: Pick<RunningExchange, 'restUrl' | 'env'>): string {
  const folder = join(cwd, '.mmbot', nameByKey({ restUrl }, env['BYBIT_API_KEY'] ?? ''));
  mkdirSync(folder, { recursive: true });
  const journal = beginJournal(folder, START, NO_HISTORY);
  journal.append({ type: 'stop', at: START.at, clean: true });
  journal.close();
  return cwd;
}

/** A bot that has orders resting on the exchange. In a `cwd` without any journal one has ended in order long ago. */
export async function quoting(
  exchange: RunningExchange,
  cwd: string,
  args: readonly string[] = [],
  onEnd: typeof onTestFinished = onTestFinished,
): Promise<Running> {
  if (!existsSync(join(cwd, '.mmbot'))) withJournal(cwd, exchange);
  const words = ['live', '--profile', 's1', '--rest-url', exchange.restUrl, ...PATIENT, ...args];
  const bot = startMmbot(words, { env: exchange.env, cwd, onEnd });
  await bot.seen('"quoting"');
  while ((await exchange.openOrders()).length < 2) await pause(LOOK_MS);
  return bot;
}

/** Resolves with how long it took, ms, until the exchange's own record shows no open order. */
export async function emptied(exchange: RunningExchange): Promise<number> {
  const startedAt = performance.now();
  while ((await exchange.openOrders()).length > 0) await pause(LOOK_MS);
  return performance.now() - startedAt;
}
