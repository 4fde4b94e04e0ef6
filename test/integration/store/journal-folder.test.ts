import { appendFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { journalLine } from '../../../src/store/journal-format.ts';
import { beginJournal, readHistory } from '../../../src/store/journal-folder.ts';
import { newOrder } from '../../support/builders.ts';
import { folderWith } from '../../support/folders.ts';

const FREEZE: JournalRecord = { type: 'freeze', at: 7, reason: 'daily_loss' };
const STOP: JournalRecord = { type: 'stop', at: 9, clean: true };

function journalOf(records: readonly JournalRecord[]): string {
  return folderWith({ 'journal.log': records.map(journalLine).join('') });
}

describe('journal folder', () => {
  test('an account that never traded has no history', () => {
    expect(readHistory(join(folderWith(), 'nothing'))).toEqual({
      frozen: undefined,
      lastIntentAt: undefined,
      endedClean: true,
      tornBytes: 0,
    });
  });

  test('remembers a freeze until a person lifts it, the last intent, and whether the end was clean', () => {
    expect(readHistory(journalOf([{ type: 'placeIntent', at: 5, order: newOrder() }, FREEZE]))).toEqual({
      frozen: { reason: 'daily_loss', at: 7 },
      lastIntentAt: 5,
      endedClean: false,
      tornBytes: 0,
    });
    expect(readHistory(journalOf([FREEZE, { type: 'unfreeze', at: 8, reason: 'daily_loss' }, STOP]))).toMatchObject({
      frozen: undefined,
      endedClean: true,
    });
  });

  test('a torn last record is dropped and counted; the freeze before it still holds', () => {
    const folder = journalOf([FREEZE]);
    appendFileSync(join(folder, 'journal.log'), journalLine(STOP).slice(0, 20));
    expect(readHistory(folder)).toMatchObject({ frozen: { reason: 'daily_loss' }, tornBytes: 20 });
  });

  test('damage in the middle is refused with its line, and what still works', () => {
    const folder = journalOf([FREEZE, STOP]);
    const path = join(folder, 'journal.log');
    writeFileSync(path, readFileSync(path, 'utf8').replace('daily', 'dayly'));
    expect(() => readHistory(folder)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining('journal.log:1') as unknown,
        hint: expect.stringContaining('cancel-all') as unknown,
      }),
    );
  });

  test('a crash between putting the old journal aside and beginning the new one loses no freeze', () => {
    const folder = journalOf([FREEZE]);
    renameSync(join(folder, 'journal.log'), join(folder, 'journal-123.log'));
    expect(readHistory(folder).frozen).toEqual({ reason: 'daily_loss', at: 7 });
  });

  test('begins anew each time, and keeps the last twenty', () => {
    const folder = folderWith();
    for (let run = 0; run < 25; run += 1) {
      const journal = beginJournal(folder, 1_700_000_000_000 + run);
      journal.append({ ...STOP, at: run });
      journal.close();
    }
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(21);
    expect(names).toContain('journal.log');
    expect(names).not.toContain('journal-1700000000001.log');
    expect(readFileSync(join(folder, 'journal.log'), 'utf8')).toContain('"at":24');
  });

  test('every single flipped bit of a thousand records is found: whole records or a refusal, never a wrong one', () => {
    const records: JournalRecord[] = Array.from({ length: 1000 }, (_, i) => ({
      type: 'placeIntent',
      at: i,
      order: newOrder({ clientOrderId: `mm-x-${i}` }),
    }));
    const bytes = Buffer.from(records.map(journalLine).join(''));
    const folder = folderWith({ 'journal.log': bytes });
    for (let i = 0; i < 300; i += 1) {
      const at = (i * 7919) % bytes.length;
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (i % 8)), at);
      writeFileSync(join(folder, 'journal.log'), flipped);
      try {
        // Only damage to the very last record may pass for a torn tail.
        expect(readHistory(folder)).toMatchObject({ lastIntentAt: 998 });
      } catch (error) {
        expect(error).toMatchObject({ code: 'journal_damaged' });
      }
    }
  });
});
