import { randomInt, systemRandom } from './random.ts';

/**
 * Text from elsewhere (messages of an exchange, ids, names of tests and files) may contain control sequences that a terminal executes, and
 * so fake or hide a result. All output passes `visible` at the sinks; our own control sequences carry a mark that cannot be guessed, because
 * it is random in each process.
 */

const digits = (): number => 1000 + randomInt(systemRandom, 9000);
/** A sequence without width for code that measures text, and an unknown style for a terminal. */
const MARK = `\u001B[${digits()};${digits()};${digits()}m`;
const SEQUENCE = String.raw`\u001B\[[?\d;]*[A-Za-z]`;
const OWN = new RegExp(`${MARK.replaceAll('[', String.raw`\[`)}(${SEQUENCE})`, 'g');
const SEQUENCES = new RegExp(SEQUENCE, 'g');

/** C0 except tab and line feed, DEL, C1, line separators, and characters that change the text direction. */
const CONTROL = String.raw`[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]`;
const UNSEEN = new RegExp(`${OWN.source}|${CONTROL}`, 'g');
const UNSEEN_IN_LINE = new RegExp(`${OWN.source}|${CONTROL}|[\\t\\n]`, 'g');

/** Marks control sequences as those of this program. */
export function own(text: string): string {
  return text.replace(SEQUENCES, (sequence) => MARK + sequence);
}

/** Restores the program's own sequences for a terminal. `text`: output of `visible`. */
export function executable(text: string): string {
  return text.replace(OWN, '$1');
}

/** Replaces control characters by JSON escapes, so that a JSON document keeps its meaning. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSEEN, escaped);
}

/** The same for text that must stay on one line. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN_IN_LINE, escaped);
}

/** Joins lines; line breaks within a line are escaped. */
export function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line.replace(/\r$/, '').split('\t').map(oneLine).join('\t')}\n`).join('');
}

function escaped(found: string): string {
  return found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
