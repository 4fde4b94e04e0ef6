import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startMmbot, type Running, type RunningExchange } from './running.ts';

const LOOK_MS = 20;

/** On a machine that is busy with other tests the exchange answers late: for that a bot would hold its quotes for a minute. */
export const PATIENT = ['--set', 'risk.softLatencyP95Ms=30000', '--set', 'risk.hardLatencyP95Ms=60000'];

/** Orders so far away that nothing fills them before the next start. */
export const FAR_AWAY = ['--set', 'quoting.adaptive=false', '--base-spread-bps', '80'];

/** A bot that has orders resting on the exchange. */
export async function quoting(
  exchange: RunningExchange,
  cwd: string,
  args: readonly string[] = [],
  onEnd: typeof onTestFinished = onTestFinished,
): Promise<Running> {
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
