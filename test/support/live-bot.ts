import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startMmbot, type Running, type RunningExchange } from './running.ts';

const LOOK_MS = 20;

/** Orders so far away that nothing fills them before the next start. */
export const FAR_AWAY = ['--set', 'quoting.adaptive=false', '--base-spread-bps', '80'];

/** A bot that has orders resting on the exchange. */
export async function quoting(
  exchange: RunningExchange,
  cwd: string,
  args: readonly string[] = [],
  onEnd: typeof onTestFinished = onTestFinished,
): Promise<Running> {
  const bot = startMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl, ...args], { env: exchange.env, cwd, onEnd });
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
