import { SCRIPT, STYLE } from 'virtual:page-assets';
import type { Verdict } from '../../errors.ts';
import type { ReportTables, Table } from '../text/table.ts';
import { codeOf, escapeHtml, tableHtml } from './elements.ts';
import { headlineHtml, type Headline } from './headline.ts';
import { plotsHtml } from './plots-html.ts';
import type { PlotData } from './plots.ts';

/** What every page begins with: its name and its first screen. */
export interface Front {
  /** `mmbot soak`. */
  readonly command: string;
  /** The others than those of a run: of a record. */
  readonly verdict: Verdict | 'COMPLETE' | 'SO FAR' | 'INCOMPLETE';
  readonly headline: Headline;
  /** The reason for the verdict, where no gate failed; also what else has to be known about it. */
  readonly reason: string;
  /** The run in a few words: market, symbols, time. */
  readonly subject: string;
  /** Of the folded settings. */
  readonly aboutRun: string;
  /** The settings in two columns; the last row is the command that repeats it. */
  readonly origin: Table;
}

/** The plots go before the tables. */
export interface Page extends Front, ReportTables {
  readonly plots: PlotData;
}

const SIGNS = { PASS: '✓', COMPLETE: '✓', FAIL: '✗', INCONCLUSIVE: '?', INCOMPLETE: '?', 'SO FAR': '…' } as const;
/** The page loads nothing from outside; text in it cannot change that. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** A page of plots over time and tables. */
export function pageHtml(page: Page): string {
  const { first, plots, rest } = page;
  const main = `${plotsHtml(plots)}
${first.map(tableHtml).join('\n')}
<div class="tables">${rest.map(tableHtml).join('\n')}</div>`;
  const script = `
<script type="application/json" id="plots">${JSON.stringify(plots).replaceAll('<', String.raw`\u003c`)}</script>
<script>${SCRIPT.replaceAll('</script', String.raw`<\/script`)}</script>`;
  return documentHtml(page, main, script);
}

/** A self-contained HTML file: it needs neither a network nor a server. */
export function documentHtml(front: Front, main: string, script = ''): string {
  const { command, verdict } = front;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><link rel="icon" href="data:,">
<title>${verdict}: ${escapeHtml(command)}</title><style>${STYLE}</style></head><body>
${headerHtml(front)}
<main>
${main}
</main>
<footer>Made by mmbot. This file is self-contained and loads nothing from the network.</footer>${script}</body></html>
`;
}

function headerHtml({ command, verdict, headline, reason, subject, aboutRun, origin }: Front): string {
  const rows = origin.rows.map(([term = '', text = '']) => `<dt>${escapeHtml(term)}</dt><dd>${codeOf(term, text)}</dd>`);
  return `<header class="${verdict.replace(' ', '-')}"><h1><strong id="verdict">${SIGNS[verdict]} ${verdict}</strong> ${escapeHtml(command)} <small>${escapeHtml(subject)}</small></h1>
${headlineHtml(headline, reason)}
<details class="run"><summary>${escapeHtml(aboutRun)}</summary><dl class="origin">${rows.join('')}</dl></details></header>`;
}
