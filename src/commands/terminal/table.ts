import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Host } from '../../host.ts';
import type { ViewPaint } from '../../reports/text/view-lines.ts';
import { oneLine, own } from '../../util/terminal-text.ts';

type Style = (text: string) => string;
type Colour = Style & { readonly bold: Style };

interface Paint {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Colour;
  readonly green: Colour;
  readonly yellow: Colour;
  readonly cyan: Colour;
}

/** Colors on a terminal; none in a pipe or when NO_COLOR is set. */
export function paint({ stdout, env }: Host, sink = stdout): Paint {
  const plain = !sink.isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const { bold, dim, red, green, yellow, cyan } = new Chalk({ level: plain ? 0 : 1 });
  const colour = (chalk: ChalkInstance): Colour => Object.assign(ownStyle(chalk), { bold: ownStyle(chalk.bold) });
  return { bold: ownStyle(bold), dim: ownStyle(dim), red: colour(red), green: colour(green), yellow: colour(yellow), cyan: colour(cyan) };
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

/** A table with borders on a terminal; aligned columns without borders in a pipe. */
export function textTable(host: Host, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const boxed = host.stdout.isTerminal;
  const table = new Table({
    head: head.map((cell) => paint(host).bold(oneLine(cell))),
    chars: boxed ? { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } : { ...NO_LINES, middle: '  ' },
    // The library would color heads and borders by default, even in a pipe.
    style: { head: [], border: [], ...(boxed ? {} : { 'padding-left': 0, 'padding-right': 0 }) },
  });
  table.push(...rows.map((row) => row.map(oneLine)));
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}
