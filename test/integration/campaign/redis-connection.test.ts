import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MmbotError } from '../../../src/errors.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { redisAddress } from '../../../src/wiring/campaign/redis-address.ts';
import { connectRedis } from '../../../src/wiring/campaign/redis-connection.ts';
import { missingRedis, startRedis } from '../../support/campaign/redis-server.ts';
import { folderWith } from '../../support/program/folders.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

const PASSWORD = 'canary-of-redis-0123456789';
const missing = missingRedis();

/** How a connection ends: with a PONG, or with what the user is told. */
async function connecting(host: TestHost, url?: string): Promise<string> {
  const log = createLogger({
    clock: systemClock,
    level: 'info',
    format: 'json',
    write: (line) => host.stderr.write(line),
    redact: (text) => text,
  });
  try {
    const client = await connectRedis(redisAddress(host, url), log);
    const answer = await client.ping();
    client.disconnect();
    return answer;
  } catch (error) {
    const { exitCode, code, message, hint } = error as MmbotError;
    return `${exitCode} ${code}: ${message}; ${hint}`;
  }
}

test('without Redis it says where it looked, and how to start one', async () => {
  expect(await connecting(testHost(), 'redis://127.0.0.1:1')).toBe(
    '2 redis_unreachable: redis://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1; ' +
      'start it with redis-server --appendonly yes, check address and firewall, or use rediss:// if it has TLS',
  );
});

test('a server that does not answer is given up', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  expect(await connecting(testHost(), `redis://127.0.0.1:${port}`)).toMatch(/cannot be reached: no answer for 10 s/);
  for (const socket of sockets) socket.destroy();
});

describe.skipIf(missing !== undefined)(`with Redis${missing === undefined ? '' : `: ${missing}`}`, () => {
  test('one that keeps all is fit', async () => {
    const redis = await startRedis();
    const host = testHost({ env: { MM_REDIS_URL: `${redis.url}/3` } });
    expect([await connecting(host), host.stderr.text]).toEqual(['PONG', '']);
  });

  test('one that drops keys when its memory is full is refused', async () => {
    const redis = await startRedis('--maxmemory-policy', 'allkeys-lru');
    expect(await connecting(testHost(), redis.url)).toMatch(
      /^2 redis_unfit: redis:.* expected maxmemory-policy noeviction, was allkeys-lru.*; redis-cli config set maxmemory-policy noeviction/,
    );
  });

  test('one without an append-only file is taken with a warning', async () => {
    const redis = await startRedis('--appendonly', 'no');
    const host = testHost();
    expect(await connecting(host, redis.url)).toBe('PONG');
    expect(host.stderr.text).toMatch(/"event":"redis_not_durable".*"fix":"redis-cli config set appendonly yes/);
  });

  test('a replica is refused', async () => {
    const [primary, replica] = [await startRedis(), await startRedis()];
    await replica.cli('replicaof', '127.0.0.1', String(primary.port));
    expect(await connecting(testHost(), replica.url)).toMatch(
      /expected a server that takes writes, was a replica; use the address of its primary$/,
    );
  });

  describe('with a password', () => {
    const withPassword = () => startRedis('--requirepass', PASSWORD);

    test('it comes from the environment, or from a file of its owner', async () => {
      const redis = await withPassword();
      const cwd = folderWith();
      writeFileSync(join(cwd, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
      const hosts = [testHost({ env: { MM_REDIS_PASSWORD: PASSWORD } }), testHost({ env: { MM_REDIS_PASSWORD_FILE: 'password' }, cwd })];
      for (const host of hosts) expect(await connecting(host, redis.url)).toBe('PONG');
      const inUrl = { MM_REDIS_URL: `redis://default:${PASSWORD}@127.0.0.1:${redis.port}` };
      expect(await connecting(testHost({ env: inUrl }))).toBe('PONG');
    });

    test('without it, or with another, the hint says where it belongs', async () => {
      const redis = await withPassword();
      expect(await connecting(testHost(), redis.url)).toMatch(
        /^2 redis_login: redis:.* did not let us in without a password: .*MM_REDIS_PASSWORD/,
      );
      const other = testHost({ env: { MM_REDIS_PASSWORD: 'another-password' } });
      expect(await connecting(other, redis.url)).toMatch(/^2 redis_login: redis:\S+ did not let us in: .*WRONGPASS.*MM_REDIS_PASSWORD/);
    });
  });
});
