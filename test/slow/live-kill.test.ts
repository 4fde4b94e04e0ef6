import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomInt, seededRandom } from '../../src/util/random.ts';
import { folderWith } from '../support/folders.ts';
import { withJournal } from '../support/live-bot.ts';
import { ledgerOracle } from '../support/ledger-oracle.ts';
import { startExchange, startMmbot } from '../support/running.ts';
import { settingsOf } from '../support/virtual-soak.ts';

const KILLS = 200;

test(`killed at ${KILLS} random moments with its guard alive, nothing rests after three seconds`, { timeout: 40 * 60_000 }, async () => {
  const exchange = await startExchange(['--seed', '7']);
  const oracle = ledgerOracle(exchange, settingsOf('s1'));
  const random = seededRandom('kills');
  const times: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    // A folder of its own: the guard's halt is latched in the folder, and a halted bot would have nothing to lose.
    const cwd = withJournal(folderWith(), exchange);
    const bot = startMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl], { env: exchange.env, cwd });
    await bot.seen('"live_started"');
    await pause(randomInt(random, 2500));
    const resting = (await exchange.openOrders()).length;
    bot.kill('SIGKILL');
    const killedAt = performance.now();
    for (;;) {
      const open = await exchange.openOrders();
      const elapsed = performance.now() - killedAt;
      if (open.length === 0) break;
      expect(elapsed).toBeLessThan(3000);
      await pause(10);
    }
    if (resting > 0) times.push(performance.now() - killedAt);
    // The guard holds the bot's stderr: when that ends it has gone, and cancels nothing of the next bot's.
    await bot.exitCode;
    await oracle.look(cwd);
  }
  expect(await oracle.broken(['I1', 'I2', 'I4', 'I5', 'I7', 'I8'])).toEqual([]);
  expect(times.length, 'kills while orders rested').toBeGreaterThan(KILLS / 2);
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  console.log(
    `${times.length} kills while orders rested; empty after: median ${Math.round(median)} ms, worst ${Math.round(times.at(-1) ?? 0)} ms`,
  );
});
