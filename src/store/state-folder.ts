import { join } from 'node:path';
import { EXIT, MmbotError } from '../errors.ts';
import { isRealFolder, listFolder, readOwnText } from './files.ts';
import { writeWhole } from './whole-files.ts';

/** File with the names of the account of a folder. */
const NAMES_FILE = 'account';

/**
 * The folder of an account in `stateDir`: the one with any of the account's names, as its own name or in its file of names. A freeze must be
 * found with any spelling of the host, and whether or not the exchange reports the user id. Throws MmbotError (exit 2) when more than one
 * folder matches.
 */
export function stateFolderOf(stateDir: string, names: readonly string[], earlierNames: readonly string[]): string {
  const known = new Set([...names, ...earlierNames]);
  const found = listFolder(stateDir).filter((name) => known.has(name) || namesIn(join(stateDir, name)).some((other) => known.has(other)));
  const [first, second] = found;
  if (second !== undefined) {
    throw new MmbotError({
      code: 'two_states',
      exitCode: EXIT.usage,
      message: `${found.map((name) => join(stateDir, name)).join(' and ')} hold state of the same account: expected one folder`,
      hint: 'stop the bots that use them; check whether the older folder is frozen (a record "freeze" in its last journal), then move it away',
    });
  }
  const folder = join(stateDir, first ?? names.at(-1) ?? '');
  if (first !== undefined && !isRealFolder(folder)) {
    throw new MmbotError({
      code: 'state_linked',
      exitCode: EXIT.usage,
      message: `${folder}: expected a folder, found a link or a file`,
      hint: 'give the real path with --state-dir',
    });
  }
  return folder;
}

/** Records the names, so that the folder is found by each of them. Throws MmbotError (exit 2) when they cannot be written. */
export function nameFolder(folder: string, names: readonly string[]): void {
  const all = new Set([...namesIn(folder), ...names]);
  if (all.size > namesIn(folder).length) writeWhole(join(folder, NAMES_FILE), [...all, ''].join('\n'));
}

function namesIn(folder: string): readonly string[] {
  if (!isRealFolder(folder)) return [];
  return (readOwnText(join(folder, NAMES_FILE)) ?? '').split('\n').filter((name) => name !== '');
}
