import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { randomInt, seededRandom } from '../../src/util/random.ts';
import { folderWith } from '../support/program/folders.ts';
import { ledgerOracle } from '../support/exchange/ledger-oracle.ts';
import { recordsIn } from '../support/builders/journals.ts';
import { startExchange, startMmbot } from '../support/program/running.ts';
import { settingsOf } from '../support/bots/virtual-soak.ts';

const KILLS = 20;

interface LiveResult {
  readonly figures: { readonly positions: Readonly<Record<string, number>> };
  readonly cancelAll: { readonly verified: boolean };
}

/** All that the journals of a folder tell, of runs that are over; the oldest are dropped in time, so it is read after each run. */
function journalReader(folder: string): () => { readonly placed: readonly string[]; readonly fills: readonly string[] } {
  const read = new Set<string>();
  const [placed, fills]: [string[], string[]] = [[], []];
  return () => {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/journal-\d+\.log$/.test(name) || read.has(name)) continue;
      read.add(name);
      for (const record of recordsIn(readFileSync(join(folder, name))).records) {
        if (record.type === 'placeIntent') placed.push(record.order.clientOrderId);
        if (record.type === 'fill') fills.push(record.fill.fillId);
      }
    }
    return { placed, fills };
  };
}

describe.each([
  ['without a guard', ['--no-guard']],
  ['with its guard', []],
])('killed %s and started again', (_, guard) => {
  test(
    `${KILLS} times, at random moments: no orphan, no id twice, each fill recorded once, its position is the ledger’s`,
    { timeout: 15 * 60_000 },
    async () => {
      const exchange = await startExchange(['--seed', '7', '--market', 'toxic']);
      const { restUrl, env } = exchange;
      const oracle = ledgerOracle(exchange, settingsOf('s1'));
      const random = seededRandom(`restarts ${guard.join()}`);
      const cwd = folderWith();
      const journals = journalReader(cwd);
      const args = ['live', '--profile', 's1', '--rest-url', restUrl, ...guard];
      let [orphans, recovered, fills] = [0, 0, 0];
      for (let kill = 0; kill < KILLS; kill += 1) {
        const bot = startMmbot(args, { env, cwd });
        await bot.seen('"live_started"');
        await pause(randomInt(random, 4000));
        bot.kill('SIGKILL');
        const left = new Set((await exchange.openOrders()).map(({ orderId }) => orderId));
        orphans += left.size;
        // The market goes on without it.
        await pause(randomInt(random, 1500));

        const next = startMmbot([...args, '--json'], { env, cwd });
        await Promise.race([next.seen('"quoting"'), next.exitCode]);
        expect([kill, (await exchange.openOrders()).filter(({ orderId }) => left.has(orderId))]).toEqual([kill, []]);
        next.kill('SIGINT');
        expect([kill, await next.exitCode, next.stderr()]).toEqual([kill, 0, expect.not.stringMatching(/divergence|"frozen"/)]);

        const { figures, cancelAll } = JSON.parse(next.stdout()) as LiveResult;
        const { openOrders, positions, executions } = await exchange.ledger();
        const held = Number(positions.find(({ symbol }) => symbol === 'BTCUSDT')?.size ?? 0);
        expect([kill, openOrders, cancelAll.verified, figures.positions['BTCUSDT']]).toEqual([kill, [], true, held]);
        const told = journals();
        expect([kill, told.fills.toSorted()]).toEqual([kill, executions.map(({ execId }) => execId).toSorted()]);
        expect([kill, told.placed.length]).toEqual([kill, new Set(told.placed).size]);
        recovered += next.stderr().split('"fill_recovered"').length - 1;
        fills = executions.length;
        await oracle.look(cwd);
      }
      expect(oracle.changes).toBeGreaterThan(2 * KILLS);
      expect(await oracle.broken()).toEqual([]);
      console.log(
        `${KILLS} kills: ${orphans} orders left behind and canceled; ${fills} fills, ${recovered} of them recovered after a kill`,
      );
      expect(fills).toBeGreaterThan(0);
      if (guard.length === 0) return;
      expect(orphans).toBeGreaterThan(KILLS / 2);
      expect(recovered).toBeGreaterThan(0);
    },
  );
});
