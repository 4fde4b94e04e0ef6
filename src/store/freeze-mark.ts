import { join } from 'node:path';
import { journalBroken, journalClosed, type Journal, type JournalState } from '../execution/journal.ts';
import { messageOf } from '../errors.ts';
import { objectIn, parseJson } from '../util/json.ts';
import { emptyFile, openAppendFile, readText } from './files.ts';

const NAME = 'freeze.mark';

/**
 * A freeze is recorded twice: in the journal, and in a small file beside it that is empty while trading is not frozen. So neither an older
 * copy of the journal nor the loss of its end lifts a freeze. Throws when the file cannot be opened.
 */
export function markedJournal(journal: Journal, folder: string): Journal {
  const path = join(folder, NAME);
  const mark = openAppendFile(path);
  let isLifted = false;
  let isUnsafe = false;
  let isClosed = false;
  let failure: unknown;
  const note = (text: string): void => {
    isLifted = false;
    isUnsafe = true;
    try {
      mark.append(text);
    } catch (error) {
      failure ??= error;
    }
  };
  const safe = async (): Promise<void> => {
    isUnsafe = false;
    try {
      await mark.synced();
    } catch (error) {
      failure ??= error;
    }
  };
  return {
    append(...records) {
      if (isClosed) throw journalClosed();
      for (const record of records) {
        if (record.type === 'freeze') note(`${JSON.stringify({ at: record.at, reason: record.reason })}\n`);
        else if (record.type === 'unfreeze') isLifted = true;
      }
      journal.append(...records);
    },
    async synced() {
      // Where one of the two fails, the other may still hold.
      const marked = isUnsafe ? safe() : undefined;
      try {
        await journal.synced();
      } finally {
        await marked;
      }
      if (failure !== undefined) throw journalBroken(`${path} could not be written: ${messageOf(failure)}`, failure);
      // Only now is it certain that the journal knows: until then a start would have to ask again.
      if (isLifted) emptyFile(path);
      isLifted = false;
    },
    close() {
      isClosed = true;
      journal.close();
      mark.close();
    },
  };
}

/** The last freeze that the file of `folder` knows of and nobody has lifted; what cannot be read may tell of one. */
export function markedFreeze(folder: string): JournalState['frozen'] {
  let text: string;
  try {
    text = readText(join(folder, NAME)) ?? '';
  } catch (error) {
    return { at: 0, reason: `unknown: ${NAME} cannot be read: ${messageOf(error)}` };
  }
  if (text === '') return undefined;
  const found = text.split('\n').flatMap((line) => {
    const { at, reason } = objectIn(parseJson(line));
    return typeof at === 'number' && typeof reason === 'string' ? [{ at, reason }] : [];
  });
  return found.at(-1) ?? { at: 0, reason: `unknown: ${NAME} is torn` };
}
