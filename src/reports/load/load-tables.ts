import { duration } from '../text/format.ts';
import type { LoadReport } from './load-report.ts';
import { errorTable, kneeTable, limitTable, loadGateTable, loadSummary, requestTable, stageTable } from './load-rows.ts';
import type { ReportTables, Table } from '../text/table.ts';

export function loadTables(report: LoadReport): ReportTables {
  const filled = ({ rows }: Table): boolean => rows.length > 0;
  return {
    origin: originTable(report),
    first: [loadGateTable(report), kneeTable(report)].filter(filled),
    rest: [summaryTable(report), stageTable(report), requestTable(report), errorTable(report), limitTable(report)].filter(filled),
  };
}

function originTable({ origin, elapsedMs, interrupted }: LoadReport): Table {
  const { seed, venue, market, limits, latency, symbols, perSecond, arrival, transport, limiter, amendRatio } = origin;
  const embedded = market === null ? '' : `: market ${market}, limits ${limits}, latency ${latency}`;
  const time = `${duration(elapsedMs)} of ${duration(origin.durationMs)}${interrupted ? ', interrupted' : ''}, after ${duration(origin.warmUpMs)} of warm-up`;
  return {
    title: 'Run',
    head: ['', ''],
    rows: [
      ['seed', seed],
      ['venue', `${venue}${embedded}`],
      ['symbols', symbols.join(', ')],
      ['load', `${Number(perSecond.toFixed(3))} orders/s ${arrival} over ${transport}, ${amendRatio * 100} % of them amended`],
      ...(limiter ? [] : [['limiter', 'off: no client-side limits on order counts']]),
      ['profile', `${origin.profile} (config ${origin.configHash})`],
      ['clock', `${origin.clock}, ${time}`],
      ['mmbot', origin.version],
      ['repeat', origin.repeat],
    ],
  };
}

function summaryTable(report: LoadReport): Table {
  return { title: 'Summary', head: ['', ''], rows: loadSummary(report) };
}
