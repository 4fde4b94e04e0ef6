import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refuseFrozen } from '../../../src/commands/live/entry.ts';
import type { Journal, JournalRecord } from '../../../src/execution/journal.ts';
import { beginJournal, NO_HISTORY, readHistory } from '../../../src/store/journal-folder.ts';
import { openAppendFile } from '../../../src/store/files.ts';
import { markedFreeze, markedJournal } from '../../../src/store/freeze-mark.ts';
import { newOrder } from '../../support/builders/builders.ts';
import { folderWith } from '../../support/program/folders.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { START } from '../../support/builders/journals.ts';

const FREEZE: JournalRecord = { type: 'freeze', at: 7, reason: 'daily_loss' };
const UNFREEZE: JournalRecord = { type: 'unfreeze', at: 9, reason: 'daily_loss' };
const PLACE: JournalRecord = { type: 'placeIntent', at: 5, order: newOrder() };
const FIRST = 'journal-000001.log';

async function closed(journal: Journal, ...records: readonly JournalRecord[]): Promise<void> {
  journal.append(...records);
  await journal.synced();
  journal.close();
}

const frozen = (folder: string): string | undefined => readHistory(folder).frozen?.reason;

describe('a freeze that the journal has lost', () => {
  test.each<[string, (folder: string, older: string) => void]>([
    ['to an older copy of it', (folder, older) => copyFileSync(join(older, FIRST), join(folder, FIRST))],
    [
      'to a tail that was cut at it',
      (folder) => truncateSync(join(folder, FIRST), readFileSync(join(folder, FIRST)).indexOf('\n', 700) + 1),
    ],
    ['to a tail that was cut within it', (folder) => truncateSync(join(folder, FIRST), readFileSync(join(folder, FIRST)).length - 20)],
    ['with all of it', (folder) => rmSync(join(folder, FIRST))],
  ])('%s is a freeze, and says what is missing', async (_, lose) => {
    const [folder, older] = [folderWith(), join(folderWith(), 'older')];
    const journal = beginJournal(folder, START, NO_HISTORY);
    journal.append(PLACE);
    mkdirSync(older);
    cpSync(folder, older, { recursive: true });
    await closed(journal, FREEZE);
    expect(frozen(folder)).toBe('daily_loss');
    lose(folder, older);
    expect(frozen(folder)).toBe('daily_loss (the journal does not know of it: an older copy, or its end is lost)');
    expect(readHistory(folder).frozen?.at).toBe(7);
  });

  test('is lifted by a person, once, and not before the journal knows', async () => {
    const folder = folderWith();
    await closed(beginJournal(folder, START, NO_HISTORY), FREEZE);
    const lifting = beginJournal(folder, START, readHistory(folder));
    lifting.append(UNFREEZE);
    expect(readFileSync(join(folder, 'freeze.mark'), 'utf8')).toContain('daily_loss');
    await closed(lifting, PLACE);
    expect(frozen(folder)).toBeUndefined();
    await closed(beginJournal(folder, START, readHistory(folder)), FREEZE);
    expect(frozen(folder)).toBe('daily_loss');
  });

  test('again, while it is lifted, is one', async () => {
    const folder = folderWith();
    await closed(beginJournal(folder, START, NO_HISTORY), FREEZE);
    const lifting = beginJournal(folder, START, readHistory(folder));
    lifting.append(UNFREEZE);
    const synced = lifting.synced();
    lifting.append({ ...FREEZE, reason: 'fill_burst' });
    await synced;
    lifting.close();
    rmSync(join(folder, 'journal-000002.log'));
    rmSync(join(folder, FIRST));
    expect(frozen(folder)).toContain('fill_burst');
  });

  test('is one where the disk takes nothing into the journal any more', async () => {
    const folder = folderWith();
    const broken = { append: () => undefined, synced: () => Promise.reject(new Error('EIO')), close: () => undefined };
    const journal = markedJournal(broken, folder);
    journal.append(FREEZE);
    await expect(journal.synced()).rejects.toThrow('EIO');
    expect(markedFreeze(folder)).toEqual({ at: 7, reason: 'daily_loss' });
  });

  test('whose second record is torn too is one for an unknown reason', () => {
    const folder = folderWith({ 'freeze.mark': '{"at":7,"rea' });
    expect(frozen(folder)).toContain('unknown: freeze.mark is torn');
    expect(() => refuseFrozen(readHistory(folder), {})).toThrow('froze at an unknown time: unknown: freeze.mark is torn');
  });

  test('cannot be recorded where a folder is in the way: nothing begins', () => {
    const folder = folderWith();
    mkdirSync(join(folder, 'freeze.mark'));
    expect(frozen(folder)).toContain('unknown: freeze.mark cannot be read');
    expect(() => beginJournal(folder, START, NO_HISTORY)).toThrow(expect.objectContaining({ exitCode: 2, code: 'journal_unwritable' }));
  });
});

describe('the file of the freeze', () => {
  test.each([
    ['a file of somebody’s', 'mine\n'],
    ['nothing', undefined],
  ])('is no link: one to %s is not followed, and nothing begins', (_, content) => {
    const folder = folderWith();
    const target = join(folderWith(), 'target');
    if (content !== undefined) writeFileSync(target, content);
    symlinkSync(target, join(folder, 'freeze.mark'));
    expect(() => beginJournal(folder, START, NO_HISTORY)).toThrow(expect.objectContaining({ exitCode: 2, code: 'journal_unwritable' }));
    expect(existsSync(target) ? readFileSync(target, 'utf8') : undefined).toBe(content);
  });

  test('that another has taken the place of is not emptied, and its freeze is not lifted', async () => {
    const folder = folderWith();
    const [mark, other] = [join(folder, 'freeze.mark'), join(folder, 'other')];
    const journal = markedJournal(NO_JOURNAL, folder);
    journal.append(FREEZE);
    await journal.synced();
    writeFileSync(other, 'mine\n');
    renameSync(other, mark);
    journal.append(UNFREEZE);
    await expect(journal.synced()).rejects.toThrow('deleted or replaced');
    expect(readFileSync(mark, 'utf8')).toBe('mine\n');
  });

  test('that was deleted while the bot runs cannot record a freeze, and reports that', async () => {
    const folder = folderWith();
    const journal = markedJournal(NO_JOURNAL, folder);
    rmSync(join(folder, 'freeze.mark'));
    journal.append(FREEZE);
    await expect(journal.synced()).rejects.toThrow('deleted or replaced');
  });

  test('is closed only when the disk is done with it', async () => {
    const calls: string[] = [];
    const ends: (() => void)[] = [];
    const journal = markedJournal(NO_JOURNAL, folderWith(), (path) => {
      const file = openAppendFile(path);
      return {
        ...file,
        synced: () => new Promise<void>((resolve) => void ends.push(resolve)),
        close: () => {
          calls.push('close');
          file.close();
        },
      };
    });
    journal.append(FREEZE);
    const first = journal.synced();
    journal.append(FREEZE);
    const second = journal.synced();
    journal.close();
    ends[0]?.();
    await first;
    expect(calls).toEqual([]);
    ends[1]?.();
    await second;
    expect(calls).toEqual(['close']);
  });
});
