import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../execution/journal.ts';
import { isObject, parseJson } from '../util/json.ts';

/** One line a record: its checksum in eight hex digits, a blank, its JSON. */
export function journalLine(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

export type JournalContent =
  /** `tornBytes`: of a last record that was being written when the machine stopped. */
  | { readonly ok: true; readonly records: readonly JournalRecord[]; readonly tornBytes: number }
  /** A bad record with good ones after it: not a torn tail but damage. `line` counts from 1. */
  | { readonly ok: false; readonly line: number };

export function parseJournal(text: string): JournalContent {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  const records: JournalRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const record = recordIn(line);
    if (record !== undefined) records.push(record);
    else if (index === lines.length - 1 && tail === '') return { ok: true, records, tornBytes: Buffer.byteLength(line) + 1 };
    else return { ok: false, line: index + 1 };
  }
  return { ok: true, records, tornBytes: Buffer.byteLength(tail) };
}

function recordIn(line: string): JournalRecord | undefined {
  const json = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(json)) return undefined;
  const value = parseJson(json);
  // The checksum vouches for the shape: nobody but journalLine writes such lines.
  return isObject(value) && typeof value['type'] === 'string' ? (value as unknown as JournalRecord) : undefined;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
