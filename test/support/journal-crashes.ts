import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { NO_DAY } from '../../src/execution/account/day.ts';
import type { JournalRecord, JournalState } from '../../src/execution/journal.ts';
import { createAppendFile, removeFile, type AppendFile } from '../../src/store/files.ts';
import { readExecutions, retireSegmentLater } from '../../src/store/executions.ts';
import { readHistory } from '../../src/store/journal-folder.ts';
import { JournalFold } from '../../src/store/journal-state.ts';
import { SegmentedJournal, type SegmentFiles } from '../../src/store/segmented-journal.ts';
import { fillOf, newOrder } from './builders/builders.ts';
import { folderWith } from './program/folders.ts';
import { START } from './builders/journals.ts';

/** The state of the journal, and the ids of all executions that it has. */
interface Known extends JournalState {
  readonly fills: readonly string[];
}

const NOTHING: Known = { frozen: undefined, lastIntentAt: undefined, lastAt: undefined, open: [], day: NO_DAY, fills: [] };

/** What was written, in its order: the files as they came to be, byte by byte. */
type Write =
  | { readonly file: string; readonly bytes: Buffer }
  | { readonly removed: string }
  | { readonly from: string; readonly to: string };

/** A file as the process sees it; `safe`: how many of its bytes the disk has, undefined while it may have no entry in its folder. */
interface DiskFile {
  written: Buffer;
  safe: number | undefined;
}

/** A sync takes a turn of the event loop. Nothing else takes time, so that every run is the same. */
function recordingFolder() {
  const folder = folderWith();
  const writes: Write[] = [];
  const disk = new Map<string, DiskFile>();
  const recorded = (path: string): AppendFile => {
    const file = createAppendFile(path, { replace: false });
    const name = relative(folder, path);
    const onDisk: DiskFile = { written: Buffer.alloc(0), safe: undefined };
    disk.set(name, onDisk);
    writes.push({ file: name, bytes: Buffer.alloc(0) });
    return {
      ...file,
      append(text) {
        file.append(text);
        const bytes = Buffer.from(text);
        onDisk.written = Buffer.concat([onDisk.written, bytes]);
        writes.push({ file: name, bytes });
      },
      async synced() {
        const { length } = onDisk.written;
        await turns(1);
        onDisk.safe = length;
      },
    };
  };
  const remove = (path: string): Promise<void> => {
    if (existsSync(path)) writes.push({ removed: relative(folder, path) });
    removeFile(path);
    disk.delete(relative(folder, path));
    return Promise.resolve();
  };
  const rename = (from: string, to: string): Promise<void> => {
    renameSync(from, to);
    const [before, after] = [relative(folder, from), relative(folder, to)];
    writes.push({ from: before, to: after });
    const file = disk.get(before);
    if (file !== undefined) disk.set(after, file);
    disk.delete(before);
    return Promise.resolve();
  };
  const files: SegmentFiles = {
    create: recorded,
    createLater: (path) => Promise.resolve(recorded(path)),
    removeLater: remove,
    retireLater: (path) => retireSegmentLater(path, { create: (there) => Promise.resolve(recorded(there)), rename, remove }),
  };
  return { folder, writes, disk, files };
}

export interface Crashes {
  /** Crashes of the process. */
  readonly cuts: number;
  /** Crashes of the machine, which loses what was not synced. */
  readonly losses: number;
  readonly rotations: number;
}

/**
 * A run of so many orders, with a freeze in its middle, in segments of a few records; then a crash of the process after every single byte that
 * it wrote, and before and after each file that it removed. Each time the next start must find what the whole records come to. Before and after
 * each sync the machine crashes too: the next start must find at least what was synced, whichever of the other bytes the disk has.
 */
export async function crashEverywhere(orders: number): Promise<Crashes> {
  const { folder, writes, disk, files } = recordingFolder();
  const journal = new SegmentedJournal(folder, START, new JournalFold(), { segmentLength: 700, kept: 2, files });
  /** What was known after each write; a record counts from its last byte. */
  const states: Known[] = [];
  /** What the records came to, one by one, from the last that is promised to be on the disk. */
  const sincePromise: Known[] = [NOTHING];
  const fold = new JournalFold();
  const fills: string[] = [];
  const settle = (): void => {
    while (states.length < writes.length) states.push({ ...fold.state, fills: [...fills] });
  };
  let losses = 0;
  const scratch = folderWith();
  settle();
  for (const [i, record] of recordsOf(orders).entries()) {
    journal.append(record);
    fold.add(record);
    if (record.type === 'fill') fills.push(record.fill.fillId);
    settle();
    const known = { ...fold.state, fills: [...fills] };
    sincePromise.push(known);
    losses += crashOfMachine(join(scratch, 'found'), disk, sincePromise);
    // Some wait for the disk, some do not, and most ask for nothing.
    if (i % 5 < 2) {
      const synced = journal.synced().then(() => void sincePromise.splice(0, sincePromise.indexOf(known)));
      if (i % 5 === 0) await synced;
    }
    await turns(2);
    settle();
    losses += crashOfMachine(join(scratch, 'found'), disk, sincePromise);
  }
  await journal.synced();
  settle();
  journal.close();
  return {
    cuts: cutEverywhere(writes, states),
    losses,
    rotations: writes.filter((write) => 'bytes' in write && write.bytes.includes('"snapshot"')).length - 1,
  };
}

function recordsOf(orders: number): readonly JournalRecord[] {
  return Array.from({ length: orders }, (_, i): JournalRecord[] => {
    const clientOrderId = `mm-t-${i}`;
    const order = newOrder({ clientOrderId });
    const place: JournalRecord = { type: 'placeIntent', at: i, order };
    const fill: JournalRecord = { type: 'fill', at: i, fill: fillOf(order, `f-${i}`, 1) };
    const refused: JournalRecord = { type: 'answer', at: i, clientOrderId, outcome: 'refused', reason: '' };
    const freeze: JournalRecord = { type: 'freeze', at: i, reason: 'loss' };
    return [place, ...(i % 3 === 0 ? [fill] : [refused]), ...(i === Math.floor(orders / 2) ? [freeze] : [])];
  }).flat();
}

/** `folder` as the next start may find it: of each file either what was synced or all that was written. Returns how many there were. */
function crashOfMachine(folder: string, disk: ReadonlyMap<string, DiskFile>, mayBe: readonly Known[]): number {
  let kept: Record<string, Buffer>[] = [{}];
  for (const [name, { written, safe }] of disk) {
    const choices = [written, ...(safe === written.length ? [] : [safe === undefined ? undefined : written.subarray(0, safe)])];
    kept = kept.flatMap((files) => choices.map((bytes) => (bytes === undefined ? files : { ...files, [name]: bytes })));
  }
  for (const files of kept) {
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries(files)) writeInto(join(folder, name), bytes);
    const found = stateIn(folder);
    if (!mayBe.some((state) => isDeepStrictEqual(found, state))) expect(found).toEqual(mayBe[0]);
    rmSync(folder, { recursive: true });
  }
  return kept.length;
}

function stateIn(folder: string): Known {
  const { frozen, lastIntentAt, lastAt, open, day } = readHistory(folder);
  const fills = new Set<string>();
  readExecutions(folder, (record) => {
    if (record.type === 'fill') fills.add(record.fill.fillId);
  });
  return { frozen, lastIntentAt, lastAt, open, day, fills: [...fills] };
}

/** Builds the folder as a crash after each byte would leave it, and reads it. Returns how many there were. */
function cutEverywhere(writes: readonly Write[], states: readonly Known[]): number {
  const folder = folderWith();
  const content = new Map<string, Buffer>();
  let cuts = 0;
  const check = (expected: Known | undefined): void => {
    const found = stateIn(folder);
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
    if ('from' in write) {
      renameSync(join(folder, write.from), join(folder, write.to));
      content.set(write.to, content.get(write.from) ?? Buffer.alloc(0));
      content.delete(write.from);
      check(states[index]);
      continue;
    }
    const before = content.get(write.file) ?? Buffer.alloc(0);
    for (let cut = 0; cut < write.bytes.length; cut += 1) {
      writeInto(join(folder, write.file), Buffer.concat([before, write.bytes.subarray(0, cut)]));
      check(states[index - 1] ?? NOTHING);
    }
    const after = Buffer.concat([before, write.bytes]);
    writeInto(join(folder, write.file), after);
    content.set(write.file, after);
    check(states[index]);
  }
  return cuts;
}

function writeInto(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
