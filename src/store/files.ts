import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, messageOf, MmbotError } from '../errors.ts';
import { visible } from '../util/terminal-text.ts';

const fdatasyncLater = promisify(fdatasync);

/** The file calls of the store and the reports, synchronous but for `synced`: virtual time could not jump past a pending one. Recordings alone are streamed. */

/** A file that only grows. */
export interface AppendFile {
  append(text: string): void;
  /** Returns when all that was appended would survive a crash of the machine; throws when that cannot be promised. */
  sync(): void;
  /** The same without standing still. */
  synced(): Promise<void>;
  close(): void;
}

/** Creates the file and its folders; fails when the file is there already unless `replace`. */
export function createAppendFile(path: string, options: { readonly replace: boolean }): AppendFile {
  mkdirSync(dirname(path), { recursive: true });
  return appendFile(path, options.replace ? 'w' : 'wx');
}

/** Goes on with a file that is there, or creates it. */
export function openAppendFile(path: string): AppendFile {
  return appendFile(path, 'a');
}

function appendFile(path: string, flags: 'w' | 'wx' | 'a'): AppendFile {
  const file = openSync(path, flags, 0o600);
  syncFolder(dirname(path));
  return {
    append: (text) => writeAll(file, text),
    sync: () => fdatasyncSync(file),
    synced: () => fdatasyncLater(file),
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

/** Undefined when there is no such file. */
export function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

export function readBytes(path: string): Buffer {
  return readFileSync(path);
}

/** Names in a folder; none when it does not exist. */
export function listFolder(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

export function emptyFile(path: string): void {
  truncateSync(path);
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}

/** A file that only takes room, to be removed when there is no other left. */
export function writeReserve(path: string, bytes: number): void {
  writeFileSync(path, Buffer.alloc(bytes), { flush: true });
}

/** All or nothing: a reader never sees half of it. Throws MmbotError (exit 2) when that cannot be. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.draft`;
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(draft, visible(text));
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
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error('it is a folder');
  });
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const message = `${path} could not be written: ${messageOf(cause)}`;
    throw new MmbotError({ code: 'file_unwritable', exitCode: EXIT.usage, message, hint: 'make room, or name another place', cause });
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
