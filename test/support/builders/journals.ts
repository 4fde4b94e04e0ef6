import type { JournalRecord, JournalStart } from '../../../src/execution/journal.ts';
import { lineWriter, readRecords, type JournalReading } from '../../../src/store/journal-format.ts';

export const START: JournalStart = { type: 'start', at: 1, runId: 'mm-abc-', configHash: 'c0ffee', version: '0.1.0', seed: '7' };

/** A file of these records. */
export function journalText(records: readonly JournalRecord[]): string {
  const lineOf = lineWriter();
  return records.map((record) => lineOf(record)).join('');
}

/** What a file holds, up to its first bad record. */
export function recordsIn(file: string | Uint8Array): { readonly records: readonly JournalRecord[]; readonly reading: JournalReading } {
  const records: JournalRecord[] = [];
  const reading = readRecords(Buffer.from(file as Uint8Array), (record) => records.push(record));
  return { records, reading };
}
