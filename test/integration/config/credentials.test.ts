import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCredentials } from '../../../src/config/credentials.ts';
import { folderWith } from '../../support/folders.ts';

const KEYS = { apiKey: 'key-canary', secret: 'secret-canary' };
const load = (env: Record<string, string>, cwd = '/') => loadCredentials({ env, cwd });

function keyFile(content: string, mode = 0o600): string {
  const folder = folderWith({ 'keys.json': content });
  chmodSync(join(folder, 'keys.json'), mode);
  return join(folder, 'keys.json');
}

describe('credentials', () => {
  test('come from the environment, or from a file that only its owner can read', () => {
    expect(load({ BYBIT_API_KEY: KEYS.apiKey, BYBIT_API_SECRET: KEYS.secret })).toEqual(KEYS);
    expect(load({ BYBIT_KEY_FILE: keyFile(JSON.stringify(KEYS)) })).toEqual(KEYS);
  });

  test.each([0o644, 0o640, 0o604, 0o666, 0o660])('a file of mode %o is refused with the command that mends it', (mode) => {
    expect(() => load({ BYBIT_KEY_FILE: keyFile(JSON.stringify(KEYS), mode) })).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('chmod 600') as unknown }),
    );
  });

  test.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['a key without a secret', { BYBIT_API_KEY: KEYS.apiKey }],
    ['a secret without a key', { BYBIT_API_SECRET: KEYS.secret }],
    ['two sources', { BYBIT_API_KEY: KEYS.apiKey, BYBIT_API_SECRET: KEYS.secret, BYBIT_KEY_FILE: '/x' }],
    ['a file that is not there', { BYBIT_KEY_FILE: '/nowhere/keys.json' }],
  ])('%s is refused with exit 2', (_, env) => {
    expect(() => load(env)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test('a file with anything else in it is refused, and its content is never shown', () => {
    for (const content of ['secret-canary', '{"apiKey":"key-canary"}', '{"apiKey":"","secret":"secret-canary"}', '[]', '']) {
      let message = '';
      try {
        load({ BYBIT_KEY_FILE: keyFile(content) });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('expected');
      expect(message).not.toContain('canary');
    }
  });
});
