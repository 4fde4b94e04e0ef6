import { lstatSync, mkdirSync } from 'node:fs';
import { EXIT, MmbotError } from '../errors.ts';

/** Not TMPDIR or a folder of a login session: a bot under a supervisor and an operator's shell must use the same folder. */
const BASE = '/tmp';
const MOST = 10;

/**
 * Folder for the sockets of this OS user's processes. Other users cannot enter it, so that only its owner can hold a lock in it or halt the
 * holder. Folder names that another user has taken are skipped. Throws MmbotError (exit 2) when none is left.
 */
export function socketFolder(base = BASE): string {
  const userId = process.getuid?.() ?? 0;
  const paths = Array.from({ length: MOST }, (_, i) => `${base}/mmbot-${userId}${i === 0 ? '' : `-${i}`}`);
  // An existing folder of ours is preferred: if another user takes a name and frees it later, all our processes still use the same folder.
  const folder = paths.find((path) => isOurs(path, userId)) ?? paths.find((path) => isMade(path, userId));
  if (folder !== undefined) return folder;
  throw new MmbotError({
    code: 'no_lock_folder',
    exitCode: EXIT.usage,
    message: `expected a folder of mode 0700 of this user's own, such as ${base}/mmbot-${userId}; it cannot be made`,
    hint: `check that ${base} is writable, and that no other user has created folders with that name`,
  });
}

function isOurs(path: string, userId: number): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === userId && (status.mode & 0o077) === 0;
}

/** Creates the folder; it may exist already, from another user or from another process of ours. */
function isMade(path: string, userId: number): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch {
    return isOurs(path, userId);
  }
}
