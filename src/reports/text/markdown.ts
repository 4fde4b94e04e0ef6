import type { ReportTables, Table } from './table.ts';

/** `report.md`: the verdict in the title and the sentences, then the figures behind it. */
export function markdownReport(title: string, sentences: readonly string[], { origin, first, rest }: ReportTables): string {
  return [`# ${title}`, ...sentences, ...[origin, ...first, ...rest].map(markdownTable)].join('\n\n') + '\n';
}

export function markdownTable({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [`## ${title}`, '', line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text shown verbatim: without markup, and without mentioning a GitHub user whose name equals a decorator such as `@name`. */
export function codeSpan(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${text.replaceAll('\n', ' ')}${space}${ticks}`;
}

export function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
