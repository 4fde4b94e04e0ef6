import { join } from 'node:path';
import { EXIT, hintOf, MmbotError, messageOf } from '../errors.ts';
import { journalBroken, journalClosed, type Journal, type JournalRecord, type JournalStart } from '../execution/journal.ts';
import { createFileJournal, type FileJournal } from './file-journal.ts';
import { listFolder, type createAppendFile, removeFile, writeReserve } from './files.ts';
import type { JournalFold } from './journal-state.ts';

/** Segments are numbered, because the wall clock may jump back. */
const SEGMENT = /^journal-(\d{6,})\.log$/;
const RESERVE = 'journal.reserve';
/** Reserved disk space for the last records of fifty orders. */
const RESERVE_BYTES = 1 << 15;

export interface SegmentOptions {
  /** A new segment begins when the current one is longer. */
  readonly segmentLength: number;
  /** Number of segments that are kept. */
  readonly kept: number;
  readonly createFile?: typeof createAppendFile;
}

/** 512 MB at most: a day or more of quoting at full speed. */
const LIVE: SegmentOptions = { segmentLength: 1 << 24, kept: 32 };

/**
 * A journal of bounded size: a series of files, each of which begins with a snapshot of all earlier ones. After a failed write or sync all
 * later syncs fail too (a disk that failed once may report success for data that it dropped), so that no more requests are sent; the records
 * of the stop go into a new file, if one can still be created. No package for logs or key-value stores reports a failed sync like this.
 */
export class SegmentedJournal implements Journal {
  readonly #folder: string;
  readonly #start: JournalStart;
  readonly #fold: JournalFold;
  readonly #options: SegmentOptions;
  #number: number;
  #segment: FileJournal;
  #broken: MmbotError | undefined;
  #isLost = false;
  #isClosed = false;

  /** Throws MmbotError (exit 2) when the folder cannot be written. `fold`: the state from the earlier journals. */
  constructor(folder: string, start: JournalStart, fold: JournalFold, options: SegmentOptions = LIVE) {
    this.#folder = folder;
    this.#start = start;
    this.#fold = fold;
    this.#options = options;
    this.#number = (segmentsIn(folder).at(-1)?.number ?? 0) + 1;
    try {
      this.#segment = this.#begin(start.at);
      writeReserve(join(folder, RESERVE), RESERVE_BYTES);
      this.#dropOldest();
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  }

  append(...records: readonly JournalRecord[]): void {
    if (this.#isClosed) throw journalClosed();
    for (const record of records) this.#fold.add(record);
    const at = records.at(-1)?.at ?? this.#start.at;
    if (this.#isLost) return;
    try {
      this.#segment.append(...records);
      if (this.#broken === undefined && this.#segment.length > this.#options.segmentLength) this.#rotate(at);
    } catch (error) {
      throw this.#failed(this.#segment, error, at);
    }
  }

  async synced(): Promise<void> {
    const segment = this.#segment;
    if (!this.#isLost) {
      try {
        await segment.synced();
      } catch (error) {
        throw this.#isClosed ? error : this.#failed(segment, error, this.#start.at);
      }
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  close(): void {
    this.#isClosed = true;
    if (!this.#isLost) this.#segment.close();
  }

  /** Begins a new segment. A crash before it is complete leaves the old one, to which nothing was added since. */
  #rotate(at: number): void {
    this.#segment.sync();
    const earlier = this.#segment;
    this.#number += 1;
    this.#segment = this.#begin(at);
    earlier.close();
    this.#dropOldest();
  }

  #begin(at: number): FileJournal {
    const path = join(this.#folder, `journal-${String(this.#number).padStart(6, '0')}.log`);
    const segment = createFileJournal(path, { durable: true, replace: false }, this.#options.createFile);
    segment.append(this.#start);
    segment.append(this.#fold.snapshot(at));
    segment.sync();
    return segment;
  }

  #dropOldest(): void {
    const segments = segmentsIn(this.#folder);
    for (const { name } of segments.slice(0, Math.max(0, segments.length - this.#options.kept))) removeFile(join(this.#folder, name));
  }

  /** Records the error with which every later sync fails. */
  #failed(segment: FileJournal, cause: unknown, at: number): MmbotError {
    if (this.#broken !== undefined) {
      // Several callers may have waited for the same sync: only a failure of the new file is a new one.
      this.#isLost ||= segment === this.#segment;
      return this.#broken;
    }
    this.#broken = journalBroken(`the journal in ${this.#folder} could not be written: ${messageOf(cause)}`, cause);
    try {
      removeFile(join(this.#folder, RESERVE));
      this.#number += 1;
      this.#segment = this.#begin(at);
    } catch {
      this.#isLost = true;
    }
    return this.#broken;
  }
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

/** Oldest first. */
export function segmentsIn(folder: string): readonly { readonly name: string; readonly number: number }[] {
  return listFolder(folder)
    .flatMap((name) => {
      const digits = SEGMENT.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, number: Number(digits) }];
    })
    .sort((a, b) => a.number - b.number);
}
