import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('a file that was cut off after any of its records, or emptied, is noticed when it held an execution', async () => {
  const account = new AccountRuns(FUNDING - 60_000, 'toxic', { seed: 'cut' });
  for (let run = 0; run < 3; run += 1) await account.run({ settings: settingsOf('s1'), durationMs: 8000, end: 'stop' });
  expect(recordOf(account.folder).report.verdict).toBe('COMPLETE');
  let cuts = 0;
  for (const name of readdirSync(account.folder)
    .filter((each) => each.startsWith('journal-'))
    .sort()
    .slice(0, -1)) {
    const path = join(account.folder, name);
    const whole = readFileSync(path, 'utf8');
    const lines = whole.split('\n');
    const fills = lines.flatMap((line, i) => (line.includes('{"type":"fill"') ? [i] : []));
    for (const length of [0, ...fills]) {
      writeFileSync(
        path,
        lines
          .slice(0, length)
          .map((line) => `${line}\n`)
          .join(''),
      );
      expect([name, length, recordOf(account.folder).report.verdict]).toEqual([name, length, 'INCOMPLETE']);
      cuts += 1;
    }
    writeFileSync(path, whole);
  }
  expect(cuts).toBeGreaterThan(10);
});
