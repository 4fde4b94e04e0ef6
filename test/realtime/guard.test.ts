import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { emptied, quoting } from '../support/bots/live-bot.ts';
import { startMs } from '../support/program/machine.ts';
import { startExchange } from '../support/program/running.ts';

/** Of the program: more than a second on a quiet machine, where a kill is answered within a fifth of that. */
const STARTS = 30;
/** The guard takes a bot for dead that says nothing for so long (src/commands/guard/guard.ts). */
const SILENCE_MS = 2000;

test('killed, its guard cancels in less than thirty starts of the program', async () => {
  const exchange = await startExchange(['--seed', '7']);
  const bot = await quoting(exchange, folderWith());
  const bound = STARTS * (await startMs());
  bot.kill('SIGKILL');
  const took = await emptied(exchange);
  console.info(`empty ${took.toFixed(0)} ms after the kill, allowed ${bound.toFixed(0)}`);
  expect(took).toBeLessThan(bound);
});

test('hanging, its guard cancels in less than its patience and thirty starts of the program', async () => {
  const exchange = await startExchange(['--seed', '7']);
  const bot = await quoting(exchange, folderWith());
  const bound = SILENCE_MS + STARTS * (await startMs());
  bot.kill('SIGSTOP');
  const took = await emptied(exchange);
  console.info(`empty ${took.toFixed(0)} ms after it hung, allowed ${bound.toFixed(0)}`);
  expect(took).toBeLessThan(bound);
});
