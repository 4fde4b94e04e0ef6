import { counted } from '../../util/counted.ts';
import { duration, fixed, grouped, percent, signed } from '../text/format.ts';
import type { Table } from '../text/table.ts';
import type { RunFigures, TradeFigures, TradeReport } from './trade-report.ts';

/** The tables of a trade report, for the terminal, Markdown and HTML. */

const MONEY = ['fills', 'maker', 'turnover', 'fees', 'funding', 'net', 'bps'];

/** Paid amounts are shown as gains, so that a row adds up from left to right. */
function money({ fills, makerFills, turnoverUsd, fees, funding, netUsd, netEdgeBps }: TradeFigures): string[] {
  return [
    grouped(fills),
    percent(fills === 0 ? undefined : makerFills / fills, 0),
    fixed(turnoverUsd, 0),
    signed(-Number(fees)),
    signed(-Number(funding)),
    signed(netUsd),
    signed(netEdgeBps),
  ];
}

function symbolTable({ symbols, figures }: TradeReport): Table {
  const rows = symbols.map((row) => [row.symbol, ...money(row), String(row.position), row.price === null ? '–' : String(row.price)]);
  const all = symbols.length > 1 ? [['all', ...money(figures), '', '']] : [];
  return { title: 'Symbols, USDT', head: ['symbol', ...MONEY, 'position', 'at price'], rows: [...rows, ...all] };
}

function dayTable({ days }: TradeReport): Table {
  return { title: 'Days, UTC', head: ['day', ...MONEY], rows: days.map((day) => [day.day, ...money(day)]) };
}

function runTable({ runs }: TradeReport): Table {
  return {
    title: 'Runs',
    head: ['started, UTC', 'lasted', 'fills', 'net', 'end', 'config'],
    rows: runs.map((run) => [
      clockText(run.startedAt).slice(0, 16),
      run.lastedMs === null ? '–' : duration(run.lastedMs),
      grouped(run.fills),
      signed(run.netUsd),
      endText(run),
      run.configHash,
    ]),
  };
}

const ENDS = {
  stopped: 'stopped, nothing rests',
  orders_may_remain: 'ORDERS MAY REMAIN',
  running: 'running',
  unknown: 'no stop recorded',
} as const;

function endText({ end, frozen }: RunFigures): string {
  return frozen === null ? ENDS[end] : `${ENDS[end]}; frozen: ${frozen}`;
}

function unrecordedTable({ unrecorded }: TradeReport): Table {
  return {
    title: 'Positions that changed without a recorded execution',
    head: ['at, UTC', 'symbol', 'change'],
    rows: unrecorded.map(({ at, symbol, change }) => [clockText(at), symbol, String(change)]),
  };
}

/** The tables that have rows. */
export function tradeTables(report: TradeReport): readonly Table[] {
  return [symbolTable(report), dayTable(report), runTable(report), unrecordedTable(report)].filter(({ rows }) => rows.length > 0);
}

/** What the report covers, in one sentence. */
export function coverage({ from, to, runs, figures }: TradeReport): string {
  const what = figures.fills === 0 ? 'no execution' : counted(figures.fills, 'execution');
  return `${clockText(from)} to ${clockText(to)} UTC: ${what} of ${counted(runs.length, 'run')}`;
}

/** Why the record is whole, or why not. */
export function reasonOf({ problems, isRunning }: TradeReport): string {
  if (problems.length > 0) return problems.join('; ');
  return isRunning
    ? 'every execution that is recorded until now; a bot is running, or one is starting'
    : 'every execution that mmbot recorded, up to a stop in order';
}

/** `2026-11-29 16:05:07`. */
function clockText(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** The verdict as people read it. */
export function verdictText({ verdict }: TradeReport): string {
  return verdict.replace('_', ' ');
}
