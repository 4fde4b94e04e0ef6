import { join } from 'node:path';
import { EXIT, MmbotError } from '../errors.ts';
import { isRealFolder, listFolder, readText, writeWhole } from './files.ts';

/** Says by which names the account of a folder is known. */
const NAMES_FILE = 'account';

/**
 * The folder of an account in `stateDir`: the one that has any of its names, as its own or in what is written in it. A freeze must be
 * found whatever the host is called this time, and whether or not the exchange tells the user's id. Throws MmbotError (exit 2) where
 * it is not clear which one counts.
 */
export function stateFolderOf(stateDir: string, names: readonly string[], earlierNames: readonly string[]): string {
  const known = new Set([...names, ...earlierNames]);
  const found = listFolder(stateDir).filter((name) => known.has(name) || namesIn(join(stateDir, name)).some((other) => known.has(other)));
  const [first, second] = found;
  if (second !== undefined) {
    throw new MmbotError({
      code: 'two_states',
      exitCode: EXIT.usage,
      message: `${found.map((name) => join(stateDir, name)).join(' and ')} are state of the same account: expected one`,
      hint: 'start each one’s last bot no more; move the older folder away, after a look whether it is frozen (a record "freeze" in its last journal)',
    });
  }
  const folder = join(stateDir, first ?? names.at(-1) ?? '');
  if (first !== undefined && !isRealFolder(folder)) {
    throw new MmbotError({
      code: 'state_linked',
      exitCode: EXIT.usage,
      message: `${folder}: expected a folder, found a link or a file`,
      hint: 'name the place itself with --state-dir',
    });
  }
  return folder;
}

/** From now on it is found by each of them. Throws MmbotError (exit 2) when that cannot be written. */
export function nameFolder(folder: string, names: readonly string[]): void {
  const all = new Set([...namesIn(folder), ...names]);
  if (all.size > namesIn(folder).length) writeWhole(join(folder, NAMES_FILE), [...all, ''].join('\n'));
}

function namesIn(folder: string): readonly string[] {
  if (!isRealFolder(folder)) return [];
  return (readText(join(folder, NAMES_FILE)) ?? '').split('\n').filter((name) => name !== '');
}
