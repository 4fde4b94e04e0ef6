import { expect, test } from 'vitest';
import { main } from '../../../../src/main.ts';
import { testHost } from '../../../support/program/test-host.ts';

test.each([['--quiet'], ['--log-level', 'warn'], ['--log-level', 'error']])(
  '--explain is refused where nothing would show it: %s',
  async (...silent) => {
    for (const command of ['live', 'soak']) {
      const host = testHost({ argv: [command, '--explain', ...silent], cwd: process.cwd() });
      expect([await main(host), host.stderr.text]).toEqual([2, expect.stringContaining('--explain writes to the log')]);
    }
  },
);

test('an empty seed is refused by every command that has one', async () => {
  for (const command of ['soak', 'load-test', 'exchange']) {
    const host = testHost({ argv: [command, '--seed', ''], cwd: process.cwd() });
    expect([await main(host), host.stderr.text]).toEqual([2, expect.stringContaining('was an empty text')]);
  }
});
