import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createFileJournal } from '../../../src/store/file-journal.ts';
import { createAppendFile } from '../../../src/store/files.ts';
import { newOrder } from '../../support/builders.ts';
import { recordsIn } from '../../support/journals.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmbot-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a durable journal has the intent in its file when sync returns', () => {
  const path = join(folder, 'deep', 'journal.log');
  const journal = createFileJournal(path, { durable: true, replace: false });
  journal.append({ type: 'placeIntent', at: 1, order: newOrder() });
  journal.sync();
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
