import { randomUUID } from 'node:crypto';
import { accessSync, appendFileSync, constants, existsSync, linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, messageOf, MmbotError, pathHintOf } from '../errors.ts';
import { visible } from '../util/terminal-text.ts';
import { makeFolder } from './files.ts';

/** Files that are written in one go, and checks that they can be. */

/** A file that reserves disk space, to be removed when the disk is full. */
export function writeReserve(path: string, bytes: number): void {
  writeNew(path, Buffer.alloc(bytes));
}

/** Writes a file atomically: a reader never sees a part of it. Throws MmbotError (exit 2) when it cannot be written. */
export function writeWhole(path: string, text: string): void {
  // Two processes may write the same file at once.
  const draft = `${path}.${randomUUID().slice(0, 8)}.draft`;
  writing(path, () => {
    makeFolder(dirname(path));
    try {
      writeNew(draft, visible(text));
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  });
}

/** Writes a file atomically, unless there is one: false then. Throws MmbotError (exit 2) when it cannot be written. */
export function writeOnce(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID().slice(0, 8)}.draft`;
  let isWritten = false;
  writing(path, () => {
    makeFolder(dirname(path));
    try {
      writeNew(draft, text);
      isWritten = isPut(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  });
  return isWritten;
}

/** Gives a file its name, unless there is a file with that name: false then. */
function isPut(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
  } catch {
    if (existsSync(path)) return false;
    // A file system without links.
    renameSync(draft, path);
  }
  return true;
}

/** An existing file at `to` is replaced. Throws MmbotError (exit 2) when that is not possible. */
export function renameFile(from: string, to: string): void {
  writing(to, () => renameSync(from, to));
}

/** Appends to a file that other processes may write too. Throws MmbotError (exit 2) when it cannot be written. */
export function appendText(path: string, text: string): void {
  writing(path, () => appendFileSync(path, visible(text)));
}

/** Checks before the work begins that a result can be written to `path`. Throws MmbotError (exit 2). */
export function expectWritable(path: string): void {
  writing(path, () => {
    const folder = dirname(path);
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error('it is a folder');
  });
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const message = `${path} could not be written: ${messageOf(cause)}`;
    throw new MmbotError({
      code: 'file_unwritable',
      exitCode: EXIT.usage,
      message,
      hint: pathHintOf(cause),
      cause,
    });
  }
}

/** An existing file is replaced and not written to: it may be a link, or a hard link to another file. */
function writeNew(path: string, content: string | Buffer): void {
  rmSync(path, { force: true });
  writeFileSync(path, content, { flag: 'wx', flush: true });
}
