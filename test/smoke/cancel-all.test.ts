import { describe, expect, test } from 'vitest';
import { runMmbot } from '../support/run-mmbot.ts';
import { startExchange } from '../support/running.ts';

describe('mmbot cancel-all', () => {
  test('proves an empty account, and asks for consent where it cannot ask', async () => {
    const { restUrl, env } = await startExchange();
    const dry = await runMmbot(['cancel-all', '--rest-url', restUrl, '--dry-run'], { env });
    expect([dry.exitCode, dry.stdout]).toEqual([0, '0 to cancel, 0 left alone\n']);
    const forced = await runMmbot(['cancel-all', '--rest-url', restUrl, '--force', '--json'], { env });
    expect(forced.exitCode).toBe(0);
    expect(JSON.parse(forced.stdout)).toMatchObject({ schemaVersion: 1, command: 'cancel-all', verified: true, found: 0, remaining: [] });
    expect(forced.stdout + forced.stderr).not.toContain(env['BYBIT_API_SECRET']);
  });

  test('with wrong keys it says so with exit 3, and shows neither', async () => {
    const { restUrl } = await startExchange();
    const env = { BYBIT_API_KEY: 'canary-key-000000', BYBIT_API_SECRET: 'canary-secret-0000' };
    const { exitCode, stdout, stderr } = await runMmbot(['cancel-all', '--rest-url', restUrl, '--force'], { env });
    expect(exitCode).toBe(3);
    expect(stdout + stderr).not.toContain('canary');
  });

  test.each([
    [['cancel-all', '--force'], '--venue'],
    [['cancel-all', '--venue', 'mainnet', '--rest-url', 'http://127.0.0.1:1', '--force'], 'which one'],
    [['cancel-all', '--rest-url', 'ftp://x', '--force'], 'http:'],
    [['cancel-all', '--rest-url', 'http://127.0.0.1:1', '--category', 'futures'], 'futures'],
    [['cancel-all', '--rest-url', 'http://127.0.0.1:1', '--force'], 'BYBIT_API_KEY'],
  ])('%j is refused with exit 2', async (args, named) => {
    const { exitCode, stderr } = await runMmbot(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(named);
  });
});
