import { basename, dirname, join } from 'node:path';
import { MmbotError } from '../errors.ts';
import type { JournalRecord } from '../execution/journal.ts';
import {
  createAppendFileLater,
  isRealFolder,
  listFolder,
  openFileToRead,
  readBytes,
  removeFile,
  removeFileLater,
  renameFileLater,
  writeOwn,
  type AppendFile,
} from './files.ts';
import { lineWriter, readRecords, RecordReader, type JournalReading } from './journal-format.ts';

/**
 * The executions and funding payments of an account, and the runs that they belong to: read from its journal, and from what stays of the
 * segments that were removed. A segment’s executions are written to `executions/NNNNNN.log`, with the segment’s number and in its format,
 * before the segment goes. Nothing removes these files: they are the account’s record of its trades.
 */

const FOLDER = 'executions';
/** A damaged file that was renamed, so that live starts again, is still one that is missing. */
const NAME = /^(?:journal-)?(\d{6,})\.log(?:\.damaged)?$/;
const KEPT: ReadonlySet<string> = new Set<JournalRecord['type']>([
  'start',
  'snapshot',
  'fill',
  'funding',
  'day',
  'freeze',
  'unfreeze',
  'stop',
]);
const outlivesSegment = (type: string): boolean => KEPT.has(type);

export const executionsFolder = (folder: string): string => join(folder, FOLDER);

/** Asynchronous file calls, for a bot that is running. */
export interface RetireFiles {
  readonly create: (path: string) => Promise<AppendFile>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
}

const FILES: RetireFiles = { create: createAppendFileLater, rename: renameFileLater, remove: removeFileLater };

/** Removes a segment. One that cannot be read to its end stays, because nobody knows what it holds; so does one whose executions have no room. */
export function retireSegment(path: string): void {
  const kept = new KeptLines();
  const reading = attemptReading(() => readRecords(readBytes(path), kept.add, outlivesSegment));
  if (reading?.ok !== true || !mayWriteBeside(path)) return;
  try {
    writeOwn(pathBeside(path), kept.text);
  } catch {
    return;
  }
  removeFile(path);
}

/**
 * The same in small steps. A process that is ending may still be at it when the next one retires the same segment at its start: a file of
 * executions is only ever replaced by a whole one.
 */
export async function retireSegmentLater(path: string, { create, rename, remove }: RetireFiles = FILES): Promise<void> {
  const kept = new KeptLines();
  const reading = await readLater(path, kept).catch(() => undefined);
  if (reading?.ok !== true || !mayWriteBeside(path)) return;
  try {
    await saveLater(pathBeside(path), kept.text, { create, rename, remove });
  } catch {
    return;
  }
  await remove(path);
}

async function saveLater(path: string, text: string, { create, rename, remove }: RetireFiles): Promise<void> {
  const draft = `${path}.later`;
  await remove(draft);
  const file = await create(draft);
  try {
    file.append(text);
    await file.synced();
  } finally {
    file.close();
  }
  await rename(draft, path);
}

async function readLater(path: string, kept: KeptLines): Promise<JournalReading> {
  const reader = new RecordReader(kept.add, outlivesSegment);
  const file = openFileToRead(path);
  if (file.size > 0) for await (const chunk of file.read(0, file.size)) reader.push(Buffer.from(chunk));
  return reader.end();
}

/** Folders in `stateDir` that hold the journal of an account. */
export function journalFoldersIn(stateDir: string): readonly string[] {
  return listFolder(stateDir)
    .map((name) => join(stateDir, name))
    .filter((folder) => isRealFolder(folder) && [folder, executionsFolder(folder)].some(hasJournal))
    .sort();
}

/** What a journal and the executions beside it hold. */
export interface ExecutionsRead {
  /** What is missing, in words: files that are gone or damaged. Empty: nothing is missing. */
  readonly problems: readonly string[];
}

/**
 * Calls `visit` for the executions, payments and runs of an account, segment by segment. A process may write the journal meanwhile. What was
 * recorded in two files is visited twice.
 */
export function readExecutions(folder: string, visit: (record: JournalRecord) => void): ExecutionsRead {
  const numbers = [...new Set([...numbersIn(folder), ...numbersIn(executionsFolder(folder))])].sort((a, b) => a - b);
  const problems: string[] = [];
  for (const [i, number] of numbers.entries()) {
    const before = i === 0 ? 0 : (numbers[i - 1] ?? 0);
    if (number > before + 1) problems.push(`${named(before + 1, number - 1)} of the journal missing`);
    const problem = readSegment(folder, String(number).padStart(6, '0'), visit);
    if (problem !== undefined) problems.push(problem);
  }
  return { problems };
}

/** The segment itself, or what stayed of it: a segment goes when its executions are written, so one of the two is always there. */
function readSegment(folder: string, digits: string, visit: (record: JournalRecord) => void): string | undefined {
  const journal = join(folder, `journal-${digits}.log`);
  const paths = [journal, join(executionsFolder(folder), `${digits}.log`), `${journal}.damaged`];
  let problem: string | undefined;
  for (const path of paths) {
    const reading = attemptReading(() => readRecords(readBytes(path), visit, outlivesSegment));
    if (reading?.ok === true) return undefined;
    if (reading !== undefined) problem = `${path} is damaged at line ${reading.line}: what follows was not read`;
  }
  return problem ?? `${paths[0]} could not be read`;
}

function named(from: number, to: number): string {
  const digits = (number: number): string => String(number).padStart(6, '0');
  return from === to ? `file ${digits(from)}` : `files ${digits(from)} to ${digits(to)}`;
}

/** False for a folder of somebody else, such as `lost+found`. */
function hasJournal(folder: string): boolean {
  try {
    return numbersIn(folder).length > 0;
  } catch {
    return false;
  }
}

function numbersIn(folder: string): readonly number[] {
  return listFolder(folder).flatMap((name) => {
    const digits = NAME.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

/** Links are not followed: what they point to may be somebody else’s. */
function mayWriteBeside(segment: string): boolean {
  const folder = executionsFolder(dirname(segment));
  return isRealFolder(folder) || !listFolder(dirname(segment)).includes(FOLDER);
}

function pathBeside(segment: string): string {
  return join(executionsFolder(dirname(segment)), basename(segment).replace(/^journal-/, ''));
}

/** Undefined when the file cannot be read at all. */
function attemptReading(read: () => JournalReading): JournalReading | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MmbotError) return undefined;
    throw error;
  }
}

class KeptLines {
  readonly #lineOf = lineWriter();
  text = '';

  readonly add = (record: JournalRecord): void => {
    this.text += this.#lineOf(record);
  };
}
