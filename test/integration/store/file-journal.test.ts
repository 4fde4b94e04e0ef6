import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { defined } from '../../../src/util/assert.ts';
import { createFileJournal } from '../../../src/store/file-journal.ts';
import { createAppendFile } from '../../../src/store/files.ts';
import { newOrder } from '../../support/builders.ts';
import { recordsIn } from '../../support/journals.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmbot-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['sync', 'synced'] as const)('a durable journal has the intent in its file after %s', async (how) => {
  const path = join(folder, how, 'journal.log');
  const journal = createFileJournal(path, { durable: true, replace: false });
  journal.append({ type: 'placeIntent', at: 1, order: newOrder() });
  await journal[how]();
  expect(recordsIn(readFileSync(path))).toMatchObject({ records: [{ type: 'placeIntent' }], reading: { ok: true, tornBytes: 0 } });
  journal.close();
});

test('a journal is never overwritten unless that is asked for', () => {
  const path = join(folder, 'kept.log');
  createFileJournal(path, { durable: false, replace: false }).close();
  expect(() => createFileJournal(path, { durable: false, replace: false })).toThrow('EEXIST');
  createFileJournal(path, { durable: false, replace: true }).close();
});

test('an unsynced journal is whole once it is closed', () => {
  const path = join(folder, 'virtual.log');
  const journal = createFileJournal(path, { durable: false, replace: true });
  for (let i = 0; i < 5000; i += 1) journal.append({ type: 'cancelIntent', at: i, symbol: 'BTCUSDT', clientOrderId: `mm-${i}` });
  journal.close();
  expect(recordsIn(readFileSync(path)).records).toHaveLength(5000);
});

test('a journal that replaces another leaves what a link in its place leads to', () => {
  const [path, target] = [join(folder, 'linked.log'), join(folder, 'target')];
  writeFileSync(target, 'mine\n');
  symlinkSync(target, path);
  const journal = createFileJournal(path, { durable: true, replace: true });
  journal.append({ type: 'stop', at: 1, clean: true });
  journal.close();
  expect(readFileSync(target, 'utf8')).toBe('mine\n');
  expect(recordsIn(readFileSync(path)).records).toHaveLength(1);
});

test('what failed to be written is not written again', () => {
  const path = join(folder, 'failed.log');
  let fails = true;
  const journal = createFileJournal(path, { durable: true, replace: true }, (name, options) => {
    const file = createAppendFile(name, options);
    const append = (text: string): void => {
      if (fails) throw new Error('ENOSPC');
      file.append(text);
    };
    return { ...file, append };
  });
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
    const journal = createFileJournal(join(folder, `slow-${randomUUID()}.log`), { durable: true, replace: false }, (name, options) => {
      const file = createAppendFile(name, options);
      const synced = (): Promise<void> => {
        calls.push('synced');
        return new Promise((end, fail) => waiting.push({ end, fail }));
      };
      const close = (): void => {
        calls.push('close');
        file.close();
      };
      return { ...file, synced, close };
    });
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

  test('a file is closed when its sync has ended; a sync that stood still for it counts for all', async () => {
    const { journal, settled, calls, intend, next } = slowDisk();
    intend('a');
    await turn();
    intend('b');
    journal.sync();
    journal.close();
    expect(calls).toEqual(['synced']);
    await next();
    expect([settled, calls]).toEqual([
      ['a', 'b'],
      ['synced', 'close'],
    ]);
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
