import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OUT_OF_SCOPE } from '../../src/exchange/cancel-port.ts';
import { answering, json, pathOf, type Fault } from '../support/wires/wire-faults.ts';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { BIN, runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange } from '../support/program/running.ts';

// It gives a program a terminal.
const hasScript = !(await execa('script', ['-qec', 'true', '/dev/null'], { reject: false })).failed;

describe('mmbot cancel-all', () => {
  test('proves an empty account, and asks for consent where it cannot ask', async () => {
    const { restUrl, env } = await startExchange();
    const dry = await runMmbot(['cancel-all', '--rest-url', restUrl, '--dry-run'], { env });
    expect([dry.exitCode, dry.stdout]).toEqual([0, '0 to cancel, 0 left alone\n']);
    const forced = await runMmbot(['cancel-all', '--rest-url', restUrl, '--force', '--json'], { env });
    expect(forced.exitCode).toBe(0);
    expect(JSON.parse(forced.stdout)).toMatchObject({ schemaVersion: 1, command: 'cancel-all', verified: true, found: 0, remaining: [] });
    expect(JSON.parse(forced.stdout)).toMatchObject({
      evidence: { scopes: expect.arrayContaining(['option']) as unknown, outOfScope: OUT_OF_SCOPE },
    });
    expect(forced.stdout + forced.stderr).not.toContain(env['BYBIT_API_SECRET']);
  });

  test('with wrong keys it says so with exit 3, and shows neither', async () => {
    const { restUrl } = await startExchange();
    const env = { BYBIT_API_KEY: 'canary-key-000000', BYBIT_API_SECRET: 'canary-secret-0000' };
    const { exitCode, stdout, stderr } = await runMmbot(['cancel-all', '--rest-url', restUrl, '--force'], { env });
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/error: ORDERS MAY REMAIN: .*\nhint: .*only exit 0 proves that nothing is open/s),
    ]);
    expect(stdout + stderr).not.toContain('canary');
  });

  test.skipIf(!hasScript)('ends with 130 when Ctrl-C is pressed at its question', async () => {
    const exchange = await startExchange();
    const fault: Fault = (request, pass) =>
      request.url.includes('category=spot') ? Promise.resolve(json({ retCode: 10_016, retMsg: 'Server error.' })) : pass();
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault, onEnd: onTestFinished });
    const command = `'${process.execPath}' '${BIN}' cancel-all --rest-url ${restUrl}`;
    const terminal = execa('script', ['-qec', command, '/dev/null'], { env: exchange.env, reject: false, timeout: 30_000 });
    let said = '';
    terminal.stdout.on('data', (text: Buffer) => {
      const wasAsked = said.includes('[y/N]');
      said += String(text);
      if (!wasAsked && said.includes('[y/N]')) terminal.stdin.write('\x03');
    });
    expect([(await terminal).exitCode, said]).toEqual([130, expect.stringContaining('stopped by SIGINT before any order was canceled')]);
  });

  test.each([
    [['cancel-all', '--force'], '--venue'],
    [['cancel-all', '--venue', 'mainnet', '--rest-url', 'http://127.0.0.1:1', '--force'], 'use either --venue or --rest-url, not both'],
    [['cancel-all', '--rest-url', 'ftp://x', '--force'], 'http:'],
    [['cancel-all', '--rest-url', 'http://127.0.0.1:1', '--category', 'futures'], 'futures'],
    [['cancel-all', '--rest-url', 'http://127.0.0.1:1', '--force'], 'BYBIT_API_KEY'],
  ])('%j is refused with exit 2', async (args, named) => {
    const { exitCode, stderr } = await runMmbot(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(named);
  });
});

describe('where the exchange answers, but no list can be read, mmbot cancel-all', () => {
  const REALTIME = 'v5/order/realtime';
  const instead =
    (answer: Awaited<ReturnType<Fault>>): Fault =>
    async (request, pass) =>
      pathOf(request) === REALTIME ? answer : pass();
  let pages = 0;
  const faults: readonly [string, Fault][] = [
    ['a list is missing', answering(REALTIME, () => ({ list: null }))],
    ['a proxy answers', instead({ status: 403, statusText: 'Forbidden', headers: {}, body: '<html>blocked</html>' })],
    ['it is refused', instead(json({ retCode: 10_005, retMsg: 'Permission denied' }))],
    ['it has no end', answering(REALTIME, () => ({ list: [], nextPageCursor: `c${(pages += 1)}` }))],
    ['it never comes', (request, pass) => (pathOf(request) === REALTIME ? new Promise(() => undefined) : pass())],
  ];

  // Side by side: each waits for its deadline.
  test.concurrent.for(faults)('ends with exit 4 at its deadline, dry or not: %s', async ([, fault], { onTestFinished }) => {
    const exchange = await startExchange([], onTestFinished);
    const { restUrl } = await startFaultProxy(exchange.restUrl, { fault, onEnd: onTestFinished });
    const args = ['cancel-all', '--rest-url', restUrl, '--deadline', '2'];
    const [dry, wet] = await Promise.all(['--dry-run', '--force'].map((how) => runMmbot([...args, how], { env: exchange.env })));
    expect([dry?.exitCode, wet?.exitCode]).toEqual([4, 4]);
    expect(`${wet?.stdout}${wet?.stderr}`).toContain('ORDERS MAY REMAIN');
  });
});
