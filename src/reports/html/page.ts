import { SCRIPT, STYLE } from 'virtual:page-assets';
import type { Verdict } from '../../errors.ts';
import type { ReportTables } from '../text/table.ts';
import { codeOf, escapeHtml, tableHtml } from './elements.ts';
import { plotsHtml } from './plots-html.ts';
import type { PlotData } from './plots.ts';

/** The plots go between `first` and `rest`. */
export interface Page extends ReportTables {
  /** `mmbot soak`. */
  readonly command: string;
  readonly verdict: Verdict;
  /** The reason for the verdict, in one sentence. */
  readonly reason: string;
  readonly plots: PlotData;
}

const SIGNS = { PASS: '✓', FAIL: '✗', INCONCLUSIVE: '?' } as const;
/** The page loads nothing from outside; text in it cannot change that. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** A self-contained HTML file: it needs neither a network nor a server. */
export function pageHtml({ command, verdict, reason, origin, first, plots, rest }: Page): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><link rel="icon" href="data:,">
<title>${verdict}: ${escapeHtml(command)}</title><style>${STYLE}</style></head><body>
<header class="${verdict}"><h1>${escapeHtml(command)}<strong id="verdict">${SIGNS[verdict]} ${verdict}</strong></h1>
<p class="why">${escapeHtml(reason)}</p>
<dl class="origin">${origin.rows.map(([term = '', text = '']) => `<dt>${escapeHtml(term)}</dt><dd>${codeOf(term, text)}</dd>`).join('')}</dl></header>
${first.map(tableHtml).join('\n')}
${plotsHtml(plots)}
<div class="tables">${rest.map(tableHtml).join('\n')}</div>
<footer>Made by mmbot. This file is self-contained and loads nothing from the network.</footer>
<script type="application/json" id="plots">${JSON.stringify(plots).replaceAll('<', String.raw`\u003c`)}</script>
<script>${SCRIPT.replaceAll('</script', String.raw`<\/script`)}</script></body></html>
`;
}
