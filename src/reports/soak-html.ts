import type { SeriesPoint } from '../harness/run-series.ts';
import { duration } from './format.ts';
import { escapeHtml, plotSvg, type Plot } from './plot.ts';
import type { SoakReport } from './soak-report.ts';
import {
  faultTable,
  gateTable,
  invariantTable,
  latencyTable,
  orderTable,
  originTable,
  pnlTable,
  reasonOf,
  symbolTable,
  type Table,
} from './soak-rows.ts';

type Series = SoakReport['series'][number];

const STYLE = `
:root { color-scheme: light dark; --text: #1d2430; --dim: #66707f; --page: #fbfbfa; --card: #fff; --rule: #e3e5e8; --blue: #2563c9; --green: #15803d; --red: #c02626; --amber: #b7791f; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e7ec; --dim: #98a2b3; --page: #14171c; --card: #1b1f26; --rule: #2e343d; --blue: #6ea8ff; --green: #4cc272; --red: #ff7b72; --amber: #e3b341; } }
* { box-sizing: border-box } body { margin: 0 auto; max-width: 1020px; padding: 24px 16px 48px; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page) }
h1 { font-size: 22px; margin: 0 } h2 { font-size: 16px; margin: 32px 0 8px } .why { color: var(--dim); margin: 4px 0 16px }
.PASS { color: var(--green) } .FAIL { color: var(--red) } .INCONCLUSIVE { color: var(--amber) }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--rule); border-radius: 6px; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 5px 10px; border-bottom: 1px solid var(--rule); vertical-align: top } th { color: var(--dim); font-weight: 500 } tr:last-child td { border-bottom: 0 }
td.bad { color: var(--red); font-weight: 600 } td.good { color: var(--green) } td.open { color: var(--amber) } code { font-size: 13px; overflow-wrap: anywhere }
figure { margin: 0 0 16px; background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: 10px } figcaption { font-size: 13px; margin-bottom: 4px } small, .key { color: var(--dim); margin-left: 10px }
svg { width: 100%; height: auto; display: block } svg text { fill: var(--dim); font: 11px system-ui, sans-serif } path { fill: none; stroke-width: 1.3; stroke: currentColor } .grid { stroke: var(--rule) } .mark { stroke: var(--amber); stroke-dasharray: 3 3 }
path.mid { stroke: var(--text) } path.bid, .key.bid::before { stroke: var(--green) } path.ask { stroke: var(--red) } path.one { stroke: var(--blue) } path.gross { stroke: var(--green) } path.fees { stroke: var(--amber) } path.funding { stroke: var(--red) } path.net { stroke: var(--text); stroke-width: 2 }
circle.buy { fill: var(--green) } circle.sell { fill: var(--red) } .key::before { content: ""; display: inline-block; width: 10px; height: 3px; margin-right: 5px; vertical-align: middle; background: var(--text) }
.key.bid::before, .key.gross::before, .key.buy::before { background: var(--green) } .key.ask::before, .key.sell::before { background: var(--red) } .key.one::before { background: var(--blue) } .key.fees::before { background: var(--amber) } .key.funding::before { background: var(--red) }
`;

/** `report.html`: one file that needs nothing else. */
export function soakHtml(report: SoakReport): string {
  const { verdict, origin, interrupted, elapsedMs } = report;
  const early = interrupted ? ` Interrupted after ${duration(elapsedMs)}: the figures cover what ran.` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Soak ${verdict}: ${escapeHtml(origin.symbols.join(', '))}</title><style>${STYLE}</style></head><body>
<h1>Soak: <span class="${verdict}">${verdict}</span></h1>
<p class="why">${escapeHtml(reasonOf(report))}.${early}</p>
${[originTable, gateTable, invariantTable].map((table) => tableHtml(table(report))).join('\n')}
${report.series.map((series) => plots(series, report)).join('\n')}
${[faultTable(report) ?? [], [pnlTable, symbolTable, orderTable, latencyTable].map((table) => table(report))].flat().map(tableHtml).join('\n')}
</body></html>
`;
}

function plots(series: Series, { marks, elapsedMs }: SoakReport): string {
  const { symbol, points, fills } = series;
  const line = (pick: (point: SeriesPoint) => number | undefined): { x: number; y: number | undefined }[] =>
    points.map((point) => ({ x: point.atMs, y: pick(point) }));
  const shared = marks.map(({ atMs, text }) => ({ x: atMs, text }));
  const dots = (side: 'buy' | 'sell'): { x: number; y: number }[] =>
    fills.filter((fill) => fill.side === side).map(({ atMs, price }) => ({ x: atMs, y: price }));
  const all: Plot[] = [
    {
      title: 'Price and own quotes',
      unit: 'USDT',
      digits: 2,
      marks: shared,
      lines: [
        { label: 'own bid', style: 'bid', points: line(({ bid }) => bid), stepped: true },
        { label: 'own ask', style: 'ask', points: line(({ ask }) => ask), stepped: true },
        { label: 'mid', style: 'mid', points: line(({ mid }) => mid) },
      ],
      dots: [
        { label: 'bought', style: 'buy', points: dots('buy') },
        { label: 'sold', style: 'sell', points: dots('sell') },
      ],
    },
    {
      title: 'Position',
      unit: 'coins',
      digits: 4,
      marks: shared,
      lines: [{ label: 'position', style: 'one', points: line(({ position }) => position), stepped: true }],
    },
    {
      title: 'PnL',
      unit: 'USDT',
      digits: 2,
      marks: shared,
      lines: [
        { label: 'spread captured', style: 'one', points: line(({ spreadUsd }) => spreadUsd) },
        { label: 'gross', style: 'gross', points: line(({ grossUsd }) => grossUsd) },
        { label: 'fees', style: 'fees', points: line(({ feesUsd }) => -feesUsd) },
        { label: 'funding', style: 'funding', points: line(({ fundingUsd }) => -fundingUsd) },
        { label: 'net', style: 'net', points: line(({ grossUsd, feesUsd, fundingUsd }) => grossUsd - feesUsd - fundingUsd) },
      ],
    },
    {
      title: 'Risk ratio',
      unit: 'worst-case position over the maximum',
      digits: 3,
      marks: shared,
      lines: [{ label: 'risk ratio', style: 'one', points: line(({ riskRatio }) => riskRatio), stepped: true }],
    },
  ];
  return `<h2>${escapeHtml(symbol)}</h2>${all.map((plot) => plotSvg(plot, elapsedMs)).join('\n')}`;
}

function tableHtml({ title, head, rows }: Table): string {
  const header = head.every((cell) => cell === '') ? '' : `<tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr>`;
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell) => `<td${classOf(cell)}>${row[0] === 'repeat' && cell !== 'repeat' ? `<code>${escapeHtml(cell)}</code>` : escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<h2>${escapeHtml(title)}</h2><div class="scroll"><table>${header}${body.join('')}</table></div>`;
}

function classOf(cell: string): string {
  if (cell === 'FAIL' || cell === 'BROKEN') return ' class="bad"';
  if (cell === 'pass' || cell === 'holds') return ' class="good"';
  return cell === 'too few samples' ? ' class="open"' : '';
}
