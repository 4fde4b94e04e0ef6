import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { randomInt, seededRandom } from '../../src/util/random.ts';
import { folderWith } from '../support/folders.ts';
import { runMmbot } from '../support/run-mmbot.ts';
import { startExchange, startMmbot, type LedgerRecord } from '../support/running.ts';

const KILLS = 20;

interface LiveResult {
  readonly figures: { readonly positions: Readonly<Record<string, number>> };
  readonly cancelAll: { readonly verified: boolean };
}

/** Every id belongs to one order: an order that was filled in parts has several executions, but one id of the exchange's. */
function reusedIds({ executions }: LedgerRecord): string[] {
  const orders = new Map<string, Set<string>>();
  for (const { orderLinkId, orderId } of executions) orders.set(orderLinkId, (orders.get(orderLinkId) ?? new Set()).add(orderId));
  return [...orders].filter(([, ids]) => ids.size > 1).map(([id]) => id);
}

describe.each([
  ['without a guard', ['--no-guard']],
  ['with its guard', []],
])('killed %s and started again at once', (_, guard) => {
  test(
    `${KILLS} times, at random moments: no orphan, no id twice, no fill lost, its position is the ledger’s`,
    { timeout: 15 * 60_000 },
    async () => {
      const exchange = await startExchange(['--seed', '7', '--market', 'toxic']);
      const { restUrl, env } = exchange;
      const random = seededRandom(`restarts ${guard.join()}`);
      const cwd = folderWith();
      const args = ['live', '--profile', 's1', '--rest-url', restUrl, ...guard];
      let orphans = 0;
      let fills = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const bot = startMmbot(args, { env, cwd });
        await bot.seen('"live_started"');
        await pause(randomInt(random, 4000));
        bot.kill('SIGKILL');
        const left = (await exchange.openOrders()).map(({ orderLinkId }) => orderLinkId);
        orphans += left.length;
        const next = await runMmbot([...args, '--duration', '1', '--json'], { env, cwd, timeoutMs: 60_000 });
        expect([kill, next.exitCode, next.stderr]).toEqual([kill, 0, expect.not.stringMatching(/divergence|"frozen"/)]);
        const { figures, cancelAll } = JSON.parse(next.stdout) as LiveResult;
        const ledger = await exchange.ledger();
        const held = Number(ledger.positions.find(({ symbol }) => symbol === 'BTCUSDT')?.size ?? 0);
        expect([kill, ledger.openOrders, cancelAll.verified, figures.positions['BTCUSDT']]).toEqual([kill, [], true, held]);
        expect([kill, reusedIds(ledger)]).toEqual([kill, []]);
        fills = ledger.executions.length;
      }
      console.log(`${KILLS} kills: ${orphans} orders were left behind and canceled, ${fills} fills, none lost`);
      expect(fills).toBeGreaterThan(0);
      if (guard.length > 0) expect(orphans).toBeGreaterThan(KILLS / 2);
    },
  );
});
