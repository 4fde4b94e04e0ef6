import { counted } from '../../util/counted.ts';
import { feeWords } from '../fee-words.ts';
import type { Cause, Failed, Headline, Tile } from '../html/headline.ts';
import { duration, fixed, grouped, percent, signed } from '../text/format.ts';
import type { BotReport, SoakOrigin, SoakReport } from './soak-report.ts';
import { figure, intervalText, limitOf } from './soak-rows.ts';

/** The first screen of `report.html`. */
export function soakPageHeadline(report: BotReport): Headline {
  const { total } = report.series;
  return {
    tiles: tilesOf(report),
    failed: failedOf(report),
    causes: causesOf(report),
    trend: {
      title: 'Net PnL over time, USDT',
      atMs: total.atMs,
      values: total.netUsd,
      endMs: report.elapsedMs,
      text: (value) => signed(value),
      hasSides: true,
    },
  };
}

/** `BTCUSDT, market btc, profile s1, 4m 00s`. */
export function subjectOf({ origin, elapsedMs }: SoakReport): string {
  const fees = feeWords(origin.fees).map((words) => `fees ${words}`);
  return [symbolsText(origin), `market ${origin.market}`, ...fees, `profile ${origin.profile}`, duration(elapsedMs)].join(' · ');
}

const MOST_SYMBOLS = 3;

function symbolsText({ symbols }: SoakOrigin): string {
  return symbols.length > MOST_SYMBOLS ? counted(symbols.length, 'symbol') : symbols.join(', ');
}

function tilesOf(report: BotReport): readonly Tile[] {
  const { pnl, elapsedMs } = report;
  const uptime = pnl.observedMs === 0 ? undefined : pnl.twoSidedMs / pnl.observedMs;
  const perMinute = (pnl.turnoverUsd / Math.max(elapsedMs, 1)) * 60_000;
  return [
    {
      label: 'net',
      value: signed(pnl.netUsd),
      unit: 'USDT',
      notes: edgeNotes(pnl),
      mood: pnl.fills === 0 ? undefined : pnl.netUsd < 0 ? 'bad' : 'good',
    },
    {
      label: 'fills',
      value: grouped(pnl.fills),
      unit: '',
      notes: pnl.fills === 0 ? [] : [`${percent(pnl.makerFills / pnl.fills)} as maker`],
    },
    { label: 'turnover', value: grouped(Math.round(pnl.turnoverUsd)), unit: 'USDT', notes: [`${grouped(Math.round(perMinute))} a minute`] },
    largestTile(report),
    { label: 'drawdown of net', value: fixed(pnl.drawdownUsd), unit: 'USDT', notes: ['from an earlier high'] },
    { label: 'quoting both sides', value: percent(uptime), unit: '', notes: ['of the time'] },
  ];
}

function edgeNotes({ netEdgeBps, netEdgeIntervalBps }: BotReport['pnl']): string[] {
  if (netEdgeBps === null) return ['no fills'];
  return [
    `${signed(netEdgeBps)} bps of turnover`,
    netEdgeIntervalBps === null ? 'too short for an interval' : `95 %: ${intervalText(netEdgeIntervalBps)}`,
  ];
}

function largestTile({ pnl, symbols }: BotReport): Tile {
  const [only] = symbols;
  const share = `${percent(pnl.largestPositionShare)} of the maximum`;
  const whose = symbols.length === 1 && only !== undefined ? `${only.largestPosition} coins` : 'of one symbol';
  return { label: 'largest position', value: grouped(Math.round(pnl.largestPositionUsd)), unit: 'USDT', notes: [share, whose] };
}

/** What cost and what held back most. All of what to try is in the tables. */
function causesOf({ costs, attribution }: BotReport): readonly Cause[] {
  const [cost] = costs;
  const [held] = attribution.heldBack;
  return [
    ...(cost === undefined ? [] : [{ name: 'cost most', text: `${cost.part}, ${signed(cost.usd)} USDT`, change: firstOf(cost.change) }]),
    ...(held === undefined
      ? []
      : [{ name: 'held back most', text: `${percent(held.share)} of the time: ${held.what}`, change: firstOf(held.change) }]),
  ];
}

/** The first of several things to try. */
function firstOf(change: string | null): string | undefined {
  return change?.split(/[,;(]/)[0]?.trim();
}

function failedOf({ invariants, gates }: BotReport): readonly Failed[] {
  return [
    ...invariants
      .filter(({ holds }) => !holds)
      .map(({ id, name, found }) => ({ name: `broken: ${id} ${name}`, measured: found, allowed: '' })),
    ...gates
      .filter(({ status }) => status === 'fail')
      .map((gate) => ({ name: gate.name, measured: figure(gate, gate.value), allowed: limitOf(gate) })),
  ];
}
