import { moodOf, type Table } from '../text/table.ts';

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Shows commands and hashes in a monospaced font, so that they can be copied. */
export function codeOf(term: string, text: string): string {
  return ['repeat', 'seed'].includes(term) ? `<code>${escapeHtml(text)}</code>` : escapeHtml(text);
}

/** A table with more columns takes the whole width of the page. */
const MOST_COLUMNS = 6;

/** On a phone, each row of a table with a header becomes a block in which each cell shows its column’s name. */
export function tableHtml({ title, head, rows, inShort }: Table): string {
  const isHeaded = head.some((cell) => cell !== '');
  const numeric = head.map((_, column) => rows.some((row) => isFigure(row[column])) && rows.every((row) => isFigure(row[column], '–')));
  const kind = (column: number, mood?: string): string => {
    const names = [numeric[column] === true ? 'figure' : '', mood ?? ''].filter((name) => name !== '');
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
  };
  const heads = head.map((cell, column) => `<th${kind(column)}>${escapeHtml(cell)}</th>`).join('');
  const cells = (row: readonly string[]): string =>
    row
      .map(
        (cell, column) =>
          `<td${kind(column, column === 0 ? undefined : moodOf(cell))} data-of="${escapeHtml(head[column] ?? '')}">${escapeHtml(cell)}</td>`,
      )
      .join('');
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n');
  const table = `<div class="card"><table${isHeaded ? ' class="stacks"' : ''}>${isHeaded ? `<tr>${heads}</tr>` : ''}\n${body}</table></div>`;
  const wide = head.length > MOST_COLUMNS ? ' class="wide"' : '';
  if (inShort === undefined) return `<section${wide}><h2>${escapeHtml(title)}</h2>${table}</section>`;
  return `<details><summary>${escapeHtml(title)}: <span class="good">${escapeHtml(inShort)}</span></summary>${table}</details>`;
}

/** `-1.20`, `1,234 of 5,000`, `12.54 ms`; also `other`. */
function isFigure(cell: string | undefined, other?: string): boolean {
  return cell !== undefined && (cell === other || /^([≤≥] )?[+\-–]?[\d,.]*( of [\d,]+)?( [%a-zA-Z/]+)?$/.test(cell));
}
