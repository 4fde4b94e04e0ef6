import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { defined } from '../../../src/util/assert.ts';
import { createFileJournal } from '../../../src/store/file-journal.ts';
import { createAppendFile, createAppendFileLater } from '../../../src/store/files.ts';
import { newOrder } from '../../support/builders/builders.ts';
import { recordsIn } from '../../support/builders/journals.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmbot-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a durable journal has the intent in its file once that is synced', async () => {
  const path = join(folder, 'synced', 'journal.log');
  const journal = createFileJournal(createAppendFile(path, { replace: false }), { durable: true });
  journal.append({ type: 'placeIntent', at: 1, order: newOrder() });
  await journal.synced();
  expect(recordsIn(readFileSync(path))).toMatchObject({ records: [{ type: 'placeIntent' }], reading: { ok: true, tornBytes: 0 } });
  journal.close();
});

test('a file is never overwritten unless that is asked for', async () => {
  const path = join(folder, 'kept.log');
  createAppendFile(path, { replace: false }).close();
  expect(() => createAppendFile(path, { replace: false })).toThrow('EEXIST');
  await expect(createAppendFileLater(path)).rejects.toThrow('EEXIST');
  createAppendFile(path, { replace: true }).close();
});

test('an unsynced journal is whole once it is closed', () => {
  const path = join(folder, 'virtual.log');
  const journal = createFileJournal(createAppendFile(path, { replace: true }), { durable: false });
  for (let i = 0; i < 5000; i += 1) journal.append({ type: 'cancelIntent', at: i, symbol: 'BTCUSDT', clientOrderId: `mm-${i}` });
  journal.close();
  expect(recordsIn(readFileSync(path)).records).toHaveLength(5000);
});

test('a journal that replaces another leaves what a link in its place leads to', () => {
  const [path, target] = [join(folder, 'linked.log'), join(folder, 'target')];
  writeFileSync(target, 'mine\n');
  symlinkSync(target, path);
  const journal = createFileJournal(createAppendFile(path, { replace: true }), { durable: true });
  journal.append({ type: 'stop', at: 1, clean: true });
  journal.close();
  expect(readFileSync(target, 'utf8')).toBe('mine\n');
  expect(recordsIn(readFileSync(path)).records).toHaveLength(1);
});

test('what failed to be written is not written again', () => {
  const path = join(folder, 'failed.log');
  let fails = true;
  const file = createAppendFile(path, { replace: true });
  const append = (text: string): void => {
    if (fails) throw new Error('ENOSPC');
    file.append(text);
  };
  const journal = createFileJournal({ ...file, append }, { durable: true });
  expect(() => journal.append({ type: 'stop', at: 1, clean: true })).toThrow('ENOSPC');
  fails = false;
  journal.close();
  expect(readFileSync(path, 'utf8')).toBe('');
});

describe('while the disk is at work', () => {
  /** A journal whose syncs end, or fail, when they are told to. */
  function slowDisk() {
    const waiting: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
    const calls: string[] = [];
    const file = createAppendFile(join(folder, `slow-${randomUUID()}.log`), { replace: false });
    const synced = (): Promise<void> => {
      calls.push('synced');
      return new Promise((end, fail) => waiting.push({ end, fail }));
    };
    const close = (): void => {
      calls.push('close');
      file.close();
    };
    const journal = createFileJournal({ ...file, synced, close }, { durable: true });
    const settled: string[] = [];
    /** Appends a record and waits for it. */
    const intend = (name: string): void => {
      journal.append({ type: 'freeze', at: 1, reason: name });
      journal.synced().then(
        () => settled.push(name),
        () => settled.push(`${name} failed`),
      );
    };
    const next = async (): Promise<void> => {
      defined(waiting.shift(), 'a sync').end();
      await turn();
    };
    return { journal, calls, settled, intend, next, waiting };
  }

  test('concurrent callers share the next sync, and never one that began before', async () => {
    const { settled, calls, intend, next } = slowDisk();
    intend('a');
    await turn();
    intend('b');
    intend('c');
    await next();
    expect([settled, calls]).toEqual([['a'], ['synced', 'synced']]);
    await next();
    expect([settled, calls.length]).toEqual([['a', 'b', 'c'], 2]);
  });

  test('a file is closed when its sync has ended', async () => {
    const { journal, settled, calls, intend, next } = slowDisk();
    intend('a');
    await turn();
    journal.close();
    expect(calls).toEqual(['synced']);
    await next();
    expect([settled, calls]).toEqual([['a'], ['synced', 'close']]);
  });

  test('who still waits when it is closed is not told that the records are safe', async () => {
    const { journal, settled, calls, intend, next } = slowDisk();
    intend('a');
    await turn();
    intend('b');
    journal.close();
    await next();
    expect([settled, calls]).toEqual([
      ['a', 'b failed'],
      ['synced', 'close'],
    ]);
  });

  test('a failure is that of all who waited', async () => {
    const { settled, intend, waiting } = slowDisk();
    intend('a');
    await turn();
    intend('b');
    defined(waiting.shift(), 'a sync').fail(new Error('EIO'));
    await turn();
    expect(settled).toEqual(['a failed', 'b failed']);
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
