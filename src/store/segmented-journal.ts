import { join } from 'node:path';
import { EXIT, hintOf, MmbotError, messageOf } from '../errors.ts';
import { journalBroken, journalClosed, type Journal, type JournalRecord, type JournalStart } from '../execution/journal.ts';
import { executionsFolder, retireSegment, retireSegmentLater } from './executions.ts';
import { createFileJournal, type FileJournal } from './file-journal.ts';
import { createAppendFile, createAppendFileLater, listFolder, removeFileLater, type AppendFile } from './files.ts';
import { writeReserve } from './whole-files.ts';
import type { JournalFold } from './journal-state.ts';

/** Segments are numbered, because the wall clock may jump back. */
const SEGMENT = /^journal-(\d{6,})\.log$/;
/** A file that was renamed by hand still has its number. */
const NUMBERED = /^(?:journal-)?(\d{6,})\.log/;
const RESERVE = 'journal.reserve';
/** Reserved disk space for the last records of fifty orders. */
const RESERVE_BYTES = 1 << 15;

/** The file calls of the journal. A running bot uses only those that do not wait for the disk. */
export interface SegmentFiles {
  readonly create: (path: string) => AppendFile;
  readonly createLater: (path: string) => Promise<AppendFile>;
  readonly removeLater: (path: string) => Promise<void>;
  /** Removes a segment and keeps its executions. */
  readonly retireLater: (path: string) => Promise<void>;
}

export interface SegmentOptions {
  /** A new segment begins when the current one is longer and the next one is ready. */
  readonly segmentLength: number;
  /** Number of segments that are kept, the one that is being prepared included. */
  readonly kept: number;
  readonly files?: SegmentFiles;
}

/** 512 MB at most: a day or more of quoting at full speed. */
const LIVE: SegmentOptions = { segmentLength: 1 << 24, kept: 32 };

const FILES: SegmentFiles = {
  create: (path) => createAppendFile(path, { replace: false }),
  createLater: createAppendFileLater,
  removeLater: removeFileLater,
  retireLater: retireSegmentLater,
};

/**
 * A journal of bounded size: a series of files, each of which begins with a snapshot of all earlier ones. Of a file that is removed, the executions stay. The next file is created and synced
 * when the current one is half full, so that changing over is one write: a disk that hangs delays `synced` and nothing else. After a failed
 * write or sync all later syncs fail too (a disk that failed once may report success for data that it dropped), so that no more requests are
 * sent; the records of the stop go into a new file, if one can still be created. No package for logs or key-value stores reports a failed
 * sync like this.
 */
export class SegmentedJournal implements Journal {
  readonly #folder: string;
  readonly #start: JournalStart;
  readonly #fold: JournalFold;
  readonly #options: SegmentOptions;
  readonly #files: SegmentFiles;
  /** The files that are kept, oldest first. */
  readonly #paths: string[];
  #number: number;
  /** Executions that may not be on the disk yet: a segment that begins meanwhile repeats them. */
  readonly #unsafe = new UnsafeExecutions();
  /** Time of the last record. */
  #at: number;
  /** Undefined after a failure, until there is a new file. */
  #segment: FileJournal | undefined;
  #next: FileJournal | undefined;
  #isPreparing = false;
  /** The end of the last sync of the segment before the current one; never rejects. */
  #sealed: Promise<void> | undefined;
  /** The end of the attempt to create a new file after a failure; never rejects. */
  #replaced: Promise<void> | undefined;
  #broken: MmbotError | undefined;
  #isClosed = false;

  /** Throws MmbotError (exit 2) when the folder cannot be written. `fold`: the state from the earlier journals. */
  constructor(folder: string, start: JournalStart, fold: JournalFold, options: SegmentOptions = LIVE) {
    this.#folder = folder;
    this.#start = start;
    this.#fold = fold;
    this.#options = options;
    this.#files = options.files ?? FILES;
    this.#at = start.at;
    const earlier = segmentsIn(folder);
    this.#paths = earlier.map(({ name }) => join(folder, name));
    this.#number = highestNumber(folder);
    try {
      this.#segment = segmentIn(this.#files.create(this.#newPath()));
      this.#segment.append(start, fold.snapshot(start.at));
      writeReserve(join(folder, RESERVE), RESERVE_BYTES);
      for (const path of this.#surplus(options.kept)) retireSegment(path);
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  }

  append(...records: readonly JournalRecord[]): void {
    if (this.#isClosed) throw journalClosed();
    for (const record of records) {
      this.#fold.add(record);
      this.#unsafe.add(record);
    }
    this.#at = records.at(-1)?.at ?? this.#at;
    const segment = this.#segment;
    // Without a file, the snapshot at the head of the next one will contain them.
    if (segment === undefined) return;
    try {
      segment.append(...records);
      if (this.#broken === undefined) this.#rotate(segment);
    } catch (error) {
      throw this.#failed(segment, error);
    }
  }

  async synced(): Promise<void> {
    if (this.#segment === undefined) await this.#replaced;
    const segment = this.#segment;
    const { added } = this.#unsafe;
    try {
      await Promise.all([this.#sealed, segment?.synced()]);
      if (segment !== undefined) this.#unsafe.safeUpTo(added);
    } catch (error) {
      throw this.#isClosed ? error : this.#failed(segment, error);
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  close(): void {
    this.#isClosed = true;
    this.#segment?.close();
    this.#next?.close();
  }

  #rotate(segment: FileJournal): void {
    const { segmentLength } = this.#options;
    const next = this.#next;
    if (next === undefined) {
      if (segment.length > segmentLength / 2 && !this.#isPreparing) void this.#prepare(segment);
    } else if (segment.length > segmentLength) {
      this.#next = undefined;
      // A crash before all of it is on the disk leaves the old segment, to which nothing was added since.
      next.append(...this.#unsafe.records, this.#fold.snapshot(this.#at));
      this.#segment = next;
      this.#sealed = this.#seal(segment);
    }
  }

  /** One file call at a time: Node has four threads for them, which the look-up of a host name needs too. */
  async #prepare(segment: FileJournal): Promise<void> {
    this.#isPreparing = true;
    try {
      await this.#sealed;
      // Older segments may go when this one is on the disk.
      await segment.synced();
      if (this.#isClosed) return;
      for (const path of this.#surplus(this.#options.kept - 1)) await this.#files.retireLater(path);
      if (this.#isClosed) return;
      const next = segmentIn(await this.#createLater());
      next.append(this.#start);
      await next.synced();
      if (this.#isClosed) next.close();
      else this.#next = next;
    } catch (error) {
      this.#failed(segment, error);
    } finally {
      this.#isPreparing = false;
    }
  }

  async #seal(segment: FileJournal): Promise<void> {
    try {
      await segment.synced();
    } catch (error) {
      this.#failed(segment, error);
    } finally {
      segment.close();
    }
  }

  /** A number whose file could not be created is used again, because a number without a file counts as a file that is missing. */
  async #createLater(): Promise<AppendFile> {
    const path = this.#newPath();
    const number = this.#number;
    try {
      return await this.#files.createLater(path);
    } catch (error) {
      this.#paths.splice(this.#paths.indexOf(path), 1);
      if (this.#number === number && highestNumber(this.#folder) < number) this.#number -= 1;
      throw error;
    }
  }

  #newPath(): string {
    this.#number += 1;
    const path = join(this.#folder, `journal-${String(this.#number).padStart(6, '0')}.log`);
    this.#paths.push(path);
    return path;
  }

  /** Takes the oldest paths off the list, down to `kept`. */
  #surplus(kept: number): readonly string[] {
    return this.#paths.splice(0, Math.max(0, this.#paths.length - kept));
  }

  /** Returns the error with which every later sync fails. */
  #failed(segment: FileJournal | undefined, cause: unknown): MmbotError {
    // Several callers may have waited for the same sync: only a failure of the new file is a new one.
    if (this.#broken !== undefined) {
      if (segment === this.#segment) this.#segment = undefined;
      return this.#broken;
    }
    this.#segment = undefined;
    this.#broken = journalBroken(`the journal in ${this.#folder} could not be written: ${messageOf(cause)}`, cause);
    this.#replaced = this.#replace();
    return this.#broken;
  }

  /** Begins a new file for the last records. */
  async #replace(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#files.removeLater(join(this.#folder, RESERVE));
      const segment = segmentIn(await this.#createLater());
      if (this.#isClosed) return segment.close();
      segment.append(this.#start, ...this.#unsafe.records, this.#fold.snapshot(this.#at));
      this.#segment = segment;
    } catch {
      // The journal stays without a file.
    }
  }
}

function segmentIn(file: AppendFile): FileJournal {
  return createFileJournal(file, { durable: true });
}

export function unwritable(folder: string, cause: unknown): MmbotError {
  return new MmbotError({
    code: 'journal_unwritable',
    exitCode: EXIT.usage,
    message: `${folder}: expected a folder with room for the journal: ${messageOf(cause)}`,
    hint: hintOf(cause, 'free disk space or use another folder with --state-dir'),
    cause,
  });
}

/** A snapshot replaces all records before it, so that those that are repeated there count once. */
class UnsafeExecutions {
  #records: JournalRecord[] = [];
  #added = 0;

  get records(): readonly JournalRecord[] {
    return this.#records;
  }

  /** How many there were so far. */
  get added(): number {
    return this.#added;
  }

  add(record: JournalRecord): void {
    if (record.type !== 'fill' && record.type !== 'funding') return;
    this.#records.push(record);
    this.#added += 1;
  }

  /** The first `count` are on the disk. */
  safeUpTo(count: number): void {
    const left = this.#added - count;
    if (left < this.#records.length) this.#records = left === 0 ? [] : this.#records.slice(-left);
  }
}

/** Oldest first. */
export function segmentsIn(folder: string): readonly { readonly name: string; readonly number: number }[] {
  return listFolder(folder)
    .flatMap((name) => {
      const digits = SEGMENT.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, number: Number(digits) }];
    })
    .sort((a, b) => a.number - b.number);
}

/** Of all files of the journal, also of those whose executions alone are left. */
function highestNumber(folder: string): number {
  const names = [...listFolder(folder), ...listFolder(executionsFolder(folder))];
  return Math.max(0, ...names.map((name) => Number(NUMBERED.exec(name)?.[1] ?? 0)));
}
