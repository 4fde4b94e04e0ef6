import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fdatasync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  open,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rename,
  renameSync,
  rm,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, hintOf, messageOf, MmbotError } from '../errors.ts';
import { systemClock } from '../util/clock.ts';

/** A lock folder is held only briefly; an older one was left by a process that died. */
const ABANDONED_MS = 10_000;
/** Only its owner may read a journal. */
const FILE_MODE = 0o600;

const openLater = promisify(open);
const fdatasyncLater = promisify(fdatasync);
const fsyncLater = promisify(fsync);
const removeLater = promisify(rm);
const renameLater = promisify(rename);

/**
 * The file calls of the store and the reports. They are synchronous, because virtual time cannot advance while I/O is pending, except those
 * that a running bot makes and that may wait for the disk: to sync, and to create and remove journals. Only recordings are streamed.
 */

/** An append-only file. */
export interface AppendFile {
  append(text: string): void;
  /** Resolves when all appended data and the file's entry in its folder would survive a crash of the machine; rejects when that is not certain. */
  synced(): Promise<void>;
  /** False when the file at its path was removed or replaced, so that data written to it is lost. */
  isInPlace(): boolean;
  close(): void;
}

/** Creates a folder and its parents one by one: Node's own recursive `mkdir` never ends below /proc. */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process created it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Creates the file and its folders. An existing file or link is removed with `replace`; otherwise the call fails. */
export function createAppendFile(path: string, options: { readonly replace: boolean }): AppendFile {
  makeFolder(dirname(path));
  if (options.replace) unlinkAny(path);
  return appendFile(path, openSync(path, 'wx', FILE_MODE));
}

/** The same for a new file, asynchronously: a disk that hangs does not stop the process. */
export async function createAppendFileLater(path: string): Promise<AppendFile> {
  makeFolder(dirname(path));
  return appendFile(path, await openLater(path, 'wx', FILE_MODE));
}

/** Removes a file; unlike `rmSync` it fails on a folder with the error of the system. */
function unlinkAny(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
}

/** An append-only file that can also be emptied. */
export interface EmptiableFile extends AppendFile {
  empty(): void;
}

/** Opens an existing file or creates it. */
export function openAppendFile(path: string): EmptiableFile {
  return appendFile(path, openOwn(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND));
}

/** Opens a file of ours; fails on a link, which may point to another user's file, and on a pipe, for whose other end it would wait. */
function openOwn(path: string, flags: number): number {
  const file = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, FILE_MODE);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`${path} is not a file`);
}

function appendFile(path: string, file: number): EmptiableFile {
  const ours = fstatSync(file);
  let entrySynced: Promise<void> | undefined;
  return {
    isInPlace() {
      const there = lstatSync(path, { throwIfNoEntry: false });
      return there?.ino === ours.ino && there.dev === ours.dev;
    },
    append: (text) => naming(path, () => writeAll(file, text)),
    async synced() {
      await fdatasyncLater(file);
      await (entrySynced ??= folderSynced(dirname(path)));
    },
    empty: () => naming(path, () => ftruncateSync(file)),
    close: () => closeSync(file),
  };
}

/** A file for reading in parts. */
export interface FileToRead {
  /** Size, bytes. */
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

/** Changes with the content of the file, and when another one takes its place; undefined when there is none. */
export function fileStamp(path: string): string | undefined {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  return status && [status.dev, status.ino, status.size, status.mtimeNs, status.ctimeNs].join();
}

/** Text of a file; undefined when it does not exist. Throws when it cannot be read, or is a device, which may never end. */
export function readText(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isCharacterDevice() === true) throw new Error('it is a device, expected a file');
  return status === undefined ? undefined : readFileSync(path, 'utf8');
}

/** Text of a file of ours; undefined when it does not exist. Throws MmbotError (exit 2) when it cannot be read, also for a link or a pipe. */
export function readOwnText(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : readBytes(path).toString();
}

/** Content of a file of ours. Throws MmbotError (exit 2) when it cannot be read, also for a link or a pipe. */
export function readBytes(path: string): Buffer {
  try {
    const file = openOwn(path, constants.O_RDONLY);
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
      hint: hintOf(cause, 'expected a file, not a link or a pipe'),
      cause,
    });
  }
}

export function isThere(path: string): boolean {
  return existsSync(path);
}

/** Whether it is a folder, and not a link to one. */
export function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The path with all links resolved; for a path that does not exist yet, links of its existing parents are resolved. */
export function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), basename(path));
}

/**
 * A lock folder: only one process at a time can hold it. One that was left by a process that died is not removed but passed over, and the next
 * name is used: of two processes that found the same old folder, the second would remove the new folder of the first.
 */
export function folderHeld(path: string): Disposable & { readonly isOurs: boolean } {
  let held = path;
  let isOurs = isMade(held);
  for (let i = 1; !isOurs && isAbandoned(held); i += 1) {
    held = `${path}.${i}`;
    isOurs = isMade(held);
  }
  return {
    isOurs,
    [Symbol.dispose]() {
      if (isOurs) rmSync(held, { recursive: true, force: true });
      isOurs = false;
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

function isAbandoned(path: string): boolean {
  const changedAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  // oxlint-disable-next-line mmbot/wall-clock -- file timestamps are wall-clock times
  return changedAt !== undefined && systemClock.now() - changedAt >= ABANDONED_MS;
}

/** Names in a folder; empty when it does not exist. */
export function listFolder(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

/** Paths of all files in a folder and in its folders, relative to it, in the order of their characters. */
export function filesUnder(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}

/** The same, asynchronously: a disk that hangs does not stop the process. */
export function removeFileLater(path: string): Promise<void> {
  return removeLater(path, { force: true });
}

/**
 * Writes a file that only its owner may read. When this returns, the file and its entries in its folder and in the one above are on the disk; a
 * reader never sees a part of it.
 */
export function writeOwn(path: string, text: string): void {
  const draft = `${path}.draft`;
  makeFolder(dirname(path));
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { flag: 'wx', flush: true, mode: FILE_MODE });
  renameSync(draft, path);
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    const file = openSync(folder, 'r');
    fsyncSync(file);
    closeSync(file);
  }
}

/** An existing file at `to` is replaced. Resolves when the entries of the folder of `to`, and of the one above, are on the disk. */
export async function renameFileLater(from: string, to: string): Promise<void> {
  await renameLater(from, to);
  await folderSynced(dirname(to));
  await folderSynced(dirname(dirname(to)));
}

/** Adds the path to errors of open files, which do not contain it. */
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

async function folderSynced(path: string): Promise<void> {
  const folder = await openLater(path, 'r');
  try {
    await fsyncLater(folder);
  } finally {
    closeSync(folder);
  }
}
