import { generateKeyPairSync, type RSAKeyPairOptions } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCredentials, withoutCredentials } from '../../../src/config/credentials.ts';
import { folderWith } from '../../support/program/folders.ts';

const KEYS = { apiKey: 'key-canary', secret: 'secret-canary' };
const PEM: RSAKeyPairOptions<'pem', 'pem'> = {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};
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

  const rsa = generateKeyPairSync('rsa', PEM).privateKey;
  const edwards = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test.each([
    ['letters and digits', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'],
    ['an RSA key in PEM', rsa],
  ])('a secret of %s is taken', (_, secret) => {
    expect(load({ BYBIT_API_KEY: KEYS.apiKey, BYBIT_API_SECRET: secret })).toEqual({ apiKey: KEYS.apiKey, secret });
  });

  test.each([
    ['one letter', 's', '12 to'],
    ['a word of the program', 'canceled', '12 to'],
    ['a trailing line break', 'secret-canary\n', 'line break'],
    ['a carriage return within', 'secret\rcanary-x', 'another character'],
    ['letters that no header can carry', 'secret-canary-é', 'another character'],
    ['far too many letters', 'canary'.repeat(100), '600 characters long'],
    ['PEM whose line breaks are written out', rsa.replaceAll('\n', '\\n'), 'line breaks'],
    ['PEM that is cut off', rsa.slice(0, 200), 'could not be read'],
    ['PEM of another kind', edwards, 'ed25519'],
  ])('a secret of %s is refused with the reason, and not shown', (_, secret, reason) => {
    for (const env of [
      { BYBIT_API_KEY: KEYS.apiKey, BYBIT_API_SECRET: secret },
      { BYBIT_KEY_FILE: keyFile(JSON.stringify({ ...KEYS, secret })) },
    ]) {
      let message = '';
      try {
        load(env);
      } catch (error) {
        message = String(error);
        expect(error).toMatchObject({ exitCode: 2 });
      }
      expect(message).toContain(reason);
      expect(message).not.toMatch(/canary|MII/);
    }
  });

  test.each(['k', 'key canary', 'key-canary\r\nX-Evil: 1', 'ключ-ключ'])('a key like %j is refused', (apiKey) => {
    expect(() => load({ BYBIT_API_KEY: apiKey, BYBIT_API_SECRET: KEYS.secret })).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test.each(['/dev/zero', '/proc/self/environ/x', '/tmp'])('%s is no key file', (file) => {
    expect(() => load({ BYBIT_KEY_FILE: file })).toThrow(expect.objectContaining({ exitCode: 2 }));
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

test('a child process gets no secrets', () => {
  const secrets = ['BYBIT_API_KEY', 'BYBIT_API_SECRET', 'BYBIT_KEY_FILE', 'MM_METRICS_TOKEN', 'MM_REDIS_URL', 'MM_REDIS_PASSWORD'];
  const env = Object.fromEntries([...secrets, 'MM_REDIS_PASSWORD_FILE', 'PATH'].map((name) => [name, 'x']));
  expect(withoutCredentials(env)).toEqual({ PATH: 'x' });
});
