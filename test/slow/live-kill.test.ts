import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomInt, seededRandom } from '../../src/util/random.ts';
import { folderWith } from '../support/folders.ts';
import { startExchange, startMmbot } from '../support/running.ts';

const KILLS = 200;

test(`killed at ${KILLS} random moments with its guard alive, nothing rests after three seconds`, { timeout: 40 * 60_000 }, async () => {
  const exchange = await startExchange(['--seed', '7']);
  const cwd = folderWith();
  const random = seededRandom('kills');
  const times: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const bot = startMmbot(['live', '--profile', 's1', '--rest-url', exchange.restUrl], { env: exchange.env, cwd });
    await bot.seen('"live_started"');
    await pause(randomInt(random, 2500));
    bot.kill('SIGKILL');
    const killedAt = performance.now();
    for (;;) {
      const open = await exchange.openOrders();
      const elapsed = performance.now() - killedAt;
      if (open.length === 0) break;
      expect(elapsed).toBeLessThan(3000);
      await pause(10);
    }
    times.push(performance.now() - killedAt);
  }
  times.sort((a, b) => a - b);
  console.log(`empty after: median ${Math.round(times[KILLS / 2] ?? 0)} ms, worst ${Math.round(times.at(-1) ?? 0)} ms`);
});
