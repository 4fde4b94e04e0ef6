import { execa } from 'execa';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BYBIT_API_SNIPPET, CCXT_SNIPPET, EXCHANGE_HELP } from '../../../src/commands/exchange/help.ts';
import { exchangeCommand } from '../../../src/commands/exchange/exchange.ts';
import { blocksOf, ROOT } from '../../support/docs/documents.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost } from '../../support/program/test-host.ts';

describe('what the documentation and --help tell users of other clients', () => {
  test('is the same in both', () => {
    const blocks = blocksOf('docs/exchange.md').filter(({ info }) => info[0] === 'js');
    expect(blocks.map(({ code }) => code)).toEqual([CCXT_SNIPPET, BYBIT_API_SNIPPET]);
    const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());
    expect(lines(EXCHANGE_HELP.notes)).toEqual(expect.arrayContaining([...lines(CCXT_SNIPPET), ...lines(BYBIT_API_SNIPPET)]));
  });

  test('runs as it stands', async () => {
    const host = testHost();
    const args = '--symbols BTCUSDT,ETHUSDT --spot-symbols BTCUSDT --accounts 2 --seed 7 --json';
    const done = exchangeCommand(host).exitOverride().parseAsync(args.split(' '), { from: 'user' });
    while (host.stdout.text === '') await new Promise((resolve) => setImmediate(resolve));
    const files = { 'exchange.json': host.stdout.text, 'ccxt.mjs': CCXT_SNIPPET, 'bybit-api.mjs': BYBIT_API_SNIPPET };
    const cwd = folderWith(files);
    symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
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
