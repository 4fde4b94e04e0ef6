import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { filesWith, hasMark } from './secret-search.ts';

/**
 * A new folder with these files in it, gone when the test ends: which fails when the program has left a secret in it. A test that runs
 * beside others of its file hands in its own `onEnd`.
 */
export function folderWith(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  onEnd: typeof onTestFinished = onTestFinished,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'mmbot-test-'));
  onEnd(() => {
    const given = Object.keys(files).map((name) => join(folder, name));
    const leaks = filesWith(folder, hasMark).filter((path) => !given.includes(path));
    rmSync(folder, { recursive: true, force: true });
    if (leaks.length > 0) throw new Error(`secrets were written to ${leaks.join(', ')}`);
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
