import type { LoadGate } from '../../harness/load/sla.ts';
import { LOAD_KINDS } from '../../harness/load/load-plan.ts';
import { LOAD_STAGES, type LoadStage } from '../../harness/load/load-stage.ts';
import { duration, fixed, grouped, percent, roundedUp } from '../text/format.ts';
import type { LatencyFigures, LoadOrigin, LoadReport } from './load-report.ts';
import type { Table } from '../text/table.ts';

/** The tables of a load report, for the terminal and for Markdown. */

/** What each stage measures. */
const STAGE_NOTES: Readonly<Record<LoadStage, string>> = {
  schedule: 'due to timer fired',
  decide: 'due to approved by risk',
  queue: 'approved to sent: journal write and rate limiter queue',
  ack: 'due to answered',
  stream: 'due to seen on the private stream',
};

export function loadGateTable({ gates }: LoadReport): Table {
  const rows = gates.map((gate) => [gate.name, value(gate, gate.value), interval(gate), boundOf(gate), samples(gate), status(gate)]);
  return { title: 'Verdict', head: ['gate', 'measured', '95 % CI', 'allowed', 'samples', 'result'], rows };
}

export function stageTable({ stages, requests }: LoadReport): Table {
  const rows = LOAD_STAGES.map((stage) => [stage, ...latencyCells(stages[stage]), STAGE_NOTES[stage]]);
  const kinds = LOAD_KINDS.map((kind) => [`  ${kind}`, ...latencyCells(requests[kind].ack), `${kind}: due to answered`]);
  const [before, after] = [rows.slice(0, 4), rows.slice(4)];
  return {
    title: 'Latency, ms',
    head: ['stage', 'n', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max', 'from – to'],
    rows: [...before, ...kinds, ...after],
  };
}

export function requestTable({ requests }: LoadReport): Table {
  const rows = LOAD_KINDS.map((kind) => {
    const { due, sent, acknowledged, confirmed, failed, skipped } = requests[kind];
    const seen = kind === 'amend' ? '–' : grouped(confirmed);
    return [kind, grouped(due), grouped(sent), grouped(acknowledged), seen, grouped(failed), grouped(skipped)];
  });
  return { title: 'Requests', head: ['kind', 'due', 'sent', 'acknowledged', 'on the stream', 'failed', 'skipped'], rows };
}

export function errorTable({ errors }: LoadReport): Table {
  return { title: 'Errors', head: ['reason', 'requests'], rows: errors.map(([reason, count]) => [reason, grouped(count)]) };
}

export function limitTable({ limits: { endpoints } }: LoadReport): Table {
  const rows = (endpoints ?? []).map(({ endpoint, limit, worstRollingSecond, arrived, refused }) => [
    endpoint,
    grouped(worstRollingSecond),
    grouped(limit),
    grouped(arrived),
    grouped(refused),
  ]);
  return { title: 'Limits, as the exchange counted', head: ['endpoint', 'worst rolling second', 'limit', 'arrived', 'refused'], rows };
}

export function kneeTable({ knee }: LoadReport): Table {
  const rows = (knee?.steps ?? []).map(({ perSecond, achievedPerSecond, ack, errorRatio, verdict, brokenBy }) => [
    rate(perSecond),
    rate(achievedPerSecond),
    grouped(ack.count),
    ...[ack.p50, ack.p95, ack.p99].map((ms) => fixed(ms, 1)),
    percent(errorRatio),
    verdict === 'FAIL' ? brokenBy : verdict === 'PASS' ? 'holds' : 'holds, too few samples to prove it',
  ]);
  return { title: 'Steps', head: ['orders/s', 'achieved', 'n', 'p50', 'p95', 'p99', 'errors', 'result'], rows };
}

/** The settings of the run in one line. */
export function loadHeadline({ origin, elapsedMs, interrupted }: LoadReport): string {
  const { seed, venue, symbols, transport, arrival, limiter, profile, configHash, clock, durationMs, version } = origin;
  const time = interrupted ? `${duration(elapsedMs)} of ${duration(durationMs)}, interrupted` : duration(elapsedMs);
  return [
    `seed ${seed}`,
    `${venue}${embeddedWords(origin)}`,
    `${symbols.length} symbol${symbols.length === 1 ? '' : 's'}`,
    `${rate(origin.perSecond)}/s ${arrival} over ${transport}`,
    ...(limiter ? [] : ['no rate limiter, no limits on order counts']),
    `profile ${profile} (config ${configHash})`,
    `${clock} clock, ${time}`,
    `mmbot ${version}`,
  ].join(' · ');
}

function embeddedWords({ market, limits, latency }: LoadOrigin): string {
  return market === null ? '' : ` (market ${market}, limits ${limits}, latency ${latency})`;
}

/** Pairs of label and text. */
export function loadSummary(report: LoadReport): readonly (readonly [string, string])[] {
  const { rate: rates, resources, knee, cancelAll, restingAtEnd, fills } = report;
  const { rssPeakMb, rssSlopeMbPerHour, cpuRatio, loopLagMs } = resources;
  const achieved = `${rate(rates.achievedPerSecond)} orders/s of ${rate(rates.scheduledPerSecond)} due (${percent(rates.achievedRatio, 2)})`;
  const process = [
    `memory peak ${fixed(rssPeakMb, 0)} MB`,
    ...(rssSlopeMbPerHour === null ? [] : [`growing ${fixed(rssSlopeMbPerHour, 1)} MB/h`]),
    `processor ${percent(cpuRatio)}`,
    `event loop late p99 ${fixed(loopLagMs.p99, 1)} ms, max ${fixed(loopLagMs.max, 1)} ms`,
  ];
  return [
    ['Rate', `${achieved}; ${fixed(rates.requestsPerSecond, 1)} requests/s; ${fixed(rates.bookMessagesPerSecond, 0)} book messages/s`],
    ['Process', process.join('; ')],
    ...(fills === 0 ? [] : [['Fills', `${grouped(fills)} orders filled that were meant to rest: a position remains`] as const]),
    ['End', endWords(cancelAll, restingAtEnd)],
    ...(knee === null ? [] : [['Knee', kneeWords(knee)] as const]),
  ];
}

function endWords(cancelAll: LoadReport['cancelAll'], resting: number | null): string {
  const counted = resting === null ? '' : `; ${resting} open by the exchange's own record`;
  if (cancelAll === null) return `ORDERS MAY REMAIN: the exchange could not be read${counted}`;
  if (!cancelAll.verified)
    return `ORDERS MAY REMAIN: ${cancelAll.remaining.map(({ clientOrderId }) => clientOrderId).join(', ')}${counted}`;
  return `no order rests, proven by ${cancelAll.emptySnapshots} empty snapshots in a row${counted}; ${grouped(cancelAll.canceled)} canceled at the end`;
}

function kneeWords(knee: NonNullable<LoadReport['knee']>): string {
  const { lastGoodPerSecond, firstBadPerSecond } = knee;
  const broke = firstBadPerSecond === null ? 'no rate failed' : `${rate(firstBadPerSecond)}/s failed: ${kneeFailure(knee)}`;
  return lastGoodPerSecond === null ? `no rate held; ${broke}` : `${rate(lastGoodPerSecond)} orders/s held; ${broke}`;
}

/** The gates that the first bad rate failed; empty when none did. */
export function kneeFailure({ firstBadPerSecond, steps }: NonNullable<LoadReport['knee']>): string {
  return steps.find(({ perSecond, verdict }) => perSecond === firstBadPerSecond && verdict === 'FAIL')?.brokenBy ?? '';
}

/** The reason for the verdict. */
export function loadReason({ gates, verdict, elapsedMs, knee }: LoadReport): string {
  const failed = gates.filter(({ status }) => status === 'fail');
  if (failed.length > 0) return failed.map((gate) => `${gate.name} ${value(gate, gate.value)}, allowed ${allowed(gate)}`).join('; ');
  const open = gates.filter(({ status }) => status === 'too_few_samples');
  if (open.length > 0) {
    const enough = elapsedMs * Math.max(...open.map((gate) => (gate.samples === 0 ? 1 : gate.needed / gate.samples)));
    // The duration of a search is that of each of its steps.
    const longer =
      enough === 0 ? 'run longer' : `try --duration ${roundedUp(enough)}${knee === null ? ', or a higher rate' : ' for each step'}`;
    return `too few samples for ${open.map((gate) => `${gate.name} (${samples(gate)})`).join(', ')}: ${longer}`;
  }
  return verdict === 'PASS' ? gates.map((gate) => `${gate.name} ${value(gate, gate.value)}`).join(', ') : 'nothing was measured';
}

function latencyCells({ count, p50, p90, p95, p99, p999, max }: LatencyFigures): readonly string[] {
  return [grouped(count), ...[p50, p90, p95, p99, p999, max].map((ms) => fixed(ms, 2))];
}

export function value({ unit }: LoadGate, figure: number | undefined): string {
  return unit === 'ms' ? `${fixed(figure, 2)} ms` : percent(figure, 2);
}

function interval({ interval }: LoadGate): string {
  return interval === undefined ? '' : `${fixed(interval[0], 2)} – ${fixed(interval[1], 2)} ms`;
}

function samples({ samples, needed }: LoadGate): string {
  return samples < needed ? `${grouped(samples)} of ${grouped(needed)}` : grouped(samples);
}

function status({ status }: LoadGate): string {
  return status === 'fail' ? 'FAIL' : status === 'pass' ? 'pass' : 'too few samples';
}

export function boundOf(gate: LoadGate): string {
  return `${gate.atMost ? '≤' : '≥'} ${value(gate, gate.bound)}`;
}

function allowed(gate: LoadGate): string {
  return `${gate.atMost ? 'at most' : 'at least'} ${value(gate, gate.bound)}`;
}

/** Orders per second, with as many digits as needed. */
export function rate(perSecond: number): string {
  return perSecond >= 100 ? grouped(Math.round(perSecond)) : fixed(perSecond, perSecond >= 10 ? 1 : 3);
}
