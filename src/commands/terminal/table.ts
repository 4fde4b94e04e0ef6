import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Host, TextSink } from '../../host.ts';
import type { ViewPaint } from '../../reports/text/view-lines.ts';
import { executable, oneLine, own } from '../../util/terminal-text.ts';
import { fit, partsOfTable, type Fit } from './columns.ts';
import { atWords, brokenWords } from './words.ts';

type Style = (text: string) => string;
type Color = Style & { readonly bold: Style };

interface Paint {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Color;
  readonly green: Color;
  readonly yellow: Color;
  readonly cyan: Color;
}

/** Colors on a terminal; none in a pipe or when NO_COLOR is set. */
export function paint({ stdout, env }: Host, sink = stdout): Paint {
  const plain = !sink.isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const { bold, dim, red, green, yellow, cyan } = new Chalk({ level: plain ? 0 : 1 });
  const color = (chalk: ChalkInstance): Color => Object.assign(ownStyle(chalk), { bold: ownStyle(chalk.bold) });
  return { bold: ownStyle(bold), dim: ownStyle(dim), red: color(red), green: color(green), yellow: color(yellow), cyan: color(cyan) };
}

function ownStyle(chalk: ChalkInstance): Style {
  const [begin = '', end = ''] = own(chalk('|')).split('|');
  return (text) => begin + text + end;
}

/** Styles for a view on stderr. */
export function viewPaint(host: Host): ViewPaint {
  const { green: good, red: bad, dim, bold } = paint(host, host.stderr);
  return { good, bad, dim, bold };
}

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid']
    .concat(['right', 'right-mid'])
    .map((name) => [name, '']),
);

/**
 * A table: in a pipe aligned columns without borders; on a terminal with borders and as wide as the terminal at most, or one record for each
 * row where there is no room for columns. `sink`: where it is printed.
 */
export function textTable(host: Host, head: readonly string[], rows: readonly (readonly string[])[], sink: TextSink = host.stdout): string {
  const lines = shownLines(host, head, rows, sink);
  if (!sink.isTerminal) return plainTable(lines);
  const found = fit(lines, sink.columns);
  return own(found === undefined ? records(lines, sink.columns) : boxedTable(lines, found));
}

/** The same with each row on one line: columns without room follow in further tables, after the first column. */
export function shortTable(host: Host, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const { stdout } = host;
  const lines = shownLines(host, head, rows, stdout);
  const parts = stdout.isTerminal ? partsOfTable(lines, stdout.columns) : [];
  const isNarrow = parts.some(({ widths }) => widths.length === 2 && widths.reduce((sum, width) => sum + width + 1, 1) > stdout.columns);
  if (parts.length === 0 || isNarrow) return textTable(host, head, rows);
  return own(
    parts
      .map((part) =>
        boxedTable(
          lines.map((cells) => part.columns.map((column) => cells[column] ?? '')),
          part,
        ),
      )
      .join(''),
  );
}

type Lines = readonly (readonly string[])[];

/** Redacted before a cell is broken: of a secret in two parts neither would be recognized. */
function shownLines(host: Host, head: readonly string[], rows: Lines, sink: TextSink): Lines {
  const shown = (cell: string): string => executable(host.redact(oneLine(cell)));
  const { bold } = paint(host, sink);
  return [head.map((cell) => (cell === '' ? '' : shown(bold(cell)))), ...rows.map((row) => row.map(shown))];
}

/** The library would color heads and borders by default, even in a pipe. */
const NO_STYLE = { head: [], border: [] };

function plainTable(lines: Lines): string {
  const table = new Table({ chars: { ...NO_LINES, middle: '  ' }, style: { ...NO_STYLE, 'padding-left': 0, 'padding-right': 0 } });
  return drawn(table, lines);
}

function boxedTable(lines: Lines, { widths, padding }: Fit): string {
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { ...NO_STYLE, 'padding-left': padding, 'padding-right': padding },
    colWidths: widths.map((width) => width + 2 * padding),
    wordWrap: true,
  });
  // The library wraps at words and cuts off what is longer than a line.
  const breakable = lines.map((cells) => cells.map((cell, i) => brokenWords(cell, widths[i] ?? 1)));
  return drawn(table, breakable);
}

function drawn(table: Table.Table, lines: Lines): string {
  table.push(...lines.map((cells) => [...cells]));
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

function records([head = [], ...rows]: Lines, columns: number): string {
  const line = (cell: string, i: number): string => atWords(head[i] === '' ? cell : `${head[i]}: ${cell}`, columns, 2);
  const record = (row: readonly string[]): string => row.map((cell, i) => (cell === '' ? '' : `${line(cell, i)}\n`)).join('');
  return rows.map(record).join('\n');
}
