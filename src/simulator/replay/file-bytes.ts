import { Readable, pipeline, type Transform } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '../../errors.ts';
import { unusable } from './recording.ts';

/** A file on disk, read in parts. The caller opens real files; this folder opens none. */
export interface RandomFile {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` to `end`, in chunks of any size. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Throws when there is no such file. */
export type OpenFile = (path: string) => RandomFile;

const ZIP = 0x04_03_4b_50;
const EMPTY_ZIP = 0x06_05_4b_50;
const GZIP = 0x8b_1f;

/** The content of a file: unpacked if it is a zip archive of one file or gzip, regardless of its name. Never whole in memory. */
export async function* contentOf(path: string, file: RandomFile): AsyncGenerator<Uint8Array> {
  const head = await headOf(file);
  const magic = head.length < 4 ? 0 : head.readUInt32LE(0);
  if (magic === ZIP || magic === EMPTY_ZIP) yield* onlyMember(path, file);
  else if ((magic & 0xff_ff) === GZIP) yield* through(file.read(0, file.size), createGunzip());
  else if (file.size > 0) yield* file.read(0, file.size);
}

async function headOf(file: RandomFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  if (file.size > 0) for await (const chunk of file.read(0, Math.min(4, file.size))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* through(source: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  // An error of either end is thrown by the iteration.
  pipeline(Readable.from(source), transform, () => undefined);
  yield* bytesIn(transform);
}

async function* bytesIn(stream: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

class FileReader extends RandomAccessReader {
  readonly #file: RandomFile;

  constructor(file: RandomFile) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#file.read(start, end), { objectMode: false });
  }
}

async function* onlyMember(path: string, file: RandomFile): AsyncGenerator<Uint8Array> {
  const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, { autoClose: false, lazyEntries: true }).catch(
    (error: unknown) => {
      throw unusable({ file: path }, `expected a zip archive: ${messageOf(error)}`);
    },
  );
  const entry = await onlyEntry(path, zip);
  let sum = 0;
  for await (const chunk of bytesIn(await zip.openReadStreamPromise(entry))) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
}

async function onlyEntry(path: string, zip: ZipFile): Promise<Entry> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push(entry);
    if (entries.length > 1) break;
  }
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw unusable({ file: path }, `expected one member in the archive, found ${entry === undefined ? 'none' : `${zip.entryCount}`}`);
  return entry;
}
