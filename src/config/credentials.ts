import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, messageOf, MmbotError } from '../errors.ts';
import { isObject, parseJson, textIn } from '../util/json.ts';

export interface ApiCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const HINT = 'export BYBIT_API_KEY and BYBIT_API_SECRET, or name a file of mode 0600 with BYBIT_KEY_FILE: {"apiKey": "…", "secret": "…"}';

/** Keys to the exchange come from the environment or from a file that only its owner can read; never from a flag or a profile. */
export function loadCredentials({ env, cwd }: Surroundings): ApiCredentials {
  const { BYBIT_API_KEY: apiKey = '', BYBIT_API_SECRET: secret = '', BYBIT_KEY_FILE: file = '' } = env;
  if (file !== '') {
    if (apiKey !== '' || secret !== '')
      throw refused('BYBIT_KEY_FILE is set beside BYBIT_API_KEY or BYBIT_API_SECRET: which one is meant?');
    return fromFile(resolve(cwd, file));
  }
  if (apiKey === '' || secret === '') throw refused(`no API key: ${apiKey === '' ? 'BYBIT_API_KEY' : 'BYBIT_API_SECRET'} is not set`);
  return { apiKey, secret };
}

function fromFile(path: string): ApiCredentials {
  const mode = statMode(path);
  if ((mode & 0o077) !== 0) {
    throw refused(
      `${path}: expected mode 0600, was 0${(mode & 0o777).toString(8)}: others on this machine could read the key`,
      `chmod 600 ${path}`,
    );
  }
  const content = parseJson(readFileSync(path, 'utf8'));
  const credentials = isObject(content) ? { apiKey: textIn(content['apiKey']), secret: textIn(content['secret']) } : undefined;
  if (credentials === undefined || credentials.apiKey === '' || credentials.secret === '') {
    throw refused(`${path}: expected {"apiKey": "…", "secret": "…"}`);
  }
  return credentials;
}

function statMode(path: string): number {
  try {
    return statSync(path).mode;
  } catch (error) {
    throw refused(`BYBIT_KEY_FILE: ${messageOf(error)}`);
  }
}

/** Never says what was in the file or the environment. */
function refused(message: string, hint = HINT): MmbotError {
  return new MmbotError({ code: 'credentials', exitCode: EXIT.usage, message, hint });
}
