import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beginJournal, lockFolder, NO_HISTORY, readHistory } from '../../../src/store/journal-folder.ts';
import { nameFolder, stateFolderOf } from '../../../src/store/state-folder.ts';
import { newOrder } from '../../support/builders/builders.ts';
import { folderWith } from '../../support/program/folders.ts';
import { START } from '../../support/builders/journals.ts';

describe('the state of an account', () => {
  test('is in a folder of the name that says most, when there is none yet', () => {
    const state = folderWith();
    expect(stateFolderOf(state, ['by-key', 'by-user'], ['old'])).toBe(join(state, 'by-user'));
    expect(stateFolderOf(join(state, 'nothing'), ['by-key'], [])).toBe(join(state, 'nothing', 'by-key'));
  });

  test.each(['by-key', 'by-user', 'old'])('is in the folder that is there, also when that is called %s', (name) => {
    const state = folderWith({ [`${name}/journal-000001.log`]: '', 'embedded/journal-000001.log': '' });
    expect(stateFolderOf(state, ['by-key', 'by-user'], ['old'])).toBe(join(state, name));
  });

  test('is found by any name that the account ever had, also when the exchange does not tell the user', () => {
    const state = folderWith();
    const folder = stateFolderOf(state, ['by-key', 'by-user'], []);
    nameFolder(folder, ['by-key', 'by-user']);
    expect(stateFolderOf(state, ['by-key'], [])).toBe(folder);
    expect(stateFolderOf(state, ['by-second-key', 'by-user'], [])).toBe(folder);
    nameFolder(folder, ['by-second-key', 'by-user']);
    expect(stateFolderOf(state, ['by-second-key'], [])).toBe(folder);
    expect(stateFolderOf(state, ['by-key'], [])).toBe(folder);
  });

  test('in two folders is refused, with both of them', () => {
    const state = folderWith({ 'by-key/journal-000001.log': '', 'old/journal-000001.log': '' });
    expect(() => stateFolderOf(state, ['by-key'], ['old'])).toThrow(
      expect.objectContaining({ exitCode: 2, code: 'two_states', message: expect.stringMatching(/by-key and .*old/) as unknown }),
    );
  });
});

describe('in the state folder', () => {
  test('a link in the place of the account’s folder is refused', () => {
    const [state, elsewhere] = [folderWith(), folderWith()];
    symlinkSync(elsewhere, join(state, 'by-key'));
    expect(() => stateFolderOf(state, ['by-key'], [])).toThrow(expect.objectContaining({ exitCode: 2, code: 'state_linked' }));
  });

  test.each(['journal.reserve', 'account.draft'])('what %s links to is not overwritten', (name) => {
    const folder = folderWith({ precious: 'precious' });
    const journals = join(folder, 'journals');
    mkdirSync(journals);
    symlinkSync(join(folder, 'precious'), join(journals, name));
    beginJournal(journals, START, NO_HISTORY).close();
    nameFolder(journals, ['by-key']);
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  });

  test('a journal that is a link is refused', () => {
    const folder = folderWith({ elsewhere: '' });
    const journals = join(folder, 'journals');
    beginJournal(journals, START, NO_HISTORY).close();
    symlinkSync(join(folder, 'elsewhere'), join(journals, 'journal-000002.log'));
    expect(() => readHistory(journals)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('journal-000002.log') as unknown }),
    );
  });

  test.each([
    ['deleted', (journals: string) => rmSync(journals, { recursive: true })],
    ['replaced', (journals: string) => (rmSync(journals, { recursive: true }), mkdirSync(journals))],
    ['replaced with all its files', (journals: string) => replaceFiles(journals)],
  ])('a folder that is %s while it is written is noticed before the next order leaves; a new file knows all that was', async (_, act) => {
    const journals = join(folderWith(), 'journals');
    const journal = beginJournal(journals, START, NO_HISTORY);
    journal.append({ type: 'freeze', at: 2, reason: 'daily_loss' });
    await journal.synced();
    act(journals);
    journal.append({ type: 'placeIntent', at: 3, order: newOrder() });
    const broken = { message: expect.stringContaining('deleted or replaced') as unknown };
    await expect(journal.synced()).rejects.toMatchObject(broken);
    // The freeze that follows is waited for too: by then there is a new file.
    await expect(journal.synced()).rejects.toMatchObject(broken);
    journal.close();
    expect(readHistory(journals)).toMatchObject({ frozen: { reason: 'daily_loss' }, open: [{ clientOrderId: 'mm-t-1' }] });
  });

  test('one folder can be locked only once, by any path', async () => {
    const folder = folderWith();
    const journals = join(folder, 'journals');
    symlinkSync(folder, join(folder, 'link'));
    const lock = await lockFolder(journals);
    await expect(lockFolder(join(folder, 'link', 'journals'))).rejects.toMatchObject({ code: 'journal_in_use' });
    await lock.release();
  });
});

function replaceFiles(journals: string): void {
  const path = join(journals, 'journal-000001.log');
  const content = readFileSync(path);
  rmSync(journals, { recursive: true });
  mkdirSync(journals);
  writeFileSync(path, content);
}
