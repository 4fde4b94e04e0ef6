import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, hintOf, messageOf, MmbotError } from '../errors.ts';
import { systemClock } from '../util/clock.ts';
import { visible } from '../util/terminal-text.ts';

/** A folder is held for a moment; an older one was left behind by a process that died. */
const ABANDONED_MS = 10_000;

const fdatasyncLater = promisify(fdatasync);

/** The file calls of the store and the reports, synchronous but for `synced`: virtual time could not jump past a pending one. Recordings alone are streamed. */

/** A file that only grows. */
export interface AppendFile {
  append(text: string): void;
  /** Returns when all that was appended would survive a crash of the machine; throws when that cannot be promised. */
  sync(): void;
  /** The same without standing still. */
  synced(): Promise<void>;
  /** False when something else, or nothing, is at its path by now: what is written to it is lost. */
  isInPlace(): boolean;
  close(): void;
}

/** With the folders around it, one by one: Node's own way goes round in circles where the system lets nothing be made, as below /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Creates the file and its folders. What is at its place already, a link perhaps, is removed with `replace`; else it fails. */
export function createAppendFile(path: string, options: { readonly replace: boolean }): AppendFile {
  makeFolder(dirname(path));
  if (options.replace) unlinkAny(path);
  return appendFile(path, 'wx');
}

/** Unlike `rmSync` it fails at a folder as the system does. */
function unlinkAny(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
}

/** A file that can also begin anew. */
export interface EmptiableFile extends AppendFile {
  empty(): void;
}

/** Goes on with a file that is there, or creates it; fails where a link is in its place, for what that leads to may be anybody's. */
export function openAppendFile(path: string): EmptiableFile {
  return appendFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW);
}

function appendFile(path: string, flags: 'wx' | number): EmptiableFile {
  const file = openSync(path, flags, 0o600);
  syncFolder(dirname(path));
  const ours = fstatSync(file);
  return {
    isInPlace() {
      const there = lstatSync(path, { throwIfNoEntry: false });
      return there?.ino === ours.ino && there.dev === ours.dev;
    },
    append: (text) => naming(path, () => writeAll(file, text)),
    sync: () => naming(path, () => fdatasyncSync(file)),
    synced: () => fdatasyncLater(file),
    empty: () => naming(path, () => ftruncateSync(file)),
    close: () => closeSync(file),
  };
}

/** A file that is read in parts. */
export interface FileToRead {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` up to `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Throws when there is no such file. */
export function openFileToRead(path: string): FileToRead {
  const status = statSync(path);
  if (!status.isFile()) throw new Error(`${path} is not a file`);
  return { size: status.size, read: (start, end) => createReadStream(path, { start, end: end - 1 }) };
}

/** Undefined when there is no such file. Throws when it cannot be read, or is a device, which may never end. */
export function readText(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isCharacterDevice() === true) throw new Error('it is a device, expected a file');
  return status === undefined ? undefined : readFileSync(path, 'utf8');
}

/** Of a file itself: a link is not followed. Throws MmbotError (exit 2) when it cannot be read. */
export function readBytes(path: string): Buffer {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const message = `${path} could not be read: ${messageOf(cause)}`;
    throw new MmbotError({
      code: 'file_unreadable',
      exitCode: EXIT.usage,
      message,
      hint: hintOf(cause, 'expected a file, not a link'),
      cause,
    });
  }
}

/** A folder, and no link to one. */
export function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The place itself, whatever links lead to it; what is not there yet is named below the place that it will be made in. */
export function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), basename(path));
}

/** A folder that one process at a time can have; one that was left behind by a process that died is taken over after a while. */
export function folderHeld(path: string): Disposable & { readonly isOurs: boolean } {
  const isOurs = isMade(path) || (removedWhenOld(path) && isMade(path));
  return {
    isOurs,
    [Symbol.dispose]() {
      if (isOurs) rmSync(path, { recursive: true, force: true });
    },
  };
}

function isMade(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function removedWhenOld(path: string): boolean {
  const changedAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // oxlint-disable-next-line mmbot/wall-clock -- files are stamped by the wall clock, and by nothing else
  if (systemClock.now() - changedAt < ABANDONED_MS) return false;
  rmSync(path, { recursive: true, force: true });
  return true;
}

/** Names in a folder; none when it does not exist. */
export function listFolder(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}

/** A file that only takes room, to be removed when there is no other left. */
export function writeReserve(path: string, bytes: number): void {
  writeNew(path, Buffer.alloc(bytes));
}

/** All or nothing: a reader never sees half of it. Throws MmbotError (exit 2) when that cannot be. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.draft`;
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

/** At the end of a file that others write as well. Throws MmbotError (exit 2) when that cannot be. */
export function appendText(path: string, text: string): void {
  writing(path, () => appendFileSync(path, visible(text)));
}

/** Makes sure, before any work is done for it, that a result can be written there. Throws MmbotError (exit 2). */
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
      hint: hintOf(cause, 'make room, or name another place'),
      cause,
    });
  }
}

/** What was at its path is not written to: it may be a link, or another name of somebody's file. */
function writeNew(path: string, content: string | Buffer): void {
  rmSync(path, { force: true });
  writeFileSync(path, content, { flag: 'wx', flush: true });
}

/** What fails on an open file does not say which. */
function naming(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) error.message += ` '${path}'`;
    throw error;
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
