import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the secret of every embedded account begins with. */
const MARK = 'mmSECRETmm';
const PART = 8;

/** The marks of all secrets, written plainly or encoded: where one of them is found, a secret has leaked. */
const MARKS = formsOf(MARK);

export function hasMark(text: string): boolean {
  return MARKS.some((mark) => text.includes(mark));
}

/** Every part of eight characters of `secret` that stands in `text`, plainly or encoded. */
export function leaksOf(secret: string, text: string): string[] {
  const parts = Array.from({ length: secret.length - PART + 1 }, (_, start) => secret.slice(start, start + PART));
  return [...parts, ...formsOf(secret)].filter((form) => text.includes(form));
}

/** Paths of the files under `folder` whose bytes satisfy `isBad`. */
export function filesWith(folder: string, isBad: (text: string) => boolean): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((path) => isBad(contentOf(path)));
}

/** Empty for a file that has been removed since it was listed. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** As it is, in base64 at each of the three places it can have in a triple, in hex, and in a URL. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.from('-'.repeat(shift) + secret).toString('base64');
    // The characters at both ends depend on what stands beside.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, ...base64, Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];
}
