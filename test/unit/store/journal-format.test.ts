import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { newOrder } from '../../support/builders/builders.ts';
import { journalText, recordsIn, START } from '../../support/builders/journals.ts';

const RECORDS: readonly JournalRecord[] = [
  START,
  { type: 'placeIntent', at: 2, order: newOrder() },
  { type: 'answer', at: 3, clientOrderId: 'mm-t-1', outcome: 'unknown', reason: 'time-out — “quoted”\nand a line' },
  { type: 'stop', at: 4, clean: true },
];
const TEXT = journalText(RECORDS);
const LINES = TEXT.trimEnd().split('\n');

describe('journal format', () => {
  test('reads back what was written', () => {
    expect(recordsIn(TEXT)).toEqual({ records: RECORDS, reading: { ok: true, tornBytes: 0 } });
    expect(recordsIn('')).toEqual({ records: [], reading: { ok: true, tornBytes: 0 } });
  });

  test('a checksum has eight digits, whatever it begins with', () => {
    const records = Array.from({ length: 400 }, (_, at): JournalRecord => ({ type: 'stop', at, clean: true }));
    const text = journalText(records);
    expect(text.split('\n').filter((line) => line.startsWith('0')).length).toBeGreaterThan(0);
    expect(text.split('\n').slice(0, -1)).toEqual(
      records.map((record) => expect.stringMatching(`^[0-9a-f]{8} ${JSON.stringify(record)}$`) as unknown),
    );
    expect(recordsIn(text)).toEqual({ records, reading: { ok: true, tornBytes: 0 } });
  });

  test('cut at any byte it keeps every whole record and drops only the torn one, to the byte', () => {
    const bytes = Buffer.from(TEXT);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const rest = bytes.subarray(0, cut).toString('latin1').split('\n');
      const tornBytes = rest.at(-1)?.length;
      expect(recordsIn(bytes.subarray(0, cut))).toEqual({ records: RECORDS.slice(0, rest.length - 1), reading: { ok: true, tornBytes } });
    }
  });

  test('a last record that is whole in length but not in content is torn too', () => {
    const zeros = Buffer.concat([Buffer.from(TEXT), Buffer.alloc(40)]);
    expect(recordsIn(zeros)).toEqual({ records: RECORDS, reading: { ok: true, tornBytes: 40 } });
    expect(recordsIn(`${TEXT}${LINES[3]?.replace('true', 'trye')}\n`)).toMatchObject({ records: RECORDS, reading: { ok: true } });
  });

  test('a changed byte in the middle is damage, named by its line, never skipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.nat(), fc.integer({ min: 33, max: 126 }), (index, offset, code) => {
        const line = LINES[index] ?? '';
        const at = offset % line.length;
        const changed = line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1);
        fc.pre(changed !== line);
        const { records, reading } = recordsIn(`${[...LINES.slice(0, index), changed, ...LINES.slice(index + 1)].join('\n')}\n`);
        expect(reading).toEqual({ ok: false, line: index + 1 });
        expect(records).toEqual(RECORDS.slice(0, index));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['missing', [0, 2, 3], 2],
    ['doubled', [0, 1, 1, 2, 3], 3],
    ['in another place', [0, 2, 1, 3], 2],
    ['of another file', [1, 2, 3], 1],
  ])('a whole line that is %s is damage', (_, order, line) => {
    const text = order.map((index) => `${LINES[index]}\n`).join('');
    expect(recordsIn(text).reading).toEqual({ ok: false, line });
  });
});
