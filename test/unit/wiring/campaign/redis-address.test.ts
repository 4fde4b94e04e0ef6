import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MmbotError } from '../../../../src/errors.ts';
import { redisAddress } from '../../../../src/wiring/campaign/redis-address.ts';
import { folderWith } from '../../../support/program/folders.ts';
import { testHost } from '../../../support/program/test-host.ts';

const PASSWORD = 'canary%2Fof-redis-0123456789';
const DECODED = 'canary/of-redis-0123456789';

function refusalOf(url: string | undefined, env: Record<string, string> = {}, cwd = '/nowhere'): string {
  try {
    redisAddress(testHost({ env, cwd }), url);
    return 'taken';
  } catch (error) {
    const { exitCode, message, hint } = error as MmbotError;
    return `${exitCode} ${message}; ${hint}`;
  }
}

test.each([
  ['redis://example.test', { host: 'example.test', port: 6379, db: 0, isEncrypted: false, shown: 'redis://example.test' }],
  ['rediss://user@example.test:7000/2', { port: 7000, db: 2, isEncrypted: true, username: 'user', shown: 'rediss://example.test:7000/2' }],
  ['redis://[::1]:7000', { host: '::1', port: 7000, username: undefined, password: undefined }],
])('%s is understood', (url, expected) => {
  expect(redisAddress(testHost(), url)).toMatchObject(expected);
});

test('a URL with its password may stand in the environment; it is never shown', () => {
  const host = testHost({ env: { MM_REDIS_URL: `redis://me:${PASSWORD}@example.test` } });
  const address = redisAddress(host, undefined);
  expect(address).toMatchObject({ username: 'me', password: DECODED, shown: 'redis://example.test' });
  host.stderr.write(`${PASSWORD} ${DECODED}`);
  expect(host.stderr.text).toBe('[redacted] [redacted]');
});

test('a URL on the command line is the one that counts, without the password of another server', () => {
  const host = testHost({ env: { MM_REDIS_URL: `redis://:${PASSWORD}@other.test` } });
  expect(redisAddress(host, 'redis://example.test')).toMatchObject({ host: 'example.test', password: undefined });
});

test.each([
  ['no address', undefined, {}, '2 expected the address of a Redis server; --redis redis://10.0.0.5:6379, or set MM_REDIS_URL'],
  ['another protocol', 'http://example.test', {}, /^2 --redis: expected a URL such as redis:/],
  ['no URL', 'example.test', {}, /^2 --redis: expected a URL such as redis:/],
  ['a database that is no number', 'redis://example.test/x', {}, /^2 --redis: expected a URL such as redis:/],
  [
    'two passwords',
    undefined,
    { MM_REDIS_URL: 'redis://:a@b', MM_REDIS_PASSWORD: 'c' },
    /^2 expected one password of Redis, found several/,
  ],
] as const)('%s is refused', (_what, url, env, message) => {
  expect(refusalOf(url, env)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
});

test('a password on the command line is refused without repeating it', () => {
  const refusal = refusalOf(`redis://:${PASSWORD}@example.test`);
  expect(refusal).toMatch(/^2 --redis: expected a URL of example.test without a password, which others could read.*MM_REDIS_PASSWORD/);
  expect(refusalOf(`http://:${PASSWORD}@example.test`) + refusal).not.toMatch(/canary/);
});

test('a file of the password must be its owner’s alone', () => {
  const cwd = folderWith();
  const path = join(cwd, 'password');
  writeFileSync(path, `${DECODED}\n`, { mode: 0o600 });
  const env = { MM_REDIS_PASSWORD_FILE: 'password' };
  expect(redisAddress(testHost({ env, cwd }), 'redis://b')).toMatchObject({ password: DECODED });
  chmodSync(path, 0o644);
  expect(refusalOf('redis://b', env, cwd)).toMatch(/password: expected mode 0600, was 0644/);
  expect(refusalOf('redis://b', { MM_REDIS_PASSWORD_FILE: 'nothing' }, cwd)).toMatch(
    /^2 MM_REDIS_PASSWORD_FILE: ENOENT.*; set MM_REDIS_PASSWORD/,
  );
});
