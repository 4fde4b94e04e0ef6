import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, messageOf, MmbotError } from '../errors.ts';
import { isObject, parseJson, textIn } from '../util/json.ts';
import { SHORTEST_SECRET } from '../util/redact.ts';

export interface ApiCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

const SHORTEST_KEY = 8;
const LONGEST = 256;
const LONGEST_FILE = 65_536;

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const HINT = 'export BYBIT_API_KEY and BYBIT_API_SECRET, or name a file of mode 0600 with BYBIT_KEY_FILE: {"apiKey": "…", "secret": "…"}';

/** For a process beside this one, which gets no key, or gets it otherwise: an environment can be read as long as its process lives. */
export function withoutCredentials(env: Surroundings['env']): Surroundings['env'] {
  const { BYBIT_API_KEY: _key, BYBIT_API_SECRET: _secret, BYBIT_KEY_FILE: _file, MM_METRICS_TOKEN: _token, ...others } = env;
  return others;
}

/** Keys to the exchange come from the environment or from a file that only its owner can read; never from a flag or a profile. */
export function loadCredentials({ env, cwd }: Surroundings): ApiCredentials {
  const { BYBIT_API_KEY: apiKey = '', BYBIT_API_SECRET: secret = '', BYBIT_KEY_FILE: file = '' } = env;
  if (file !== '') {
    if (apiKey !== '' || secret !== '')
      throw refused('BYBIT_KEY_FILE is set beside BYBIT_API_KEY or BYBIT_API_SECRET: which one is meant?');
    return fromFile(resolve(cwd, file));
  }
  if (apiKey === '' || secret === '') throw refused(`no API key: ${apiKey === '' ? 'BYBIT_API_KEY' : 'BYBIT_API_SECRET'} is not set`);
  return wellFormed({ apiKey, secret }, { apiKey: 'BYBIT_API_KEY', secret: 'BYBIT_API_SECRET' });
}

function fromFile(path: string): ApiCredentials {
  const { mode, size, isFile } = statusOf(path);
  if (!isFile || size > LONGEST_FILE) throw refused(`${path}: expected a file of at most ${LONGEST_FILE} bytes`);
  if ((mode & 0o077) !== 0) {
    throw refused(
      `${path}: expected mode 0600, was 0${(mode & 0o777).toString(8)}: others on this machine could read the key`,
      `chmod 600 ${path}`,
    );
  }
  const content = parseJson(readContent(path));
  const credentials = isObject(content) ? { apiKey: textIn(content['apiKey']), secret: textIn(content['secret']) } : undefined;
  if (credentials === undefined || credentials.apiKey === '' || credentials.secret === '') {
    throw refused(`${path}: expected {"apiKey": "…", "secret": "…"}`);
  }
  return wellFormed(credentials, { apiKey: `apiKey in ${path}`, secret: `secret in ${path}` });
}

/** Bybit's keys are 18 letters and digits and its secrets 36; what is none of that kind cannot sign, and may be a word of our own. */
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
  if (text.trim() !== text) return `${expected}; a blank or a line break stands at one of its ends`;
  if (text.length < shortest || text.length > LONGEST) return `${expected}, was ${text.length} long`;
  return /^[\w+/=-]+$/.test(text) ? undefined : `${expected}, was something else in it`;
}

/** Bybit signs with RSA where the account has its own key pair. */
function pemFault(secret: string): string | undefined {
  const expected = 'expected an RSA private key in PEM that has no password';
  if (secret.includes('\\n')) return `${expected}, in lines; its line breaks are written as \\n`;
  try {
    const { asymmetricKeyType = 'another' } = createPrivateKey(secret);
    return asymmetricKeyType === 'rsa' ? undefined : `${expected}, was a key of the kind ${asymmetricKeyType}`;
  } catch {
    return `${expected}, could not be read as one`;
  }
}

function readContent(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refused(`BYBIT_KEY_FILE: ${messageOf(error)}`);
  }
}

function statusOf(path: string): { readonly mode: number; readonly size: number; readonly isFile: boolean } {
  try {
    const status = statSync(path);
    return { mode: status.mode, size: status.size, isFile: status.isFile() };
  } catch (error) {
    throw refused(`BYBIT_KEY_FILE: ${messageOf(error)}`);
  }
}

/** Never says what was in the file or the environment. */
function refused(message: string, hint = HINT): MmbotError {
  return new MmbotError({ code: 'credentials', exitCode: EXIT.usage, message, hint });
}
