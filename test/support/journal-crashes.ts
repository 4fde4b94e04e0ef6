import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { NO_DAY } from '../../src/execution/account/day.ts';
import type { JournalRecord, JournalState } from '../../src/execution/journal.ts';
import { createAppendFile } from '../../src/store/files.ts';
import { readHistory } from '../../src/store/journal-folder.ts';
import { JournalFold } from '../../src/store/journal-state.ts';
import { SegmentedJournal } from '../../src/store/segmented-journal.ts';
import { newOrder } from './builders.ts';
import { folderWith } from './folders.ts';
import { START } from './journals.ts';

/** What reached the disk, in its order: the files as they came to be, byte by byte, and what was promised at which point. */
type Write = { readonly file: string; readonly bytes: Buffer } | { readonly removed: string };

function recordingFolder() {
  const folder = folderWith();
  const writes: Write[] = [];
  let seen = new Set<string>();
  /** Files that went since the last look. */
  const look = (): void => {
    const now = new Set(readdirSync(folder).filter((name) => name.endsWith('.log')));
    for (const name of seen) if (!now.has(name)) writes.push({ removed: name });
    seen = now;
  };
  const createFile: typeof createAppendFile = (path, options) => {
    const file = createAppendFile(path, options);
    writes.push({ file: basename(path), bytes: Buffer.alloc(0) });
    look();
    return {
      ...file,
      append(text) {
        file.append(text);
        writes.push({ file: basename(path), bytes: Buffer.from(text) });
      },
    };
  };
  return { folder, writes, createFile, look };
}

/**
 * A run of so many orders, with a freeze in its middle, in segments of a few records; then a crash after every single byte that it
 * wrote, and before and after each file that it removed. Each time the next start must find what the whole records come to.
 */
export function crashEverywhere(orders: number): { readonly cuts: number; readonly rotations: number } {
  const { folder, writes, createFile, look } = recordingFolder();
  const journal = new SegmentedJournal(folder, START, new JournalFold(), { segmentLength: 700, kept: 2, createFile });
  /** What was known after each write; a record counts from its last byte. */
  const states: JournalState[] = [];
  const fold = new JournalFold();
  const settle = (): void => {
    look();
    while (states.length < writes.length) states.push(fold.state);
  };
  settle();
  for (const record of recordsOf(orders)) {
    journal.append(record);
    fold.add(record);
    settle();
  }
  journal.close();
  return {
    cuts: cutEverywhere(writes, states),
    rotations: writes.filter((write) => 'bytes' in write && write.bytes.length === 0).length - 1,
  };
}

function recordsOf(orders: number): readonly JournalRecord[] {
  return Array.from({ length: orders }, (_, i): JournalRecord[] => {
    const clientOrderId = `mm-t-${i}`;
    const place: JournalRecord = { type: 'placeIntent', at: i, order: newOrder({ clientOrderId }) };
    const refused: JournalRecord = { type: 'answer', at: i, clientOrderId, outcome: 'refused', reason: '' };
    const freeze: JournalRecord = { type: 'freeze', at: i, reason: 'loss' };
    return [place, ...(i % 3 === 0 ? [] : [refused]), ...(i === Math.floor(orders / 2) ? [freeze] : [])];
  }).flat();
}

/** Builds the folder as a crash after each byte would leave it, and reads it. Returns how many there were. */
function cutEverywhere(writes: readonly Write[], states: readonly JournalState[]): number {
  const folder = folderWith();
  const content = new Map<string, Buffer>();
  let cuts = 0;
  const check = (expected: JournalState | undefined): void => {
    const { frozen, lastIntentAt, lastAt, open, day } = readHistory(folder);
    const found = { frozen, lastIntentAt, lastAt, open, day };
    // The matcher is slow, and there are thousands.
    if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
    cuts += 1;
  };
  for (const [index, write] of writes.entries()) {
    if ('removed' in write) {
      rmSync(join(folder, write.removed));
      content.delete(write.removed);
      check(states[index]);
      continue;
    }
    const before = content.get(write.file) ?? Buffer.alloc(0);
    for (let cut = 0; cut < write.bytes.length; cut += 1) {
      writeFileSync(join(folder, write.file), Buffer.concat([before, write.bytes.subarray(0, cut)]));
      check(states[index - 1] ?? { frozen: undefined, lastIntentAt: undefined, lastAt: undefined, open: [], day: NO_DAY });
    }
    const after = Buffer.concat([before, write.bytes]);
    writeFileSync(join(folder, write.file), after);
    content.set(write.file, after);
    check(states[index]);
  }
  return cuts;
}
