import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { JournalRecord } from '../../../src/execution/journal.ts';
import { OrderGateway } from '../../../src/execution/orders/order-gateway.ts';
import { OrderStore } from '../../../src/execution/orders/order-store.ts';
import { watchedJournal } from '../../../src/execution/orders/watched-journal.ts';
import { createAppendFile, createAppendFileLater, removeFileLater, type AppendFile } from '../../../src/store/files.ts';
import { retireSegmentLater } from '../../../src/store/executions.ts';
import { beginJournal, NO_HISTORY, readHistory } from '../../../src/store/journal-folder.ts';
import { JournalFold } from '../../../src/store/journal-state.ts';
import { SegmentedJournal, type SegmentFiles } from '../../../src/store/segmented-journal.ts';
import { defined } from '../../../src/util/assert.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { orderLanesOpen } from '../../../src/wiring/limiters.ts';
import { approved } from '../../support/builders/approved.ts';
import { newOrder } from '../../support/builders/builders.ts';
import { folderWith } from '../../support/program/folders.ts';
import { crashEverywhere } from '../../support/journal-crashes.ts';
import { START } from '../../support/builders/journals.ts';

/** Lets file calls in progress end. */
async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

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
      expect(readdirSync(folder).filter((name) => name.startsWith('journal')).length).toBeLessThanOrEqual(SMALL.kept + 1);
    }
    journal.close();
    // The next segment may still be on its way.
    await turns();
  });

  test('cut at every byte through several rotations, the next start finds exactly what was written before', async () => {
    const { cuts, losses, rotations } = await crashEverywhere(8);
    expect(cuts).toBeGreaterThan(2500);
    expect(losses).toBeGreaterThan(20);
    expect(rotations).toBeGreaterThanOrEqual(3);
  });
});

/** The real files, as `watch` changes them. */
const filesOf = (watch: (file: AppendFile, name: string) => AppendFile): SegmentFiles => ({
  create: (path) => watch(createAppendFile(path, { replace: false }), basename(path)),
  createLater: async (path) => watch(await createAppendFileLater(path), basename(path)),
  removeLater: removeFileLater,
  retireLater: retireSegmentLater,
});

test('the next segment is on the disk before the current one is full, and then begins with one write', async () => {
  const folder = folderWith();
  const calls: string[] = [];
  const files = filesOf((file, name) => {
    const call = <T>(what: string, result: T): T => (calls.push(`${what} ${name.slice(-5, -4)}`), result);
    return {
      append: (text) => call('append', file.append(text)),
      synced: async () => call('synced', await file.synced()),
      isInPlace: () => true,
      close: () => call('close', file.close()),
    };
  });
  const journal = new SegmentedJournal(folder, START, new JournalFold(), { ...SMALL, files });
  calls.length = 0;
  const since = (): string[] => calls.splice(0);
  journal.append(place(1), refuse(1));
  await turns();
  expect(since()).toEqual(['append 1']);
  journal.append(place(2), refuse(2), place(3), refuse(3));
  await vi.waitFor(() => expect(calls).toContain('synced 2'));
  expect(since()).toEqual(['append 1', 'synced 1', 'append 2', 'synced 2']);
  await turns(1);
  for (let i = 4; !calls.includes('append 2'); i += 1) journal.append(place(i), refuse(i));
  expect(new Set(calls.slice(0, -1))).toEqual(new Set(['append 1']));
  calls.length = 0;
  journal.append(place(20));
  await journal.synced();
  expect(since()).toEqual(expect.arrayContaining(['append 2', 'synced 1', 'close 1', 'synced 2']));
  journal.close();
  expect(readHistory(folder)).toMatchObject({ lastIntentAt: 20 });
});

describe('a disk that hangs', () => {
  /** A journal whose syncs of these files do not end. */
  function hangingJournal(hangs: (name: string) => boolean) {
    const folder = folderWith();
    const synced: string[] = [];
    const files = filesOf((file, name) => ({
      ...file,
      async synced() {
        if (hangs(name)) return new Promise(() => undefined);
        await file.synced();
        synced.push(name);
      },
    }));
    return { folder, synced, journal: new SegmentedJournal(folder, START, new JournalFold(), { ...SMALL, files }) };
  }

  test('while the next segment is prepared: the current one goes on, and its records are safe', async () => {
    const { folder, journal } = hangingJournal((name) => name !== 'journal-000001.log');
    for (let i = 0; i < 100; i += 1) {
      journal.append(place(i));
      await journal.synced();
    }
    journal.close();
    expect(readdirSync(folder).filter((name) => name.endsWith('.log'))).toEqual(['journal-000001.log', 'journal-000002.log']);
    expect(readHistory(folder)).toMatchObject({ lastIntentAt: 99 });
  });

  test('when a segment has begun: its records are written, and nobody is told that they are safe', async () => {
    let hangs = false;
    const { folder, synced, journal } = hangingJournal(() => hangs);
    journal.append(...Array.from({ length: 4 }, (_, i) => place(i)));
    await vi.waitFor(() => expect(synced).toContain('journal-000002.log'));
    hangs = true;
    for (let i = 10; i < 100; i += 1) journal.append(place(i));
    let isTold = false;
    void journal.synced().then(() => (isTold = true));
    await turns();
    expect(isTold).toBe(false);
    expect(readFileSync(join(folder, 'journal-000002.log'), 'utf8')).toContain('mm-t-99');
    expect(readHistory(folder)).toMatchObject({ lastIntentAt: 99 });
    journal.close();
  });

  test('keeps no cancel back, while a bot fills segment after segment', async () => {
    const { journal } = hangingJournal(() => true);
    const canceled: string[] = [];
    const store = new OrderStore();
    const fault = (error: unknown): never => {
      throw error;
    };
    const unused = (): Promise<never> => Promise.reject(new Error('not expected'));
    const gateway = new OrderGateway({
      exchange: {
        place: unused,
        amend: unused,
        cancel: ({ clientOrderId }) => (canceled.push(clientOrderId), new Promise(() => undefined)),
        together: (send) => send(),
        entries: () => ['http'],
      },
      store,
      journal: watchedJournal(journal, { clock: systemClock, onBroken: fault, onSlow: () => undefined }),
      limiter: orderLanesOpen(systemClock, 1000),
      breakers: { forChange: () => 'http', forCancel: () => 'http' },
      clock: systemClock,
      record: () => undefined,
      queueDeadlineMs: 1000,
      askAbout: () => undefined,
      confirmWithinMs: 1000,
      onFault: fault,
    });
    const ids = Array.from({ length: 50 }, (_, i) => `mm-t-${i}`);
    for (const clientOrderId of ids) {
      store.intend(approved(newOrder({ clientOrderId })), 0);
      const order = defined(store.get(clientOrderId), clientOrderId);
      gateway.cancel(order);
      await turns(1);
    }
    expect(canceled).toEqual(ids);
  });
});

describe('a journal whose disk fails', () => {
  /** Files whose `broken` call fails from the moment at which that is set. */
  function failingFolder() {
    const folder = folderWith();
    const disk = { fails: '' as '' | 'append' | 'sync' | 'all', code: 'EIO' };
    const fail = (): never => {
      throw new Error(`${disk.code}: i/o error`);
    };
    const files = filesOf((file, name) => {
      if (disk.fails === 'all') fail();
      // A new file on the same disk may well work: what failed is one file's page.
      const fails = (how: 'append' | 'sync'): boolean => disk.fails === 'all' || (disk.fails === how && name === 'journal-000001.log');
      return {
        ...file,
        append: (text) => (fails('append') ? (file.append(text.slice(0, 7)), fail()) : file.append(text)),
        synced: async () => (fails('sync') ? fail() : file.synced()),
      };
    });
    return { folder, disk, journal: new SegmentedJournal(folder, START, new JournalFold(), { ...SMALL, files }) };
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

  test('the failure is told before a new file is tried, and a new file that hangs keeps nothing back', async () => {
    const folder = folderWith();
    const order: string[] = [];
    let fails = false;
    const files: SegmentFiles = {
      ...filesOf((file) => ({ ...file, synced: () => (fails ? Promise.reject(new Error('EIO')) : file.synced()) })),
      createLater: () => (order.push('another file'), new Promise(() => undefined)),
    };
    const journal = new SegmentedJournal(folder, START, new JournalFold(), { ...SMALL, files });
    fails = true;
    journal.append(place(1));
    await journal.synced().catch(() => order.push('told'));
    await vi.waitFor(() => expect(order).toEqual(['told', 'another file']));
    journal.append({ type: 'freeze', at: 3, reason: 'fault' });
    journal.close();
  });

  test('a file that exists under the next number is never written to', async () => {
    const folder = folderWith();
    const journal = new SegmentedJournal(folder, START, new JournalFold(), SMALL);
    writeFileSync(join(folder, 'journal-000002.log'), 'theirs');
    const write = async (): Promise<void> => {
      for (let i = 0; i < 20; i += 1) {
        journal.append(place(i));
        await journal.synced();
      }
    };
    await expect(write()).rejects.toThrow(
      expect.objectContaining({ code: 'journal_broken', message: expect.stringContaining('EEXIST') as unknown }),
    );
    await expect(journal.synced()).rejects.toThrow('EEXIST');
    journal.close();
    expect(readFileSync(join(folder, 'journal-000002.log'), 'utf8')).toBe('theirs');
    expect(readdirSync(folder)).toContain('journal-000003.log');
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
