import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_DAY } from '../../../src/execution/account/day.ts';
import { EXIT } from '../../../src/errors.ts';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { beginJournal, lockFolder, NO_HISTORY, readHistory } from '../../../src/store/journal-folder.ts';
import { JournalFold } from '../../../src/store/journal-state.ts';
import { newOrder } from '../../support/builders/builders.ts';
import { folderWith } from '../../support/program/folders.ts';
import { journalText, START } from '../../support/builders/journals.ts';

const FREEZE: JournalRecord = { type: 'freeze', at: 7, reason: 'daily_loss' };
const STOP: JournalRecord = { type: 'stop', at: 9, clean: true };
const FIRST = 'journal-000001.log';

function fileOf(records: readonly JournalRecord[]): string {
  return journalText([START, new JournalFold().snapshot(1), ...records]);
}

describe('journal folder', () => {
  test('an account that never traded has no history', () => {
    expect(readHistory(join(folderWith(), 'nothing'))).toEqual(NO_HISTORY);
  });

  test('belongs to one process at a time, and says whose it is to the next one', async () => {
    const [folder, other] = [folderWith(), folderWith()];
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'journal_in_use',
      exitCode: EXIT.usage,
      message: expect.stringContaining(folder),
      hint: expect.stringContaining('--state-dir'),
    });
    await (await lockFolder(other)).release();
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  test.each(['freeze.mark', FIRST])('a pipe in the place of %s is refused and not waited for', (name) => {
    const folder = folderWith();
    execFileSync('mkfifo', [join(folder, name)]);
    expect(() => {
      const history = readHistory(folder);
      expect(history.frozen).toMatchObject({ reason: expect.stringContaining('is not a file') });
      beginJournal(folder, START, history);
    }).toThrow(/is not a file|ENXIO/);
  });

  test('a new run continues where the last one ended', () => {
    const folder = folderWith();
    const first = beginJournal(folder, START, NO_HISTORY);
    first.append({ type: 'placeIntent', at: 5, order: newOrder() });
    first.append(FREEZE);
    first.close();
    const left = readHistory(folder);
    expect(left).toEqual({
      frozen: { reason: 'daily_loss', at: 7 },
      lastIntentAt: 5,
      lastAt: 7,
      open: [{ clientOrderId: 'mm-t-1', symbol: 'BTCUSDT', at: 5, fillIds: [], executed: 0, filledAtEnd: null }],
      day: { ...NO_DAY, orders: 1 },
      endedClean: false,
      tornBytes: 0,
    });
    const second = beginJournal(folder, { ...START, at: 8 }, left);
    second.close();
    expect(readHistory(folder)).toEqual(left);
    expect(readdirSync(folder).sort()).toEqual(['freeze.mark', FIRST, 'journal-000002.log', 'journal.reserve']);
  });

  test('files are ordered by their number, not by time', () => {
    const folder = folderWith({
      'journal-000009.log': fileOf([FREEZE]),
      'journal-1000000.log': fileOf([STOP]),
      'journal-999999.log': fileOf([FREEZE]),
    });
    expect(readHistory(folder)).toMatchObject({ frozen: undefined, endedClean: true });
  });

  test('a torn last record is dropped and counted; the freeze before it still holds', () => {
    const folder = folderWith({ [FIRST]: fileOf([FREEZE]) });
    appendFileSync(
      join(folder, FIRST),
      fileOf([FREEZE, STOP])
        .slice(fileOf([FREEZE]).length)
        .slice(0, 20),
    );
    expect(readHistory(folder)).toMatchObject({ frozen: { reason: 'daily_loss' }, tornBytes: 20 });
  });

  test('damage in the middle is refused with its line, and what still works', () => {
    const folder = folderWith({ [FIRST]: fileOf([FREEZE, STOP]).replace('daily', 'dayly') });
    expect(() => readHistory(folder)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining(`${FIRST}:3`) as unknown,
        hint: expect.stringContaining('cancel its orders, which needs no journal') as unknown,
      }),
    );
  });

  test('a folder that cannot be written is refused before anything is sent, and says why', () => {
    const folder = join(folderWith({ file: '' }), 'file', 'state');
    expect(() => beginJournal(folder, START, NO_HISTORY)).toThrow(
      expect.objectContaining({ exitCode: 2, code: 'journal_unwritable', hint: expect.stringContaining('--state-dir') as unknown }),
    );
  });

  test('keeps the last thirty-two files', () => {
    const folder = folderWith();
    for (let run = 0; run < 35; run += 1) beginJournal(folder, START, NO_HISTORY).close();
    const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
    expect([names.length, names.sort()[0]]).toEqual([32, 'journal-000004.log']);
  });

  test('every single flipped bit of a thousand records is found: whole records or a refusal, never a wrong one', () => {
    const records: JournalRecord[] = Array.from({ length: 1000 }, (_, i) => ({
      type: 'placeIntent',
      at: i,
      order: newOrder({ clientOrderId: `mm-x-${i}` }),
    }));
    const bytes = Buffer.from(fileOf(records));
    const folder = folderWith();
    for (let i = 0; i < 300; i += 1) {
      const at = (i * 7919) % bytes.length;
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (i % 8)), at);
      writeFileSync(join(folder, FIRST), flipped);
      try {
        // Only damage to the very last record may pass for a torn tail.
        expect(readHistory(folder)).toMatchObject({ lastIntentAt: 998 });
      } catch (error) {
        expect(error).toMatchObject({ code: 'journal_damaged' });
      }
    }
  });

  test('secrets apart, it is a file that a person can read', () => {
    const folder = folderWith({ [FIRST]: fileOf([STOP]) });
    expect(readFileSync(join(folder, FIRST), 'utf8').split('\n')[2]).toMatch(/^[\da-f]{8} \{"type":"stop","at":9,"clean":true\}$/);
  });
});
