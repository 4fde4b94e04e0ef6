import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, usageError, type MmbotError } from '../errors.ts';
import { isObject, parseJson, textIn } from '../util/json.ts';
import { SHORTEST_SECRET } from '../util/redact.ts';

export interface ApiCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

const SHORTEST_KEY = 8;
const LONGEST = 256;
const LONGEST_FILE = 65_536;

/** Variables with a secret, or with the name of a file that has one. */
const SECRET_VARIABLES: readonly string[] = [
  'BYBIT_API_KEY',
  'BYBIT_API_SECRET',
  'BYBIT_KEY_FILE',
  'MM_METRICS_TOKEN',
  'MM_REDIS_URL',
  'MM_REDIS_PASSWORD',
  'MM_REDIS_PASSWORD_FILE',
];

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Where a key is, unless a file holds it. */
export const KEY_VARIABLES = ['BYBIT_API_KEY', 'BYBIT_API_SECRET'] as const;

const HINT = 'export BYBIT_API_KEY and BYBIT_API_SECRET, or name a file of mode 0600 with BYBIT_KEY_FILE: {"apiKey": "…", "secret": "…"}';

/** The environment for a child process: keys are left out, because others can read the environment of a running process. */
export function withoutCredentials(env: Surroundings['env']): Surroundings['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_VARIABLES.includes(name)));
}

/** The file that holds the key, as it was named; undefined without one. */
export function keyFileOf({ env }: Pick<Surroundings, 'env'>): string | undefined {
  return env['BYBIT_KEY_FILE'] || undefined;
}

/** API keys come from the environment or from a file that only its owner can read; never from a flag or a profile. Throws MmbotError (exit 2). */
export function loadCredentials({ env, cwd }: Surroundings): ApiCredentials {
  const { BYBIT_API_KEY: apiKey = '', BYBIT_API_SECRET: secret = '' } = env;
  const file = keyFileOf({ env });
  if (file !== undefined) {
    if (apiKey !== '' || secret !== '') throw refused('set either BYBIT_KEY_FILE, or BYBIT_API_KEY and BYBIT_API_SECRET, not both');
    return fromFile(resolve(cwd, file));
  }
  if (apiKey === '' || secret === '') throw refused(`no API key: ${apiKey === '' ? 'BYBIT_API_KEY' : 'BYBIT_API_SECRET'} is not set`);
  return wellFormed({ apiKey, secret }, { apiKey: 'BYBIT_API_KEY', secret: 'BYBIT_API_SECRET' });
}

/** Content of a file that only its owner can read. `variable`: what names it. Throws MmbotError (exit 2). */
export function secretFile(path: string, variable: string, hint: string): string {
  const { mode, size, isFile } = reading(variable, hint, () => {
    const status = statSync(path);
    return { mode: status.mode, size: status.size, isFile: status.isFile() };
  });
  if (!isFile || size > LONGEST_FILE) throw refused(`${path}: expected a file of at most ${LONGEST_FILE} bytes`, hint);
  if ((mode & 0o077) !== 0) {
    throw refused(
      `${path}: expected mode 0600, was 0${(mode & 0o777).toString(8)}: others on this machine could read the key`,
      `chmod 600 ${path}`,
    );
  }
  return reading(variable, hint, () => readFileSync(path, 'utf8'));
}

function reading<T>(variable: string, hint: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw refused(`${variable}: ${messageOf(error)}`, hint);
  }
}

function fromFile(path: string): ApiCredentials {
  const content = parseJson(secretFile(path, 'BYBIT_KEY_FILE', HINT));
  const credentials = isObject(content) ? { apiKey: textIn(content['apiKey']), secret: textIn(content['secret']) } : undefined;
  if (credentials === undefined || credentials.apiKey === '' || credentials.secret === '') {
    throw refused(`${path}: expected {"apiKey": "…", "secret": "…"}`);
  }
  return wellFormed(credentials, { apiKey: `apiKey in ${path}`, secret: `secret in ${path}` });
}

/** Bybit's keys are 18 letters and digits and its secrets 36. Anything very different cannot be one. */
function wellFormed(credentials: ApiCredentials, names: ApiCredentials): ApiCredentials {
  const { apiKey, secret } = credentials;
  const keyFault = faultOf(apiKey, SHORTEST_KEY);
  if (keyFault !== undefined) throw refused(`${names.apiKey}: ${keyFault}`);
  const fault = secret.includes('PRIVATE KEY') ? pemFault(secret) : faultOf(secret, SHORTEST_SECRET);
  if (fault !== undefined) throw refused(`${names.secret}: ${fault}`);
  return credentials;
}

function faultOf(text: string, shortest: number): string | undefined {
  const expected = `expected ${shortest} to ${LONGEST} letters, digits or any of _+/=-`;
  if (text.trim() !== text) return `${expected}; it begins or ends with a space or a line break`;
  if (text.length < shortest || text.length > LONGEST) return `${expected}, was ${text.length} characters long`;
  return /^[\w+/=-]+$/.test(text) ? undefined : `${expected}, found another character`;
}

/** A secret may be an RSA private key: Bybit accepts a key pair generated by the user. */
function pemFault(secret: string): string | undefined {
  const expected = 'expected an RSA private key in PEM without a password';
  if (secret.includes('\\n')) return `${expected}, on several lines; found \\n instead of line breaks`;
  try {
    const { asymmetricKeyType = 'another' } = createPrivateKey(secret);
    return asymmetricKeyType === 'rsa' ? undefined : `${expected}, was a key of type ${asymmetricKeyType}`;
  } catch {
    return `${expected}, could not be read as one`;
  }
}

/** Messages never show the content of the file or the environment. */
function refused(message: string, hint = HINT): MmbotError {
  return usageError(message, { code: 'credentials', hint });
}
