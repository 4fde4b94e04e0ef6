import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { journalFoldersIn, readExecutions, retireSegment, retireSegmentLater } from '../../../src/store/executions.ts';
import { createAppendFile, createAppendFileLater, removeFileLater, renameFileLater } from '../../../src/store/files.ts';
import { JournalFold } from '../../../src/store/journal-state.ts';
import { SegmentedJournal, type SegmentFiles } from '../../../src/store/segmented-journal.ts';
import { fillOf, newOrder } from '../../support/builders/builders.ts';
import { journalText, START } from '../../support/builders/journals.ts';
import { folderWith } from '../../support/program/folders.ts';

const order = newOrder({ clientOrderId: 'mm-abc-1' });
const fill = (i: number): JournalRecord => ({ type: 'fill', at: i, fill: fillOf(order, `f-${i}`, 1), grid: { tick: '0.1', lot: '0.001' } });
const place = (i: number): JournalRecord => ({ type: 'placeIntent', at: i, order: { ...order, clientOrderId: `mm-abc-${i}` } });

function read(folder: string): { readonly fills: readonly string[]; readonly problems: readonly string[] } {
  const fills = new Set<string>();
  const { problems } = readExecutions(folder, (record) => {
    if (record.type === 'fill') fills.add(record.fill.fillId);
  });
  return { fills: [...fills], problems };
}

test('all executions are read, also those of segments that are long gone', async () => {
  const folder = folderWith();
  const expected: string[] = [];
  const pending: Promise<unknown>[] = [];
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    pending.push(work);
    return work;
  };
  const files: SegmentFiles = {
    create: (path) => createAppendFile(path, { replace: false }),
    createLater: (path) => tracked(createAppendFileLater(path)),
    removeLater: removeFileLater,
    retireLater: (path) => tracked(retireSegmentLater(path)),
  };
  for (let run = 0; run < 3; run += 1) {
    const journal = new SegmentedJournal(folder, { ...START, runId: `mm-run${run}-` }, new JournalFold(), {
      segmentLength: 1500,
      kept: 2,
      files,
    });
    for (let i = run * 100; i < run * 100 + 60; i += 1) {
      journal.append(place(i), fill(i));
      expected.push(`f-${i}`);
      // A rotation takes several file calls.
      await journal.synced();
      expect(read(folder)).toEqual({ fills: expected, problems: [] });
    }
    journal.close();
  }
  // What is under way when a journal is closed goes on to the end of its step.
  for (let seen = -1; seen < pending.length;) {
    seen = pending.length;
    await Promise.all(pending);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('journal-')).length).toBeLessThan(6);
  expect(readdirSync(join(folder, 'executions')).length).toBeGreaterThan(10);
});

const RETIRE = [
  ['at once', async (path: string) => Promise.resolve(retireSegment(path))],
  ['in steps', async (path: string) => retireSegmentLater(path)],
] as const;

test.each(RETIRE)('a segment that goes leaves its executions, and nothing of its orders (%s)', async (_, retire) => {
  const folder = folderWith({ 'journal-000001.log': journalText([START, place(1), fill(1), { type: 'stop', at: 2, clean: true }]) });
  await retire(join(folder, 'journal-000001.log'));
  expect(existsSync(join(folder, 'journal-000001.log'))).toBe(false);
  expect(readFileSync(join(folder, 'executions/000001.log'), 'utf8')).toBe(
    journalText([START, fill(1), { type: 'stop', at: 2, clean: true }]),
  );
  expect(read(folder)).toEqual({ fills: ['f-1'], problems: [] });
});

test('a process that is ending and one that starts may retire the same segment: nothing is lost', async () => {
  const folder = folderWith({ 'journal-000001.log': journalText([START, fill(1)]) });
  const path = join(folder, 'journal-000001.log');
  // At every step of the one, the other does all of it.
  const steps = { create: createAppendFileLater, rename: renameFileLater, remove: removeFileLater };
  const meddled = Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [
      name,
      async (...paths: [string, string]) => {
        retireSegment(path);
        return step(...paths);
      },
    ]),
  ) as unknown as typeof steps;
  await retireSegmentLater(path, meddled);
  expect(read(folder)).toEqual({ fills: ['f-1'], problems: [] });
});

test.each(RETIRE)('a damaged segment stays, and the record says so (%s)', async (_, retire) => {
  const text = journalText([START, fill(1), fill(2), fill(3)]);
  const folder = folderWith({ 'journal-000001.log': text.replace('"f-2"', '"f-X"') });
  await retire(join(folder, 'journal-000001.log'));
  expect(existsSync(join(folder, 'journal-000001.log'))).toBe(true);
  const { fills, problems } = read(folder);
  expect(fills).toEqual(['f-1']);
  expect(problems).toEqual([expect.stringContaining('journal-000001.log is damaged at line 3')]);
});

test('a file that is missing is missed', () => {
  const folder = folderWith();
  for (const number of ['000001', '000002', '000003', '000005']) {
    writeFileSync(join(folder, `journal-${number}.log`), journalText([START, fill(Number(number))]));
  }
  rmSync(join(folder, 'journal-000001.log'));
  expect(read(folder)).toEqual({
    fills: ['f-2', 'f-3', 'f-5'],
    problems: ['file 000001 of the journal missing', 'file 000004 of the journal missing'],
  });
});

test('numbers go on from those of all files, also when the journal itself is gone', () => {
  const folder = folderWith({ 'executions/000007.log': journalText([START, fill(7)]) });
  const journal = new SegmentedJournal(folder, START, new JournalFold());
  journal.append(fill(8));
  journal.close();
  expect(readdirSync(folder)).toContain('journal-000008.log');
  expect(read(folder).fills).toEqual(['f-7', 'f-8']);
});

test('a damaged file that was renamed is read as far as it goes, and missed', () => {
  const text = journalText([START, fill(1), fill(2), fill(3)]).replace('"f-2"', '"f-X"');
  const folder = folderWith({ 'journal-000001.log.damaged': text });
  const journal = new SegmentedJournal(folder, START, new JournalFold());
  journal.append(fill(4));
  journal.close();
  expect(readdirSync(folder)).toContain('journal-000002.log');
  expect(read(folder)).toEqual({ fills: ['f-1', 'f-4'], problems: [expect.stringContaining('.damaged is damaged at line 3')] });
});

test('a number whose file could not be created is used again', async () => {
  const folder = folderWith();
  let isFull = true;
  const files: SegmentFiles = {
    create: (path) => createAppendFile(path, { replace: false }),
    createLater: (path) => (isFull ? Promise.reject(new Error('ENOSPC')) : createAppendFileLater(path)),
    removeLater(path) {
      isFull = false;
      return removeFileLater(path);
    },
    retireLater: retireSegmentLater,
  };
  const journal = new SegmentedJournal(folder, START, new JournalFold(), { segmentLength: 1500, kept: 2, files });
  for (let i = 0; i < 8; i += 1) journal.append(place(i), fill(i));
  await vi.waitFor(() => expect(journal.synced()).rejects.toThrow('ENOSPC'));
  await vi.waitFor(() => expect(readdirSync(folder)).toContain('journal-000002.log'));
  journal.append(fill(8));
  journal.close();
  expect(read(folder).problems).toEqual([]);
  expect(read(folder).fills.length).toBe(9);
});

test('accounts are the folders that hold a journal, or what stayed of one', () => {
  const stateDir = folderWith({
    'one/journal-000001.log': '',
    'two/executions/000001.log': '',
    'none/other.txt': '',
    'journal-000001.log': '',
  });
  expect(journalFoldersIn(stateDir).map((folder) => folder.slice(stateDir.length + 1))).toEqual(['one', 'two']);
});
