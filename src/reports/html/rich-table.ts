import { escapeHtml } from './elements.ts';

/** A table whose cells are HTML: links, commands, drawings. `tableHtml` is for text. */
export interface RichTable {
  readonly columns: readonly Column[];
  /** A cell for each column. The first one of a row is its heading. */
  readonly rows: readonly (readonly string[])[];
  /** What the table is, for screen readers. */
  readonly caption: string;
  readonly className?: string;
  /** Of many rows: cells have neither a class nor the name of their column, which keeps the page small; the style sheet knows their order. */
  readonly isBare?: boolean;
}

export interface Column {
  /** Text. */
  readonly head: string;
  /** `name`: the heading of the row. `long`: text that needs the width of a phone. */
  readonly kind?: 'name' | 'figure' | 'drawing' | 'long' | 'text';
  /** HTML below the head: an axis. */
  readonly axis?: string;
}

/** On a phone, each row becomes a block in which each cell shows its column’s name. */
export function richTableHtml({ columns, rows, caption, className = '', isBare = false }: RichTable): string {
  const heads = columns.map(({ head, kind, axis = '' }) => `<th scope="col"${classOf(kind)}>${escapeHtml(head)}${axis}</th>`);
  const cell = (html: string, index: number): string => {
    const { head = '', kind } = columns[index] ?? {};
    if (kind === 'name') return `<th scope="row" class="name">${html}</th>`;
    if (isBare) return `<td>${html}</td>`;
    return `<td${classOf(kind)}${head === '' ? '' : ` data-of="${escapeHtml(head)}"`}>${html}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<div class="card" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table class="rich${className === '' ? '' : ` ${className}`}"><caption class="hidden">${escapeHtml(caption)}</caption><thead><tr>${heads.join('')}</tr></thead><tbody>
${body}</tbody></table></div>`;
}

/** A name may be broken after the signs between its parts. */
export function nameHtml(name: string): string {
  return escapeHtml(name).replaceAll(/[/,](?=.)/g, '$&<wbr>');
}

function classOf(kind: Column['kind']): string {
  if (kind === undefined || kind === 'text') return '';
  return ` class="${kind}"`;
}
