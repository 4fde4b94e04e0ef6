import { resolve } from 'node:path';
import { EXIT, MmbotError } from '../errors.ts';
import { shellWord } from '../util/shell-word.ts';
import { KEY_VARIABLES, keyFileOf, type Surroundings } from './credentials.ts';
import { addressAt, VENUE_NAMES, VENUES, type Address } from './venues.ts';

/** The command that cancels the orders of an account, for texts that appear when orders may be open. */
export interface EmergencyLine {
  /** Ends the sentence before the command: `run`, and what the command needs from the environment. */
  readonly lead: string;
  /** Complete, as a shell reads it, and without a secret. */
  readonly command: string;
}

/** By what is canceled: all orders of the account, or only those placed by mmbot. */
export type Emergency = Readonly<Record<'all' | 'mine', EmergencyLine>>;

/** The lines for an account at `address`, whose key comes from the environment of this process or from a file that it names. */
export function emergencyAt(address: Address, surroundings: Surroundings): Emergency {
  return { all: lineFor(address, surroundings, []), mine: lineFor(address, surroundings, ['--mine']) };
}

function lineFor(address: Address, surroundings: Surroundings, scope: readonly string[]): EmergencyLine {
  const file = keyFileOf(surroundings);
  const key = file === undefined ? [] : [`BYBIT_KEY_FILE=${shellWord(resolve(surroundings.cwd, file))}`];
  const words = ['cancel-all', ...placeOf(address), ...scope, '--force'];
  return {
    lead: file === undefined ? `run, with the key in ${KEY_VARIABLES.join(' and ')}` : 'run',
    command: [...key, 'mmbot', ...words.map(shellWord)].join(' '),
  };
}

/** The options that select this address. */
function placeOf({ restUrl, wsUrl }: Address): readonly string[] {
  const venue = VENUE_NAMES.find((name) => VENUES[name].restUrl === restUrl && VENUES[name].wsUrl === wsUrl);
  if (venue !== undefined) return ['--venue', venue];
  return ['--rest-url', restUrl, ...(addressAt(restUrl, undefined).wsUrl === wsUrl ? [] : ['--ws-url', wsUrl])];
}

/** The same error with the command, if it says that orders may be open and has none yet. `line`: undefined for an exchange that has ended. */
export function withEmergency(error: unknown, line: EmergencyLine | undefined): unknown {
  if (line === undefined || !(error instanceof MmbotError)) return error;
  const { code, exitCode, message, hint, run } = error;
  if (exitCode !== EXIT.ordersRemain || run !== undefined) return error;
  const lead = hint === undefined ? line.lead : `${hint}, then ${line.lead}`;
  return new MmbotError({ code, exitCode, message, hint: lead, run: line.command, cause: error.cause });
}
