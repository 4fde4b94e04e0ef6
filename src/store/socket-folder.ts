import { lstatSync, mkdirSync } from 'node:fs';
import { EXIT, MmbotError } from '../errors.ts';

/** Not TMPDIR, and no folder of a login: a bot under a supervisor and an operator's shell must find the same place. */
const BASE = '/tmp';
const MOST = 10;

/**
 * Where the sockets of this user's processes are: a folder that nobody else can enter, so that only its owner can hold a name in
 * it, or halt what holds one. Names that another user has taken are passed over. Throws MmbotError (exit 2) when there is none.
 */
export function socketFolder(base = BASE): string {
  const userId = process.getuid?.() ?? 0;
  const paths = Array.from({ length: MOST }, (_, i) => `${base}/mmbot-${userId}${i === 0 ? '' : `-${i}`}`);
  // One that is there already, wherever it is: whoever squats on a name must not divide our own processes by giving it back.
  const folder = paths.find((path) => isOurs(path, userId)) ?? paths.find((path) => isMade(path, userId));
  if (folder !== undefined) return folder;
  throw new MmbotError({
    code: 'no_lock_folder',
    exitCode: EXIT.usage,
    message: `expected a folder of mode 0700 of this user's own, such as ${base}/mmbot-${userId}; it cannot be made`,
    hint: `is ${base} writable, and has nobody else made folders of that name?`,
  });
}

function isOurs(path: string, userId: number): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === userId && (status.mode & 0o077) === 0;
}

/** When it cannot be made somebody's is there, or one of our own processes was quicker. */
function isMade(path: string, userId: number): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch {
    return isOurs(path, userId);
  }
}
