import { join } from 'node:path';
import { journalBroken, journalClosed, UNKNOWN_TIME, type Journal, type JournalState } from '../execution/journal.ts';
import { messageOf } from '../errors.ts';
import { objectIn, parseJson } from '../util/json.ts';
import { expectInPlace } from './file-journal.ts';
import { openAppendFile, readOwnText, type EmptiableFile } from './files.ts';

const NAME = 'freeze.mark';

/**
 * A freeze is recorded twice: in the journal, and in a small file next to it that is empty while trading is not frozen. Thus neither an
 * older copy of the journal nor the loss of its last records lifts a freeze. Throws when the file cannot be opened.
 */
export function markedJournal(journal: Journal, folder: string, openFile = openAppendFile): Journal {
  const path = join(folder, NAME);
  const mark = new FreezeMark(openFile(path));
  let isClosed = false;
  const sync = async (): Promise<void> => {
    // If one of the two fails, the other may still be written.
    const marked = mark.synced();
    try {
      await journal.synced();
    } finally {
      await marked;
    }
    // Clear the mark only when the journal has the record: until then a start must still refuse.
    mark.lift();
    const { failure } = mark;
    if (failure !== undefined) throw journalBroken(`${path} could not be written: ${messageOf(failure)}`, failure);
  };
  return {
    append(...records) {
      if (isClosed) throw journalClosed();
      for (const record of records) {
        if (record.type === 'freeze') mark.note(`${JSON.stringify({ at: record.at, reason: record.reason })}\n`);
        else if (record.type === 'unfreeze') mark.isLifted = true;
      }
      journal.append(...records);
    },
    synced: () => mark.whileOpen(sync),
    close() {
      isClosed = true;
      journal.close();
      mark.close();
    },
  };
}

/** The file next to the journal. An error is kept, because after it the state of the file is unknown. */
class FreezeMark {
  /** The user lifted the freeze, which is not yet written to the file. */
  isLifted = false;
  failure: unknown;
  readonly #file: EmptiableFile;
  #isUnsafe = false;
  #users = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(file: EmptiableFile) {
    this.#file = file;
  }

  note(text: string): void {
    this.isLifted = false;
    this.#isUnsafe = true;
    this.#try(() => this.#file.append(text));
  }

  async synced(): Promise<void> {
    if (!this.#isUnsafe) return;
    this.#isUnsafe = false;
    try {
      this.#expectOpen();
      await this.#file.synced();
      expectInPlace(this.#file);
    } catch (error) {
      this.failure ??= error;
    }
  }

  lift(): void {
    if (!this.isLifted || this.failure !== undefined) return;
    this.isLifted = false;
    this.#try(() => {
      this.#expectOpen();
      expectInPlace(this.#file);
      this.#file.empty();
    });
  }

  /** Runs `work`; the file is not closed before it ends. */
  async whileOpen(work: () => Promise<void>): Promise<void> {
    this.#users += 1;
    try {
      await work();
    } finally {
      this.#users -= 1;
      this.#release();
    }
  }

  close(): void {
    if (this.#state === 'open') this.#state = 'closing';
    this.#release();
  }

  #release(): void {
    if (this.#state !== 'closing' || this.#users > 0) return;
    this.#state = 'closed';
    this.#file.close();
  }

  /** A closed descriptor may belong to another file by now, so it is not used. */
  #expectOpen(): void {
    if (this.#state === 'closed') throw journalClosed();
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failure ??= error;
    }
  }
}

/** The freeze in the file of `folder` that was not lifted. A file that cannot be read counts as a freeze. */
export function markedFreeze(folder: string): JournalState['frozen'] {
  let text: string;
  try {
    text = readOwnText(join(folder, NAME)) ?? '';
  } catch (error) {
    return { at: UNKNOWN_TIME, reason: `unknown: ${NAME} cannot be read: ${messageOf(error)}` };
  }
  if (text === '') return undefined;
  const found = text.split('\n').flatMap((line) => {
    const { at, reason } = objectIn(parseJson(line));
    return typeof at === 'number' && typeof reason === 'string' ? [{ at, reason }] : [];
  });
  return found.at(-1) ?? { at: UNKNOWN_TIME, reason: `unknown: ${NAME} is torn` };
}
