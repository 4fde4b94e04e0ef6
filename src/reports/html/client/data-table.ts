import { unpack } from '../packed.ts';
import type { Plot, PlotLine } from '../plots.ts';
import { element } from './dom.ts';
import { isFill } from './overlays.ts';
import { figureText } from './text.ts';
import { xText } from './values.ts';
import type { Zoom } from './zoom.ts';

const MOST_ROWS = 60;

/** Fills the folded table of a plot with figures of the visible part when it is opened: what the drawing shows, for those who cannot see it. */
export function listenToTable(plot: Plot, zoom: Zoom, folded: HTMLDetailsElement): void {
  const fill = (): void => {
    if (folded.open) folded.querySelector('div')?.replaceChildren(tableOf(plot, zoom));
  };
  folded.addEventListener('toggle', fill);
  if (plot.axis === 'time') zoom.onChange(fill);
}

function tableOf({ title, axis, x, lines }: Plot, { span }: Zoom): HTMLTableElement {
  const xs = unpack(x).map((value) => value ?? 0);
  const columns = lines.map(({ y }) => unpack(y));
  const visible = xs.flatMap((value, i) => (axis !== 'time' || (value >= span.min && value <= span.max) ? [i] : []));
  const step = Math.max(1, Math.ceil(visible.length / MOST_ROWS));
  const rows = visible.filter((_, i) => i % step === 0 || (axis !== 'time' && i === visible.length - 1));
  const head = element(
    'tr',
    '',
    headCell({ time: 'time', share: 'percentile', log: 'from' }[axis]),
    ...lines.map(({ label }) => headCell(label)),
  );
  const body = rows.map((index, row) => {
    const name = headCell(xText(axis, xs[index], 0), 'row');
    const before = rows[row - 1] ?? index - 1;
    const cells = lines.map((line, i) => element('td', '', cellText(line, columns[i] ?? [], before, index)));
    return element('tr', '', name, ...cells);
  });
  return element('table', '', element('caption', '', title), element('thead', '', head), element('tbody', '', ...body));
}

function headCell(text: string, scope = 'col'): HTMLElement {
  const cell = element('th', '', text);
  cell.scope = scope;
  return cell;
}

/** Of fills, which are instants, those since the row before. */
function cellText({ shape, digits }: PlotLine, column: readonly (number | null)[], before: number, index: number): string {
  if (!isFill(shape)) return figureText(column[index], digits);
  const prices = column.slice(before + 1, index + 1).filter((price) => price !== null);
  if (prices.length < 2) return figureText(prices[0], digits);
  return `${prices.length}, last ${figureText(prices.at(-1), digits)}`;
}
