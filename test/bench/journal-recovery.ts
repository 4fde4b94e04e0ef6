import { appendFileSync, createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { lots } from '../../src/model/units.ts';
import { lineWriter } from '../../src/store/journal-format.ts';
import { readHistory } from '../../src/store/journal-folder.ts';
import { JournalFold } from '../../src/store/journal-state.ts';
import { newOrder } from '../support/builders/builders.ts';
import { START } from '../support/builders/journals.ts';

/** A million records in one file, read as a start reads them, and as anybody would who checks nothing. */

/** Times in ms. */
export interface Recovery {
  readonly records: number;
  readonly megabytes: number;
  readonly times: readonly number[];
  readonly peerMs: number;
}

const RECORDS = 1_000_000;
const FLUSH_LENGTH = 1 << 22;

const folder = mkdtempSync(join(tmpdir(), 'mmbot-bench-'));
const path = join(folder, 'journal-000001.log');
try {
  write();
  const times = [0, 1, 2].map(() => timed(() => readHistory(folder)));
  const startedAt = performance.now();
  let sum = 0;
  for await (const row of createInterface({ input: createReadStream(path) })) sum += (JSON.parse(row.slice(9)) as { at: number }).at;
  const peerMs = performance.now() - startedAt;
  process.stdout.write(JSON.stringify({ records: RECORDS, megabytes: statSync(path).size / 1e6, times, peerMs, sum }));
} finally {
  rmSync(folder, { recursive: true });
}

function timed(task: () => void): number {
  const startedAt = performance.now();
  task();
  return performance.now() - startedAt;
}

function write(): void {
  const lineOf = lineWriter();
  let text = lineOf(START) + lineOf(new JournalFold().snapshot(1));
  for (let i = 0; i < RECORDS - 2; i += 4) {
    const clientOrderId = `mm-abcdef-${i.toString(36)}`;
    const terms = { exchangeOrderId: 'x'.repeat(36), price: 650_000, quantity: 10, filled: lots(0) };
    const order = { type: 'order', at: i, clientOrderId, ...terms } as const;
    text += lineOf({ type: 'placeIntent', at: i, order: newOrder({ clientOrderId }) });
    text += lineOf({ type: 'answer', at: i, clientOrderId, outcome: 'acknowledged', reason: '' });
    text += lineOf({ ...order, state: { tag: 'open' } });
    text += lineOf({ ...order, state: { tag: 'canceled', reason: 'EC_PerCancelRequest' } });
    if (text.length > FLUSH_LENGTH || i + 4 >= RECORDS - 2) {
      appendFileSync(path, text);
      text = '';
    }
  }
}
