import { Help } from 'commander';
import type { Verdict } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { moodOf, type Table } from '../../reports/text/table.ts';
import { oneLine } from '../../util/terminal-text.ts';
import { paint, textTable } from './table.ts';

/** Longer lines are hard to read. */
const MOST_COLUMNS = 120;
/** Columns of a label. */
const LABEL = 9;
/** Users copy the text of these lines, so it is not wrapped. */
const COPIED: readonly string[] = ['Repeat', 'Report'];

export function reportColumns({ stdout }: Host): number {
  return Math.min(stdout.columns, MOST_COLUMNS);
}

/** `PASS: why`, the last line of a report. */
export function verdictLine(host: Host, verdict: Verdict, reason: string): string {
  const { green, red, yellow } = paint(host);
  const color = { PASS: green, FAIL: red, INCONCLUSIVE: yellow }[verdict];
  return wrapped(host, `${color.bold(verdict)}: ${oneLine(reason)}`);
}

/** A table under its title. */
export function titledTable(host: Host, { title, head, rows }: Table): string {
  return `${paint(host).bold(title)}\n${textTable(host, head, rows)}\n`;
}

/** The same, with results such as `pass` and `FAIL` in color. */
export function resultTable(host: Host, table: Table): string {
  return titledTable(host, { ...table, rows: table.rows.map((row) => row.map((cell) => highlighted(host, cell))) });
}

/** Pairs of label and text, one below the other. */
export function labeledLines(host: Host, pairs: readonly (readonly [label: string, text: string])[]): string {
  return pairs
    .map(([label, text]) => `${highlighted(host, label.padEnd(LABEL))}${COPIED.includes(label) ? text : wrapped(host, text, LABEL)}\n`)
    .join('');
}

/** Wraps `text` on a terminal, as commander wraps the help; lines after the first are indented by `indent` spaces. */
export function wrapped(host: Host, text: string, indent = 0): string {
  if (!host.stdout.isTerminal) return text;
  return new Help().boxWrap(text, reportColumns(host) - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function highlighted(host: Host, cell: string): string {
  const { green, red, yellow } = paint(host);
  const mood = moodOf(cell.trim());
  return mood === undefined ? cell : { good: green, bad: red, open: yellow }[mood](cell);
}
