import { randomInt, systemRandom } from './random.ts';

/**
 * Text of others (an exchange's words, ids, names of tests and files) may hold characters that a terminal executes: it can draw a
 * result that is none, or hide one. Whatever leaves the program passes `visible`, at the sinks; control sequences of our own
 * carry a mark that nobody can guess, since it is drawn anew in each process.
 */

const digits = (): number => 1000 + randomInt(systemRandom, 9000);
/** To every program that measures text, a sequence without width; to a terminal, a style that it does not know. */
const MARK = `\u001B[${digits()};${digits()};${digits()}m`;
const SEQUENCE = String.raw`\u001B\[[?\d;]*[A-Za-z]`;
const OWN = new RegExp(`${MARK.replaceAll('[', String.raw`\[`)}(${SEQUENCE})`, 'g');
const SEQUENCES = new RegExp(SEQUENCE, 'g');

/** C0 but tab and line feed, DEL, C1; line separators and what changes the direction of writing. */
const CONTROL = String.raw`[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]`;
const UNSEEN = new RegExp(`${OWN.source}|${CONTROL}`, 'g');
const UNSEEN_IN_LINE = new RegExp(`${OWN.source}|${CONTROL}|[\\t\\n]`, 'g');

/** Control sequences as those of this program. */
export function own(text: string): string {
  return text.replace(SEQUENCES, (sequence) => MARK + sequence);
}

/** For a terminal: the program's own sequences as they are executed. `text`: one that is `visible`. */
export function executable(text: string): string {
  return text.replace(OWN, '$1');
}

/** Control characters as escapes, which are those of JSON: a document stays what it was. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSEEN, escaped);
}

/** The same for what has to stay on one line. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN_IN_LINE, escaped);
}

/** One below the other; nothing within a line begins another. */
export function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line.replace(/\r$/, '').split('\t').map(oneLine).join('\t')}\n`).join('');
}

function escaped(found: string): string {
  return found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
