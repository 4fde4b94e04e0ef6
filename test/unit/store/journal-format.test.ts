import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { journalLine, parseJournal } from '../../../src/store/journal-format.ts';
import { newOrder } from '../../support/builders.ts';

const RECORDS: readonly JournalRecord[] = [
  { type: 'start', at: 1, runId: 'mm-abc-', configHash: 'c0ffee', version: '0.1.0', seed: '7' },
  { type: 'placeIntent', at: 2, order: newOrder() },
  { type: 'answer', at: 3, clientOrderId: 'mm-t-1', outcome: 'unknown', reason: 'time-out — “quoted”\nand a line' },
  { type: 'stop', at: 4, clean: true },
];
const TEXT = RECORDS.map(journalLine).join('');

describe('journal format', () => {
  test('reads back what was written', () => {
    expect(parseJournal(TEXT)).toEqual({ ok: true, records: RECORDS, tornBytes: 0 });
  });

  test('cut at any byte it keeps every whole record and drops only the torn one', () => {
    const bytes = Buffer.from(TEXT);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const content = parseJournal(bytes.subarray(0, cut).toString('utf8'));
      const whole = bytes.subarray(0, cut).toString('utf8').split('\n').length - 1;
      expect(content.ok && content.records).toEqual(RECORDS.slice(0, whole));
    }
  });

  test('a changed byte in the middle is damage, named by its line, never skipped', () => {
    const lines = TEXT.split('\n');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.nat(), fc.integer({ min: 33, max: 126 }), (index, offset, code) => {
        const line = lines[index] ?? '';
        const at = offset % line.length;
        const changed = line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1);
        fc.pre(changed !== line);
        expect(parseJournal([...lines.slice(0, index), changed, ...lines.slice(index + 1)].join('\n'))).toEqual({
          ok: false,
          line: index + 1,
        });
      }),
      { numRuns: 1000 },
    );
  });
});
