import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { main } from '../../src/main.ts';
import { folderWith } from '../support/program/folders.ts';
import { testHost } from '../support/program/test-host.ts';

const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\rx\nVERIFIED EMPTY: 3 looks\nPASS: 1 test passed';
/** What a terminal executes, but for the styles and the cursor of our own. */
// oxlint-disable-next-line eslint/no-control-regex -- they are what must not be there
const EXECUTED = /\u001b\[2J|\u001b\]|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const DRAWN = /^(VERIFIED EMPTY|PASS: 1 test passed)/m;

const NAME = `a ${EVIL}`;
const RESULTS = {
  'vitest.json': JSON.stringify({
    numTotalTests: 1,
    numFailedTests: 1,
    success: false,
    testResults: [
      {
        name: `/x/${EVIL}.ts`,
        status: 'failed',
        assertionResults: [
          { ancestorTitles: [EVIL], title: NAME, status: 'failed', failureMessages: [`no ${EVIL}\n    at ${EVIL}.ts:3:4`], duration: 1 },
        ],
      },
    ],
  }),
  'ctrf.json': JSON.stringify({
    generatedBy: 'mmbot',
    results: {
      summary: { tests: 1, failed: 1, other: 0 },
      tests: [{ name: NAME, suite: [EVIL], status: 'failed', message: EVIL, extra: { repeat: EVIL } }],
    },
  }),
  'bar.tap': `TAP version 13\nnot ok 1 - a \u001b[2J\u001b]0;owned\u0007\u009b\u202e\rx\n1..1\n`,
  'cut.xml': '<testsuite><testcase name="\u009b31m\u202e"/>',
};

describe('what others wrote is shown, never executed', () => {
  test.each(
    Object.keys(RESULTS).flatMap((file) => [[], ['--markdown'], ['--json'], ['--ctrf']].map((options) => [file, options] as const)),
  )('in a summary of %s %j', async (file, options) => {
    const cwd = folderWith(RESULTS);
    for (const isTerminal of [true, false]) {
      const host = testHost({ argv: ['test-summary', file, ...options], cwd, isTerminal });
      expect(await main(host)).toBe(file === 'cut.xml' ? 2 : 1);
      const said = host.stdout.text + host.stderr.text;
      expect(said).not.toMatch(EXECUTED);
      if (options[0] !== '--markdown') expect(said).not.toMatch(DRAWN);
    }
    if (file === 'cut.xml') return;
    for (const name of ['TEST_SUMMARY.md', 'ctrf.json'])
      expect(readFileSync(join(cwd, 'reports/audit', name), 'utf8')).not.toMatch(EXECUTED);
  });

  test('in the name of a file', async () => {
    const name = 'a\u001b[2J\u202e\nVERIFIED EMPTY.xml';
    const cwd = folderWith({ [name]: '<testsuite><testcase name="a"/></testsuite>' });
    const host = testHost({ argv: ['test-summary', name, `missing ${EVIL}`], cwd, isTerminal: true });
    expect(await main(host)).toBe(2);
    const read = testHost({ argv: ['test-summary', name], cwd, isTerminal: true });
    expect(await main(read)).toBe(0);
    for (const said of [host.stderr.text, read.stdout.text]) expect([EXECUTED.test(said), /^VERIFIED/m.test(said)]).toEqual([false, false]);
  });

  test('in a configuration: keys, values, names of files', async () => {
    const cwd = folderWith({ 'bad.yaml': `"a\\e[2J\\nVERIFIED EMPTY": 1\nquoting: { baseSpreadBps: "\\e]0;x\\a\\nVERIFIED EMPTY" }\n` });
    const host = testHost({ argv: ['config-explain', '--profile', 'bad.yaml', '--overrides', `${EVIL}.yaml`], cwd, isTerminal: true });
    expect(await main(host)).toBe(2);
    expect([EXECUTED.test(host.stderr.text), /^VERIFIED/m.test(host.stderr.text)]).toEqual([false, false]);
  });

  test.each([
    ['live', '--preflight-only'],
    ['cancel-all', '--force', '--no-halt', '--deadline', '1'],
    ['cancel-all', '--dry-run'],
  ])('in the refusal of an exchange: %s %s', async (...args) => {
    const server = createServer((_, response) => void response.end(JSON.stringify({ retCode: 10_003, retMsg: EVIL, result: {}, time: 1 })));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const restUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { BYBIT_API_KEY: 'canary-key-000000', BYBIT_API_SECRET: 'canary-secret-0000' };
    for (const isTerminal of [true, false]) {
      const host = testHost({ argv: [...args, '--rest-url', restUrl], env, cwd: folderWith(), isTerminal });
      expect(await main(host)).not.toBe(0);
      const said = host.stdout.text + host.stderr.text;
      expect([EXECUTED.test(said), /^ *VERIFIED EMPTY/m.test(said), said.includes('10003')]).toEqual([false, false, true]);
    }
  });
});
