import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { createAppendFile } from '../../../src/store/files.ts';
import { beginJournal, NO_HISTORY, readHistory } from '../../../src/store/journal-folder.ts';
import { JournalFold } from '../../../src/store/journal-state.ts';
import { SegmentedJournal } from '../../../src/store/segmented-journal.ts';
import { newOrder } from '../../support/builders.ts';
import { folderWith } from '../../support/folders.ts';
import { crashEverywhere } from '../../support/journal-crashes.ts';
import { START } from '../../support/journals.ts';

const SMALL = { segmentLength: 1500, kept: 3 };

const place = (i: number): JournalRecord => ({ type: 'placeIntent', at: i, order: newOrder({ clientOrderId: `mm-t-${i}` }) });
const refuse = (i: number): JournalRecord => ({ type: 'answer', at: i, clientOrderId: `mm-t-${i}`, outcome: 'refused', reason: '' });

describe('a journal of segments', () => {
  test('stays bounded, and says at any moment what all its records come to', async () => {
    const folder = folderWith();
    const journal = new SegmentedJournal(folder, START, new JournalFold(), SMALL);
    for (let i = 0; i < 150; i += 1) {
      journal.append(place(i));
      if (i % 50 !== 0) journal.append(refuse(i));
      await journal.synced();
      const { lastIntentAt, open } = readHistory(folder);
      expect([lastIntentAt, open.length]).toEqual([i, Math.floor(i / 50) + 1]);
      expect(readdirSync(folder).length).toBeLessThanOrEqual(SMALL.kept + 1);
    }
    journal.close();
  });

  test('cut at every byte through several rotations, the next start finds exactly what was written before', () => {
    const { cuts, rotations } = crashEverywhere(8);
    expect(cuts).toBeGreaterThan(2500);
    expect(rotations).toBeGreaterThanOrEqual(3);
  });
});

test('a segment is on the disk before anything is added to it or an older one goes, and the old one is whole before that', () => {
  const folder = folderWith();
  const calls: string[] = [];
  const createFile: typeof createAppendFile = (path, options) => {
    const file = createAppendFile(path, options);
    const name = path.slice(-10, -4);
    calls.push(`create ${name}`);
    return {
      append: (text) => (calls.push(`append ${name}`), file.append(text)),
      sync: () => (calls.push(`sync ${name}`), file.sync()),
      synced: () => (calls.push(`synced ${name}`), file.synced()),
      isInPlace: () => true,
      close: () => (calls.push(`close ${name}`), file.close()),
    };
  };
  const journal = new SegmentedJournal(folder, START, new JournalFold(), { segmentLength: 1, kept: 3, createFile });
  calls.length = 0;
  journal.append(place(1));
  journal.close();
  expect(calls).toEqual([
    'append 000001',
    'sync 000001',
    'create 000002',
    'append 000002',
    'append 000002',
    'sync 000002',
    'close 000001',
    'close 000002',
  ]);
});

describe('a journal whose disk fails', () => {
  /** Files whose `broken` call fails from the moment at which that is set. */
  function failingFolder() {
    const folder = folderWith();
    const disk = { fails: '' as '' | 'append' | 'sync' | 'all', code: 'EIO' };
    const fail = (): never => {
      throw new Error(`${disk.code}: i/o error`);
    };
    const createFile: typeof createAppendFile = (path, options) => {
      if (disk.fails === 'all') fail();
      const file = createAppendFile(path, options);
      // A new file on the same disk may well work: what failed is one file's page.
      const failsHere = (): boolean => disk.fails === 'all' || path.endsWith('000001.log');
      return {
        append: (text) =>
          failsHere() && disk.fails !== '' && disk.fails !== 'sync' ? (file.append(text.slice(0, 7)), fail()) : file.append(text),
        sync: () => (failsHere() && (disk.fails === 'sync' || disk.fails === 'all') ? fail() : file.sync()),
        synced: async () => (failsHere() && (disk.fails === 'sync' || disk.fails === 'all') ? fail() : file.synced()),
        isInPlace: () => file.isInPlace(),
        close: () => file.close(),
      };
    };
    return { folder, disk, journal: new SegmentedJournal(folder, START, new JournalFold(), { ...SMALL, createFile }) };
  }

  test.each(['append', 'sync'] as const)('a failed %s is reported with a hint, and no later sync counts', async (fails) => {
    const { folder, disk, journal } = failingFolder();
    journal.append(place(1));
    await journal.synced();
    disk.fails = fails;
    const broken = expect.objectContaining({
      code: 'journal_broken',
      exitCode: 2,
      message: expect.stringContaining('EIO: i/o error') as unknown,
      hint: expect.stringContaining('--unfreeze') as unknown,
    }) as unknown;
    await expect(
      (async () => {
        journal.append(place(2));
        await journal.synced();
      })(),
    ).rejects.toThrow(broken);
    disk.fails = '';
    journal.append({ type: 'freeze', at: 3, reason: 'fault' });
    await expect(journal.synced()).rejects.toThrow(broken);
    for (let i = 0; i < 20; i += 1) journal.append(place(100 + i));
    expect(readdirSync(folder).filter((name) => name.endsWith('.log'))).toHaveLength(2);
    journal.close();
    // The last words are in a new file, which stands for the broken one.
    expect(readHistory(folder)).toMatchObject({ frozen: { reason: 'fault' }, lastIntentAt: 119 });
    expect(existsSync(join(folder, 'journal.reserve'))).toBe(false);
  });

  test('where no new file can be made either, it stays silent and the old one still reads', async () => {
    const { folder, disk, journal } = failingFolder();
    journal.append(place(1));
    await journal.synced();
    disk.fails = 'all';
    expect(() => journal.append(place(2))).toThrow('EIO');
    journal.append({ type: 'freeze', at: 3, reason: 'fault' });
    await expect(journal.synced()).rejects.toThrow('EIO');
    journal.close();
    expect(readHistory(folder)).toMatchObject({ lastIntentAt: 1, tornBytes: 7 });
  });

  test('a file that exists under the next number is never written to', () => {
    const folder = folderWith();
    const journal = new SegmentedJournal(folder, START, new JournalFold(), SMALL);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'journal-000002.log'), 'theirs');
    expect(() => {
      for (let i = 0; i < 20; i += 1) journal.append(place(i));
    }).toThrow(expect.objectContaining({ code: 'journal_broken', message: expect.stringContaining('EEXIST') as unknown }));
  });
});

test('what comes after it was closed is refused, and touches no file', () => {
  const folder = folderWith();
  const journal = beginJournal(folder, START, NO_HISTORY);
  journal.append(place(1));
  journal.close();
  const before = filesIn(folder);
  // Its number may be this one's by now.
  const other = createAppendFile(join(folder, 'other'), { replace: false });
  expect(() => journal.append({ type: 'freeze', at: 2, reason: 'too late' })).toThrow('closed');
  expect(filesIn(folder)).toEqual({ ...before, other: '' });
  other.close();
});

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
