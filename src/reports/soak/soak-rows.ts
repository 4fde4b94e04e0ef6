import { MOST_GROWTH, type Gate } from '../../harness/measures/gates.ts';
import { clockTime, duration, fixed, grouped, percent, roundedUp, signed } from '../text/format.ts';
import type { BotReport, ReplayOrigin, SoakReport } from './soak-report.ts';
import type { Interval } from '../../statistics/block-bootstrap.ts';
import { feeWords } from '../fee-words.ts';
import type { Table } from '../text/table.ts';

/** The tables of a soak report. */

const STATUS = { pass: 'pass', fail: 'FAIL', too_few_samples: 'too few samples', not_measured: 'not measured' } as const;

/** The reason for the verdict, in one sentence. */
export function reasonOf({ verdict, gates, invariants, elapsedMs, origin }: SoakReport): string {
  if (verdict === 'PASS') {
    const isLookedAt = invariants.every(({ lookedAt }) => lookedAt);
    return `every invariant ${isLookedAt ? '' : 'that was exercised '}holds and every gate passed`;
  }
  if (verdict === 'FAIL') {
    const broken = invariants.filter(({ holds }) => !holds).map(({ name, found }) => `broken: ${name} (${found})`);
    return [...broken, ...failedGates(gates)].join('; ');
  }
  const ways = (time: string): string => (origin.replay === undefined ? `: try --duration ${time}` : ', of a recording');
  return openGates(gates, elapsedMs, ways);
}

/** Of the gates that are open a sentence names so many; the table has all. */
const MOST_NAMED = 4;

/** Why the gates that have too few samples are open, and how long a run would have enough. `how`: to run that long. */
export function openGates(gates: readonly Gate[], elapsedMs: number, how: (time: string) => string = () => ''): string {
  const open = gates.filter(({ status }) => status === 'too_few_samples');
  const growth = Math.max(...open.map(({ samples, needed }) => (samples === 0 ? 1 : needed / samples)));
  const time = roundedUp(elapsedMs * growth);
  const more = open.length > MOST_NAMED ? ` and ${open.length - MOST_NAMED} more` : '';
  const found = `too few samples for ${open.slice(0, MOST_NAMED).map(openGate).join(', ')}${more}`;
  const isEndless = open.some(({ interval, samples, needed }) => interval !== undefined && needed >= MOST_GROWTH * samples);
  return isEndless ? `${found}; more than ${time} at this rate` : `${found}; about ${time} at this rate${how(time)}`;
}

function openGate(gate: Gate): string {
  const { name, samples, needed, interval, unit } = gate;
  const why = interval === undefined ? '' : `, 95 %: ${intervalText(interval)} ${unit}, allowed ${boundOf(gate)}`;
  return `${name} (${grouped(samples)} of ${grouped(needed)}${why})`;
}

/** For each gate that failed, what was measured and what is allowed. */
export function failedGates(gates: readonly Gate[]): string[] {
  return gates
    .filter(({ status }) => status === 'fail')
    .map((gate) => `${gate.name} ${figure(gate, gate.value)}${surenessOf(gate)}, allowed ${boundOf(gate)}`);
}

/** ` (95 %: -4.87 to -2.10)` for a gate that judges by an interval. */
function surenessOf({ interval }: Gate): string {
  return interval === undefined ? '' : ` (95 %: ${intervalText(interval)})`;
}

/** Sentences on what is missing: a run that ended early, a decision that was asked for and not made. */
export function notesOn(report: SoakReport): string[] {
  const { interrupted, elapsedMs } = report;
  return [...(interrupted ? [`Interrupted after ${duration(elapsedMs)}: the figures cover what ran.`] : []), ...missingMoment(report)];
}

/** Empty when the decisions that were asked for are shown, or none was. */
export function missingMoment({ askedMoment }: BotReport): string[] {
  if (askedMoment === null || askedMoment.missing === null) return [];
  const time = clockTime(askedMoment.atMs);
  return [
    askedMoment.missing === 'run_ended_before'
      ? `--explain-at: the run ended before ${time}.`
      : `--explain-at: nothing had been decided at ${time}.`,
  ];
}

export function originTable({ origin, elapsedMs }: SoakReport): Table {
  const knobs = Object.entries(origin.knobs).map(([name, value]) => `${name} ${value}`);
  return {
    title: 'Run',
    head: ['', ''],
    rows: [
      ['seed', origin.seed],
      ...(origin.replay === undefined ? [['market', [origin.market, ...knobs].join(', ')]] : replayRows(origin.replay)),
      ['symbols', origin.symbols.join(', ')],
      ['profile', `${origin.profile} (config ${origin.configHash})`],
      ...(origin.faults === 'none' ? [] : [['faults', origin.faults]]),
      ...feeWords(origin.fees).map((words) => ['fees', words]),
      ['clock', `${origin.clock}, ${duration(elapsedMs)} of ${duration(origin.durationMs)}`],
      ['mmbot', origin.version],
      ['repeat', origin.repeat],
    ],
  };
}

/** What a recording does not have, and what that means for the figures. */
export function recordingLacks({ trades, settlements, fundingRates }: ReplayOrigin): { readonly what: string; readonly meaning: string }[] {
  const noTrades = 'no trades: an order is filled only when the price moves through it, never by its place in the queue';
  const noFunding = 'no funding rate: the funding that is settled in this time is a guess of the simulator';
  return [
    ...(trades === 0 ? [{ what: 'trades', meaning: noTrades }] : []),
    ...(settlements > 0 && fundingRates === 0 ? [{ what: 'funding', meaning: noFunding }] : []),
  ];
}

function replayRows(replay: ReplayOrigin): string[][] {
  const overlap = replay.overlapping === 0 ? '' : `, ${grouped(replay.overlapping)} in two files`;
  return [
    ['market', `replay: ${grouped(replay.bookMessages)} book messages and ${grouped(replay.trades)} trades${overlap}`],
    ['recorded', `${replay.from} to ${replay.to}, longest gap ${duration(replay.longestGapMs)}`],
    ['queue model', replay.queueModel],
    ...recordingLacks(replay).map(({ meaning }) => ['not recorded', meaning]),
    ...replay.files.map(({ name, bytes, sha256 }) => ['recording', `${name}, ${grouped(bytes)} bytes, sha256 ${sha256}`]),
  ];
}

export function gateTable({ gates }: BotReport): Table {
  return {
    title: 'Gates',
    head: ['gate', 'measured', 'allowed', 'samples', 'result'],
    rows: gates.map((gate) => [
      gate.name,
      figure(gate, gate.value),
      limitOf(gate),
      sampleText(gate),
      gate.note === undefined ? STATUS[gate.status] : `${STATUS[gate.status]}: ${gate.note}`,
    ]),
  };
}

function resultOf({ holds, lookedAt }: BotReport['invariants'][number]): string {
  if (!holds) return 'BROKEN';
  return lookedAt ? 'holds' : 'not exercised';
}

/** `idle`: not broken, but nothing happened that could have broken them. */
export function invariantCounts(invariants: BotReport['invariants']): { readonly [K in 'broken' | 'idle' | 'held']: number } {
  const broken = invariants.filter(({ holds }) => !holds).length;
  const idle = invariants.filter(({ holds, lookedAt }) => holds && !lookedAt).length;
  return { broken, idle, held: invariants.length - broken - idle };
}

export function invariantTable({ invariants }: BotReport): Table {
  const { broken, idle, held } = invariantCounts(invariants);
  return {
    title: 'Invariants, checked against the exchange’s own ledger, the wire and the journal',
    inShort: broken > 0 ? undefined : idle === 0 ? `all ${held} hold` : `${held} hold, ${idle} not exercised`,
    head: ['', 'invariant', 'by', 'found', 'result'],
    rows: invariants.map((invariant) => {
      const { id, name, sources, found } = invariant;
      return [id, name, sources.join(', '), found, resultOf(invariant)];
    }),
  };
}

export function pnlTable({ pnl }: BotReport): Table {
  return {
    title: 'PnL',
    head: ['', 'USDT', 'bps of turnover'],
    rows: [
      ['spread captured', signed(pnl.spreadUsd), bps(pnl.spreadUsd, pnl.turnoverUsd)],
      ['adverse selection', signed(pnl.selectionUsd), bps(pnl.selectionUsd, pnl.turnoverUsd)],
      ['drift of the position', signed(pnl.driftUsd), bps(pnl.driftUsd, pnl.turnoverUsd)],
      ['gross', signed(pnl.grossUsd), signed(pnl.grossEdgeBps)],
      ['fees', signed(-pnl.feesUsd), bps(-pnl.feesUsd, pnl.turnoverUsd)],
      ['funding', signed(-pnl.fundingUsd), bps(-pnl.fundingUsd, pnl.turnoverUsd)],
      ['net', signed(pnl.netUsd), signed(pnl.netEdgeBps)],
      ...(pnl.netEdgeIntervalBps === null ? [] : [['95 % interval of net', '', intervalText(pnl.netEdgeIntervalBps)]]),
    ],
  };
}

/** Undefined without faults. */
export function faultTable({ faults }: BotReport): Table | undefined {
  if (faults === null) return undefined;
  return {
    title: 'Faults',
    head: ['fault', 'occurrences', 'hits', 'at'],
    rows: faults.chosen.map((name) => {
      const times = faults.occurrences.filter((occurrence) => occurrence.name === name);
      const hits = times.reduce((sum, each) => sum + each.hits, 0);
      return [name, grouped(times.length), grouped(hits), timesText(times)];
    }),
  };
}

const MOST_TIMES = 8;

function timesText(times: readonly { readonly fromMs: number; readonly toMs: number }[]): string {
  const shown = times.slice(0, MOST_TIMES).map(({ fromMs, toMs }) => `${duration(fromMs)} for ${fixed((toMs - fromMs) / 1000, 1)} s`);
  return [...shown, ...(times.length > MOST_TIMES ? [`${times.length - MOST_TIMES} more`] : [])].join(', ') || 'never';
}

const MOST_INCIDENTS = 50;

/** Freezes, lost streams and lost books; faults have a table of their own. Undefined without any. */
export function incidentTable({ marks, marksDropped }: BotReport): Table | undefined {
  const incidents = marks.filter(({ kind }) => kind !== 'fault');
  if (incidents.length === 0) return undefined;
  const more = incidents.length - MOST_INCIDENTS + marksDropped;
  return {
    title: 'Incidents',
    head: ['at', 'for', 'what'],
    rows: [
      ...incidents
        .slice(0, MOST_INCIDENTS)
        .map(({ atMs, untilMs, kind, text }) => [
          duration(atMs),
          untilMs === null ? '–' : `${fixed((untilMs - atMs) / 1000, 1)} s`,
          kind === 'freeze' ? `frozen: ${text}` : text,
        ]),
      ...(more > 0 ? [['', '', `${grouped(more)} more`]] : []),
    ],
  };
}

export function symbolTable({ symbols }: BotReport): Table {
  return {
    title: 'Symbols',
    head: ['symbol', 'fills', 'turnover USDT', 'position', 'net USDT', 'two-sided'],
    rows: symbols.map((row) => [
      row.symbol,
      grouped(row.fills),
      fixed(row.turnoverUsd, 0),
      String(row.position),
      signed(row.netUsd),
      percent(row.uptime),
    ]),
  };
}

export function orderTable({ orders, pnl }: BotReport): Table {
  const list = (entries: readonly (readonly [string, number])[]): string =>
    entries.map(([word, count]) => `${word} ${grouped(count)}`).join(', ') || 'none';
  return {
    title: 'Orders',
    head: ['', ''],
    rows: [
      ['orders acknowledged', `${grouped(orders.acknowledged)} of ${grouped(orders.sent)} sent`],
      ['amends acknowledged', grouped(orders.amendsAcknowledged)],
      ['cancels sent', grouped(orders.cancels)],
      ['fills', `${grouped(pnl.fills)}, ${grouped(pnl.makerFills)} as maker`],
      ['closed', list(orders.closings)],
      ['failed requests', `${grouped(orders.failedRequests)} of ${grouped(orders.requests)}: ${list(orders.failures)}`],
      ['denied by risk', list(orders.denied)],
      ['dropped in the queue', grouped(orders.dropped)],
      ['holds', list(orders.holds)],
      ['reconciliation', list(orders.divergences)],
    ],
  };
}

const SPREAD_HEAD = ['', 'samples', 'mean', 'p50', 'p95', 'p99', 'max'];

export function latencyTable({ latencyMs }: BotReport): Table {
  return {
    title: 'Latency, ms',
    head: SPREAD_HEAD,
    rows: [
      spreadRow('order, decision to answer', latencyMs.acknowledge),
      spreadRow('order, decision to private stream', latencyMs.confirm),
      spreadRow('wait in the rate limiter queue', latencyMs.queue),
      spreadRow('cancel, decision to answer', latencyMs.cancel),
    ],
  };
}

export function riskTable({ riskRatio }: BotReport): Table {
  return { title: 'Risk ratio', head: SPREAD_HEAD, rows: [spreadRow('worst-case position over its maximum', riskRatio, 3)] };
}

function spreadRow(name: string, { count, mean, p50, p95, p99, max }: BotReport['riskRatio'], digits = 2): string[] {
  return [name, grouped(count), ...[mean, p50, p95, p99, max].map((value) => fixed(value, digits))];
}

/** The bound as the profile sets it. */
export function limitOf({ atMost, bound, unit }: Gate): string {
  return `${atMost ? '≤' : '≥'} ${bound}${unit === '' ? '' : ` ${unit}`}`;
}

export function figure({ unit }: Pick<Gate, 'unit'>, value: number | undefined): string {
  if (value === undefined) return fixed(value);
  return unit === '' ? fixed(value, 3) : `${fixed(value)} ${unit}`;
}

/** `at most 0.100`. */
export function boundOf(gate: Pick<Gate, 'unit' | 'bound' | 'atMost'>): string {
  return `${gate.atMost ? 'at most' : 'at least'} ${figure(gate, gate.bound)}`;
}

function sampleText({ samples, needed, status }: Gate): string {
  return status === 'too_few_samples' ? `${grouped(samples)} of ${grouped(needed)}` : grouped(samples);
}

/** `-3.79 to -1.37`. */
export function intervalText([low, high]: Interval): string {
  return `${signed(low)} to ${signed(high)}`;
}

function bps(usd: number, turnoverUsd: number): string {
  return turnoverUsd === 0 ? '–' : signed((usd / turnoverUsd) * 10_000);
}
