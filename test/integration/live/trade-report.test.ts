import { expect, test } from 'vitest';
import { randomInt, seededRandom } from '../../../src/util/random.ts';
import { sleep } from '../../../src/util/clock.ts';
import { AccountRuns } from '../../support/bots/account-runs.ts';
import { figuresOfLedger, figuresOfRows, recordOf } from '../../support/bots/trade-record.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';

const FUNDING = Date.UTC(2026, 0, 2, 8);
const SEEDS = Array.from({ length: 10 }, (_, i) => `report-${i}`);

test.each(SEEDS)('killed twice under faults and over a settlement, then stopped: the report is the ledger’s record (%s)', async (seed) => {
  const random = seededRandom(seed);
  const account = new AccountRuns(FUNDING - 25_000, 'toxic', { seed, faults: { set: 'heavy' } });
  const settings = settingsOf('s1');
  for (const end of ['kill', 'kill', 'stop'] as const) {
    await account.run({ settings, durationMs: 5000 + randomInt(random, 10_000), end, unfreeze: true });
    // Before anything else happens: a record that says that it is complete has what the exchange has.
    const { report, rows } = recordOf(account.folder);
    const held = figuresOfLedger(account.ledger.executions());
    expect([end, report.verdict === 'INCOMPLETE' ? held : figuresOfRows(rows)]).toEqual([end, held]);
    await account.clock.run(sleep(account.clock, randomInt(random, 3000)));
  }
  // Orders of a run that could not end in order, and executions that were late, are read by one that can.
  account.embedded.faults?.stop();
  await account.run({ settings, durationMs: 5000, end: 'stop', unfreeze: true });
  const { report, rows } = recordOf(account.folder);
  expect([seed, report.verdict, report.problems]).toEqual([seed, 'COMPLETE', []]);
  expect(figuresOfRows(rows)).toEqual(figuresOfLedger(account.ledger.executions()));
  expect(rows.length).toBeGreaterThan(5);
  const [position] = account.ledger.positions();
  expect([Number(report.figures.fees), Number(report.figures.funding), report.symbols[0]?.position]).toEqual([
    Number(position?.fees),
    Number(position?.funding),
    Number(position?.size),
  ]);
  expect(report.unrecorded).toEqual([]);
  expect(report.runs.length).toBe(4);
});
