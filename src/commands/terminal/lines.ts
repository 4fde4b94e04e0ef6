import type { Failure } from '../../errors.ts';
import type { Host, TextSink } from '../../host.ts';
import { visible } from '../../util/terminal-text.ts';
import { atWords, widthOf } from './words.ts';

type Size = Pick<TextSink, 'isTerminal' | 'columns'>;

/** Longer lines are hard to read. */
const MOST_COLUMNS = 120;
/** Commands, which users copy, with their settings in front; and the lines of a stack. */
const COPIED = /^(hint: | {2})?(\w+=('[^']*'|\S)* )*mmbot [^;]*$|^ +at .*:\d+\)?$/;

/** Columns of a text on this terminal. */
export function textColumns({ columns }: Pick<Size, 'columns'>): number {
  return Math.min(columns, MOST_COLUMNS);
}

/** Wraps whole lines at words on a terminal, except commands and stacks. What continues a line is indented by two spaces more than the line. */
export function wrappedLines(text: string, size: Size): string {
  if (!size.isTerminal) return text;
  const columns = textColumns(size);
  // The width of a tab depends on the terminal.
  const lines = visible(text).replaceAll('\t', '    ').split('\n');
  return lines.map((line) => (COPIED.test(line) || widthOf(line) <= columns ? line : hanging(line, columns))).join('\n');
}

/** Prints what failed on stderr. */
export function writeFailure({ stderr }: Pick<Host, 'stderr'>, failure: Failure | undefined): void {
  if (failure !== undefined) stderr.write(wrappedLines(failure.text, stderr));
}

function hanging(line: string, columns: number): string {
  const text = line.trimStart();
  const lead = line.slice(0, line.length - text.length);
  return lead + atWords(text, columns - lead.length, 2).replaceAll('\n', `\n${lead}`);
}
