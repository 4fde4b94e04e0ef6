import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { faultSoak } from '../../support/bots/fault-soak.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost } from '../../support/program/test-host.ts';

/** A little market, the fault in the middle of it. */
const SECONDS = 18;
const MIDDLE = '@5:6';

describe('a soak under faults', () => {
  test.each([
    'lost-reply',
    'stale-reads',
    'missed-private-event',
    'duplicated-event',
    'absurd-price',
    'socket-storm',
    'server-error-10016-applied',
    'history-lag',
    'book-gap',
  ])('%s: the books still equal the ledger, quoting comes back, and every report says what went wrong on purpose', async (name) => {
    const { report, broken, out } = await faultSoak([`${name}${MIDDLE}`], '1', SECONDS);
    expect(broken).toEqual([]);
    expect(report.invariants.find((each) => each.name === 'quoting resumed after the faults')?.found).toContain('quoted after');
    expect(report.faults?.occurrences).toMatchObject([{ name, fromMs: 5000, toMs: 11_000 }]);
    expect(report.faults?.occurrences[0]?.hits).toBeGreaterThan(0);
    for (const file of ['report.md', 'report.html']) expect(readFileSync(join(out, file), 'utf8')).toContain(name);
  });

  test('with HTTP down during the stop, cancels by id over the socket, and does not claim a proof', async () => {
    const { exitCode, report } = await faultSoak(['rest-down@9:60'], '2', 12);
    expect(exitCode).toBe(4);
    expect(report.cancelAll?.verified ?? false).toBe(false);
    expect(report.invariants.find(({ name }) => name === 'no order is left open')?.holds).toBe(true);
  });

  test('repeats itself to the byte, faults and all', async () => {
    const [first, again] = [await faultSoak(['heavy'], '5', 15), await faultSoak(['heavy'], '5', 15)];
    expect(again.text).toBe(first.text);
    expect(first.report.origin.repeat).toContain('--faults heavy');
  });

  test.each([
    ['lost-replay', 'did you mean lost-reply'],
    ['heavy,lost-reply', 'cannot be combined'],
    ['lost-reply@then', 'NAME@START'],
  ])('refuses --faults %s with exit 2', async (choice, why) => {
    const host = testHost({ argv: ['soak', '--clock', 'virtual', '--out', folderWith(), '--faults', choice], cwd: process.cwd() });
    expect(await main(host)).toBe(2);
    expect(host.stderr.text).toContain(why);
  });
});
