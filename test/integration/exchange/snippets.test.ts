import { execa } from 'execa';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BYBIT_API_SNIPPET, CCXT_SNIPPET, EXCHANGE_HELP } from '../../../src/commands/exchange-help.ts';
import { exchangeCommand } from '../../../src/commands/exchange.ts';
import { folderWith } from '../../support/folders.ts';
import { testHost } from '../../support/test-host.ts';

const rootOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe('what the README and --help tell users of other clients', () => {
  test('is the same in both', () => {
    const blocks = [...readFileSync(rootOf('README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
    expect(blocks).toEqual([CCXT_SNIPPET, BYBIT_API_SNIPPET]);
    const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());
    expect(lines(EXCHANGE_HELP)).toEqual(expect.arrayContaining([...lines(CCXT_SNIPPET), ...lines(BYBIT_API_SNIPPET)]));
  });

  test('runs as it stands', async () => {
    const host = testHost();
    const args = '--symbols BTCUSDT,ETHUSDT --spot-symbols BTCUSDT --accounts 2 --seed 7 --json';
    const done = exchangeCommand(host).exitOverride().parseAsync(args.split(' '), { from: 'user' });
    while (host.stdout.text === '') await new Promise((resolve) => setImmediate(resolve));
    const files = { 'exchange.json': host.stdout.text, 'ccxt.mjs': CCXT_SNIPPET, 'bybit-api.mjs': BYBIT_API_SNIPPET };
    const cwd = folderWith(files);
    symlinkSync(rootOf('node_modules'), join(cwd, 'node_modules'));
    const said: (readonly [number | undefined, string, string | undefined])[] = [];
    // One after the other: it is the same account.
    for (const name of ['ccxt.mjs', 'bybit-api.mjs']) {
      const { stdout, stderr, exitCode } = await execa(process.execPath, [name], { cwd, reject: false, timeout: 20_000 });
      said.push([exitCode, stderr, stdout.split('\n').find((line) => /rests|saw/.test(line))]);
    }
    expect(said).toEqual([
      [0, '', 'ccxt rests 1'],
      [0, '', 'bybit-api saw New'],
    ]);
    host.signal('SIGTERM');
    await done;
  });
});
