import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../execution/journal.ts';
import { isObject, parseJson } from '../util/json.ts';

const LINE_FEED = 0x0a;
const BLANK = 0x20;
/** Eight hex digits and a space. */
const HEAD_BYTES = 9;

/**
 * One line per record: a checksum in eight hex digits, a space, and the JSON of the record. The checksum covers the JSON and the previous
 * checksum, so that a missing, repeated or moved line is detected like a changed one.
 */
export function lineWriter(): (record: JournalRecord) => string {
  let chain = 0;
  return (record) => {
    const json = JSON.stringify(record);
    chain = crc32(json, chain);
    return `${chain.toString(16).padStart(8, '0')} ${json}\n`;
  };
}

export type JournalReading =
  /** `tornBytes`: length of an incomplete last record, which was being written when the machine stopped. */
  | { readonly ok: true; readonly tornBytes: number }
  /** A bad record with more records after it, so the file is damaged. `line` counts from 1. */
  | { readonly ok: false; readonly line: number };

/** Calls `visit` for the records of a file up to the first bad one. `isWanted`: of a record that nobody wants only the checksum is read. */
export function readRecords(bytes: Buffer, visit: (record: JournalRecord) => void, isWanted?: (type: string) => boolean): JournalReading {
  const reader = new RecordReader(visit, isWanted);
  reader.push(bytes);
  return reader.end();
}

/** Reads a file in parts: `push` takes the next bytes. */
export class RecordReader {
  readonly #visit: (record: JournalRecord) => void;
  readonly #isWanted: ((type: string) => boolean) | undefined;
  #chain = 0;
  #line = 1;
  /** The beginning of a line whose end was not pushed yet. */
  #rest: Buffer = EMPTY;
  /** Length of the first bad record, once there is one. */
  #badBytes: number | undefined;
  #isDamaged = false;

  constructor(visit: (record: JournalRecord) => void, isWanted?: (type: string) => boolean) {
    this.#visit = visit;
    this.#isWanted = isWanted;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = EMPTY;
    let start = 0;
    while (start < bytes.length && !this.#isDamaged) {
      if (this.#badBytes !== undefined) {
        this.#isDamaged = true;
        return;
      }
      const end = bytes.indexOf(LINE_FEED, start);
      if (end < 0) {
        this.#rest = bytes.subarray(start);
        return;
      }
      if (this.#read(bytes, start, end)) this.#line += 1;
      else this.#badBytes = end + 1 - start;
      start = end + 1;
    }
  }

  end(): JournalReading {
    if (this.#isDamaged || (this.#badBytes !== undefined && this.#rest.length > 0)) return { ok: false, line: this.#line };
    return { ok: true, tornBytes: this.#badBytes ?? this.#rest.length };
  }

  /** False when the line is not a record that follows the one before. */
  #read(bytes: Buffer, start: number, end: number): boolean {
    const checksum = checksumIn(bytes, start, end);
    const json = bytes.subarray(start + HEAD_BYTES, end);
    if (checksum === undefined || crc32(json, this.#chain) !== checksum) return false;
    if (this.#isWanted === undefined || this.#isWanted(typeIn(json))) {
      const record = recordIn(json);
      if (record === undefined) return false;
      this.#visit(record);
    }
    this.#chain = checksum;
    return true;
  }
}

const EMPTY = Buffer.alloc(0);
const TYPE = Buffer.from('{"type":"');
const QUOTE = 0x22;

/** The type of a record, which is its first property; empty when it is not. */
function typeIn(json: Buffer): string {
  if (!json.subarray(0, TYPE.length).equals(TYPE)) return '';
  return json.toString('latin1', TYPE.length, json.indexOf(QUOTE, TYPE.length));
}

/** Checksum at the beginning of a line; undefined without one. Parsed digit by digit for speed: a start may read a million lines. */
function checksumIn(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start < HEAD_BYTES || bytes[start + HEAD_BYTES - 1] !== BLANK) return undefined;
  let value = 0;
  for (let i = start; i < start + HEAD_BYTES - 1; i += 1) {
    const digit = digitOf(bytes[i] ?? 0);
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function digitOf(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x61 + 10 : undefined;
}

function recordIn(json: Buffer): JournalRecord | undefined {
  const value = parseJson(json.toString());
  // With a valid checksum the line was written by lineWriter, so its shape is right.
  return isObject(value) && typeof value['type'] === 'string' ? (value as unknown as JournalRecord) : undefined;
}
