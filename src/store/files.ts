import {
  appendFileSync,
  closeSync,
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
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

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
  const file = openSync(path, options.replace ? 'w' : 'wx', 0o600);
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

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}

/** A file that only takes room, to be removed when there is no other left. */
export function writeReserve(path: string, bytes: number): void {
  writeFileSync(path, Buffer.alloc(bytes), { flush: true });
}

/** All or nothing: a reader never sees half of it. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

/** At the end of a file that others write as well. */
export function appendText(path: string, text: string): void {
  appendFileSync(path, text);
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
