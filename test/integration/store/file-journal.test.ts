import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createFileJournal } from '../../../src/store/file-journal.ts';
import { parseJournal } from '../../../src/store/journal-format.ts';
import { newOrder } from '../../support/builders.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmbot-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a durable journal has the intent in its file when sync returns', () => {
  const path = join(folder, 'deep', 'journal.log');
  const journal = createFileJournal(path, { durable: true, replace: false });
  journal.append({ type: 'placeIntent', at: 1, order: newOrder() });
  journal.sync();
  expect(parseJournal(readFileSync(path, 'utf8'))).toMatchObject({ ok: true, records: [{ type: 'placeIntent' }], tornBytes: 0 });
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
  const content = parseJournal(readFileSync(path, 'utf8'));
  expect(content.ok && content.records.length).toBe(5000);
});
