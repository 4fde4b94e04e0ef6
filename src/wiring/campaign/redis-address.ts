import { resolve } from 'node:path';
import { secretFile } from '../../config/credentials.ts';
import { usageError } from '../../errors.ts';
import type { Host } from '../../host.ts';

/** Where a Redis is and how to log in. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly isEncrypted: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** For messages: without user and password. */
  readonly shown: string;
}

const DEFAULT_PORT = 6379;
const EXAMPLE = 'redis://10.0.0.5:6379';
const PASSWORD_HINT = 'set MM_REDIS_PASSWORD, or name a file of mode 0600 with MM_REDIS_PASSWORD_FILE';

/**
 * The server of `--redis URL`, or without a URL that of MM_REDIS_URL. A password comes from the environment or from a file, because every
 * user of the machine can read command lines. Hides it in all output. Throws a usage error.
 */
export function redisAddress(host: Host, typed: string | undefined): RedisAddress {
  const fromEnv = host.env['MM_REDIS_URL'] || undefined;
  const text = typed ?? fromEnv;
  if (text === undefined)
    throw usageError('expected the address of a Redis server', { code: 'redis_url', hint: `--redis ${EXAMPLE}, or set MM_REDIS_URL` });
  const url = urlOf(text, typed === undefined ? 'MM_REDIS_URL' : '--redis');
  host.hide([url.password, decoded(url.password)]);
  if (typed !== undefined && url.password !== '')
    throw usageError(`--redis: expected a URL of ${url.host} without a password, which others could read in the list of processes`, {
      code: 'redis_password',
      hint: `change the password, and ${PASSWORD_HINT}`,
    });
  const password = passwordOf(host, decoded(url.password));
  host.hide([password]);
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(url.port || DEFAULT_PORT),
    db: Number(url.pathname.slice(1)),
    isEncrypted: url.protocol === 'rediss:',
    username: decoded(url.username) || undefined,
    password,
    shown: `${url.protocol}//${url.host}${url.pathname}`.replace(/\/$/, ''),
  };
}

function urlOf(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isFit = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(\/\d{0,5})?$/.test(url.pathname);
  // The text is not shown: it may hold a password.
  if (!isFit || url.search !== '' || url.hash !== '')
    throw usageError(`${source}: expected a URL such as ${EXAMPLE}, rediss://… for TLS, with /N at its end for a database other than 0`, {
      code: 'redis_url',
    });
  return url;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function passwordOf({ env, cwd }: Host, inUrl: string): string | undefined {
  const file = env['MM_REDIS_PASSWORD_FILE'] || undefined;
  const given = [inUrl, env['MM_REDIS_PASSWORD'] ?? '', file ?? ''].filter((source) => source !== '');
  if (given.length > 1)
    throw usageError('expected one password of Redis, found several: in MM_REDIS_URL, MM_REDIS_PASSWORD, MM_REDIS_PASSWORD_FILE', {
      code: 'redis_password',
      hint: 'set one of them',
    });
  if (file === undefined) return given[0];
  return secretFile(resolve(cwd, file), 'MM_REDIS_PASSWORD_FILE', PASSWORD_HINT).replace(/\r?\n$/, '');
}
