import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { publishCampaign } from '../../../../src/commands/campaign/output.ts';
import type { CampaignReport } from '../../../../src/reports/campaign/campaign-report.ts';
import { campaignExample, survivalExample } from '../../../support/builders/campaign-example.ts';
import { folderWith } from '../../../support/program/folders.ts';
import { testHost } from '../../../support/program/test-host.ts';

/** What a person reads on a terminal of this width, line by line. */
function linesOf(report: CampaignReport, columns: number): string[] {
  const cwd = folderWith();
  const host = testHost({ cwd, isTerminal: true, columns });
  publishCampaign(host, report, { exitCode: 0, out: cwd, json: false, csv: false, profile: undefined, pageOf: () => undefined });
  return stripVTControlCharacters(host.stdout.text).split('\n');
}

const nine: CampaignReport = {
  ...campaignExample({
    profiles: ['s1', 'conservative', 'my-own-profile'],
    axes: [{ key: 'quoting.baseSpreadBps', values: [4, 8, 12] }],
  }),
  expectations: [],
};
const rowsOf = (lines: readonly string[]): string[][] =>
  lines
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );

describe('on a terminal of 80 columns', () => {
  test('each setup has one line in each table, with its short name', () => {
    const lines = linesOf(nine, 80);
    const names = nine.setups.map(({ profile, varied }) => `${profile} · ${varied['quoting.baseSpreadBps']}`);
    const rows = rowsOf(lines);
    for (const row of rows) expect(['setup', 'setting', 'quoting.baseSpreadBps', '', ...names]).toContain(row[0]);
    const [head, ...setups] = rows.slice(0, 10);
    expect(head?.slice(0, 4)).toEqual(['setup', 'net, bps [95 %]', 'to the best', 'runs']);
    expect(setups.map(([name]) => name)).toEqual(names);
    expect(lines.join('\n')).toContain('Setups, best first (profile · quoting.baseSpreadBps)');
  });

  test('nothing is wider than the terminal, but what is copied', () => {
    for (const line of linesOf(nine, 80).filter((each) => !each.startsWith('Repeat'))) expect(line.length).toBeLessThanOrEqual(80);
  });
});

test('a wide terminal shows whole names, and all columns of the setups beside each other', () => {
  const lines = linesOf(nine, 160);
  const [head = [], first = []] = rowsOf(lines);
  expect(first[0]).toBe(nine.setups[0]?.name);
  expect(head.slice(0, 5)).toEqual(['setup', 'net, bps [95 %]', 'to the best', 'runs', 'standing']);
  expect(first).toContain('best');
});

test('the setups on the front are named', () => {
  expect(linesOf(nine, 160).join('\n').replaceAll(/\s+/g, ' ')).toContain(
    `Front no setup earns as much with less inventory risk than ${nine.front.join('; ')}`,
  );
});

test('a run that failed says what was measured, and its command is on one line to be copied', () => {
  const report = survivalExample();
  const lines = linesOf(report, 80);
  const [first] = report.broken;
  expect(lines).toContain(`${first?.setup}, ${first?.scenario}, seed ${first?.seed}: risk ratio p95 0.180, allowed at most 0.100`);
  expect(lines).toContain(`  ${first?.repeat}`);
});

test('of many runs that failed, some are shown', () => {
  const report = survivalExample();
  const broken = Array.from({ length: 25 }, () => report.broken[0] ?? report.broken).flat();
  const text = linesOf({ ...report, broken }, 80).join('\n');
  expect(text.match(/^ {2}mmbot soak/gm)).toHaveLength(10);
  expect(text).toContain('15 more are in campaign.md');
});
