import type { Verdict } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { moodOf, type Table } from '../../reports/text/table.ts';
import { oneLine, visible } from '../../util/terminal-text.ts';
import { paint, shortTable, textTable } from './table.ts';
import { textColumns } from './lines.ts';
import { atWords } from './words.ts';

/** Columns of a label. */
const LABEL = 9;
/** The labels of commands, which users copy. */
const COPIED: readonly string[] = ['Repeat', 'ledger'];

export function reportColumns({ stdout }: Host): number {
  return textColumns(stdout);
}

/** `PASS: why`, the last line of a report. */
export function verdictLine(host: Host, verdict: Verdict, reason: string): string {
  const { green, red, yellow } = paint(host);
  const color = { PASS: green, FAIL: red, INCONCLUSIVE: yellow }[verdict];
  return wrapped(host, `${color.bold(verdict)}: ${oneLine(reason)}`);
}

/** A table under its title. */
export function titledTable(host: Host, { title, head, rows, hasShortCells = false }: Table): string {
  return `${paint(host).bold(title)}\n${hasShortCells ? shortTable(host, head, rows) : textTable(host, head, rows)}\n`;
}

/** The same, with results such as `pass` and `FAIL` in color. */
export function resultTable(host: Host, table: Table): string {
  return titledTable(host, { ...table, rows: table.rows.map((row) => row.map((cell) => highlighted(host, cell))) });
}

/** Pairs of label and text, one below the other. `columns`: of the labels. */
export function labeledLines(host: Host, pairs: readonly (readonly [label: string, text: string])[], columns = LABEL): string {
  return pairs
    .map(([label, text]) => {
      const width = Math.max(columns, label.length + 1);
      const shown = COPIED.includes(label) ? text : wrapped(host, text, width);
      return `${highlighted(host, label.padEnd(width))}${shown}\n`;
    })
    .join('');
}

/** Wraps `text` at words on a terminal; lines after the first are indented by `indent` spaces. */
export function wrapped(host: Host, text: string, indent = 0): string {
  return host.stdout.isTerminal ? atWords(visible(text), reportColumns(host), indent) : text;
}

function highlighted(host: Host, cell: string): string {
  const { green, red, yellow } = paint(host);
  const mood = moodOf(cell.trim());
  return mood === undefined ? cell : { good: green, bad: red, open: yellow }[mood](cell);
}
