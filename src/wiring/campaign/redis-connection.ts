import { Redis } from 'ioredis';
import { messageOf, MmbotError, usageError } from '../../errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { systemClock } from '../../util/clock.ts';
import { listIn } from '../../util/json.ts';
import { within } from '../../util/promise.ts';
import type { RedisAddress } from './redis-address.ts';

export type RedisClient = Redis;

const CONNECT_MS = 5000;
/** Longest time until a server that takes the connection answers. It may be reading its files. */
const ANSWER_MS = 10_000;
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 2000;
const IP_ADDRESS = /^[\d.]+$|:/;
/** What BullMQ recommends. */
const LEAST_VERSION = '6.2';

/**
 * Connects to a Redis that can keep a queue of runs. From then on commands wait while it is away, and are sent when it is back. Throws
 * MmbotError (exit 2) when it cannot be reached, does not let us in or may lose entries.
 */
export async function connectRedis(address: RedisAddress, log: Logger): Promise<RedisClient> {
  const { host, port, db, username, password, isEncrypted, shown } = address;
  let isUp = false;
  const client = new Redis({
    host,
    port,
    db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // A name for servers that have several certificates; it must not be an IP address.
    ...(isEncrypted ? { tls: IP_ADDRESS.test(host) ? {} : { servername: host } } : {}),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isUp ? Math.min(times * RETRY_MS, LONGEST_RETRY_MS) : null),
  });
  let failure: unknown;
  client.on('error', (error) => {
    failure = error;
  });
  try {
    const answer = client
      .connect()
      // Of a database that the server does not have, connecting says nothing, and the first one would be used.
      .then(() => client.select(db))
      .then(() => client.info())
      .catch((error: unknown) => {
        throw failure ?? error;
      });
    const silent = (): never => {
      throw new Error(`no answer for ${ANSWER_MS / 1000} s`);
    };
    check(await within(systemClock, ANSWER_MS, answer, silent), shown, log);
  } catch (error) {
    client.disconnect();
    throw error instanceof MmbotError ? error : refusal(error, address);
  }
  isUp = true;
  let isAway = false;
  client.on('close', () => {
    if (!isAway && client.status !== 'end') log.warn('redis_away', { redis: shown, next: 'go on, and send what waits when it is back' });
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) log.warn('redis_back', { redis: shown });
    isAway = false;
  });
  return client;
}

/** What happened at the first connection, and what to try. */
function refusal(error: unknown, { shown, password, isEncrypted }: RedisAddress): MmbotError {
  const [message = ''] = messageOf(error).split('\n');
  if (/^(NOAUTH|WRONGPASS|NOPERM)|AUTH|invalid.*password/.test(message)) {
    const hint = 'set MM_REDIS_PASSWORD or MM_REDIS_PASSWORD_FILE; a user name stands in the URL: redis://USER@HOST';
    return usageError(`${shown} did not let us in${password === undefined ? ' without a password' : ''}: ${message}`, {
      code: 'redis_login',
      hint,
    });
  }
  if (/certificate/i.test(message))
    return usageError(`${shown} is not trusted: ${message}`, {
      code: 'redis_unreachable',
      hint: 'name the file of its certificate authority with NODE_EXTRA_CA_CERTS',
    });
  const other = isEncrypted ? 'redis:// if it has no TLS' : 'rediss:// if it has TLS';
  return usageError(`${shown} cannot be reached: ${message}`, {
    code: 'redis_unreachable',
    hint: `start it with redis-server --appendonly yes, check address and firewall, or use ${other}`,
  });
}

/** A command that failed although the server was there, such as one for which it has no memory. */
export function refused(error: unknown, { shown }: RedisAddress): MmbotError {
  // Of a transaction that was refused, the command that it was refused for.
  const [cause = error] = error instanceof Error && 'previousErrors' in error ? listIn(error.previousErrors) : [];
  return usageError(`${shown} refused: ${messageOf(cause)}`, {
    code: 'redis_refused',
    hint: 'look at its memory, disk and log; a campaign that is started again goes on where it was',
    cause: error,
  });
}

/** `info`: what INFO answers. Managed servers refuse CONFIG, so that it is not used. */
function check(info: string, shown: string, log: Logger): void {
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? '';
  const version = value('redis_version');
  if (isOlder(version, LEAST_VERSION)) throw unfit(`${shown}: expected Redis ${LEAST_VERSION} or newer, was ${version}`, 'update it');
  if (value('cluster_enabled') === '1')
    throw unfit(`${shown}: expected a single server, was a node of a cluster`, 'use a server without cluster mode');
  if (value('role') === 'slave')
    throw unfit(`${shown}: expected a server that takes writes, was a replica`, 'use the address of its primary');
  const policy = value('maxmemory_policy');
  if (policy !== 'noeviction')
    throw unfit(
      `${shown}: expected maxmemory-policy noeviction, was ${policy}: it would drop runs when its memory is full`,
      'redis-cli config set maxmemory-policy noeviction, and the same in redis.conf',
    );
  if (value('aof_enabled') === '0')
    log.warn('redis_not_durable', {
      redis: shown,
      meaning: 'when Redis is restarted, results that nobody has taken are lost, and their runs are made again',
      fix: 'redis-cli config set appendonly yes, and the same in redis.conf',
    });
}

function isOlder(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function unfit(message: string, hint: string): MmbotError {
  return usageError(message, { code: 'redis_unfit', hint });
}
