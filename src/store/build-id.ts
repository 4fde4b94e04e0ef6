import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../config/version.ts';
import { filesUnder, isThere, readBytes } from './files.ts';

const HASH_DIGITS = 12;

/**
 * Names the program that runs: its version, and a hash of its own files and of `engine`, the JavaScript engine and processor, because two builds of one version may trade differently. The files
 * are those of the bundle, which contains what it depends on, or of the source tree when it runs from there.
 */
export function buildId(engine: string): string {
  const folder = programFolder();
  const hash = createHash('sha256').update(engine);
  for (const path of filesUnder(folder)) {
    const bytes = readBytes(join(folder, path));
    hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  return `${VERSION}+${hash.digest('hex').slice(0, HASH_DIGITS)}`;
}

/** The folder of this file that is in the root folder of the package. */
function programFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isThere(join(dirname(folder), 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
