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

/** Calls `visit` for the records of a file up to the first bad one. */
export function readRecords(bytes: Buffer, visit: (record: JournalRecord) => void): JournalReading {
  let chain = 0;
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const next = end + 1;
    const checksum = found < 0 ? undefined : checksumIn(bytes, start, end);
    const json = bytes.subarray(start + HEAD_BYTES, end);
    const record = checksum !== undefined && crc32(json, chain) === checksum ? recordIn(json) : undefined;
    if (checksum === undefined || record === undefined) {
      return next >= bytes.length ? { ok: true, tornBytes: bytes.length - start } : { ok: false, line };
    }
    visit(record);
    chain = checksum;
    start = next;
  }
  return { ok: true, tornBytes: 0 };
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
