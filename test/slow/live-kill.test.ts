import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomInt, seededRandom, type Random } from '../../src/util/random.ts';
import { folderWith } from '../support/program/folders.ts';
import { ledgerOracle } from '../support/exchange/ledger-oracle.ts';
import { withJournal } from '../support/bots/live-bot.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';
import { settingsOf } from '../support/bots/virtual-soak.ts';

const KILLS = 200;
/** Most of the time is waited: the guard looks for late orders after it has canceled. */
const AT_ONCE = 4;

/** Whether orders rested when the bot was killed, and how long until none did, ms. */
async function kill(random: Random): Promise<{ readonly rested: boolean; readonly emptyAfterMs: number }> {
  // An account of its own: what a killed bot has traded is in no journal but its own.
  const exchange = await startExchange(['--seed', String(randomInt(random, 1e6))]);
  const oracle = ledgerOracle(exchange, settingsOf('s1'));
  const cwd = withJournal(folderWith(), exchange);
  const bot = startMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl], { env: exchange.env, cwd });
  await bot.seen('"live_started"');
  await pause(randomInt(random, 2500));
  const rested = (await exchange.openOrders()).length > 0;
  bot.kill('SIGKILL');
  const killedAt = performance.now();
  while ((await exchange.openOrders()).length > 0) {
    expect(performance.now() - killedAt).toBeLessThan(3000);
    await pause(10);
  }
  const emptyAfterMs = performance.now() - killedAt;
  // The guard holds the bot's stderr: when that ends it has gone.
  await bot.exitCode;
  await oracle.look(cwd);
  expect(await oracle.broken(['I1', 'I2', 'I4', 'I5', 'I7', 'I8'])).toEqual([]);
  process.kill(exchange.pid, 'SIGTERM');
  return { rested, emptyAfterMs };
}

test(`killed at ${KILLS} random moments with its guard alive, nothing rests after three seconds`, { timeout: 40 * 60_000 }, async () => {
  const random = seededRandom('kills');
  const times: number[] = [];
  let left = KILLS;
  const worker = async (name: string): Promise<void> => {
    const draws = random.fork(name);
    while (left > 0) {
      left -= 1;
      const { rested, emptyAfterMs } = await kill(draws);
      if (rested) times.push(emptyAfterMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => worker(String(index))));
  expect(times.length, 'kills while orders rested').toBeGreaterThan(KILLS / 2);
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  console.log(
    `${times.length} kills while orders rested; empty after: median ${Math.round(median)} ms, worst ${Math.round(times.at(-1) ?? 0)} ms`,
  );
});
