import { duration, fixed, grouped } from './format.ts';
import type { SoakOrigin, SoakReport } from './soak-report.ts';

/** The report in a few lines, for a terminal; tables of gates and PnL go between the two. */

export function headline({ origin, elapsedMs, interrupted }: SoakReport): string {
  const time = interrupted ? `${duration(elapsedMs)} of ${duration(origin.durationMs)}, interrupted` : duration(elapsedMs);
  return [
    `seed ${origin.seed}`,
    marketOf(origin),
    origin.symbols.join(' '),
    `profile ${origin.profile} (config ${origin.configHash})`,
    `${origin.clock} clock, ${time}`,
    `mmbot ${origin.version}`,
  ].join(' · ');
}

function marketOf({ market, knobs, replay }: SoakOrigin): string {
  if (replay === undefined) return `market ${market} (psi ${knobs['psi']}, phi ${knobs['phi']})`;
  return `replay of ${replay.files.map(({ name }) => name).join(', ')} (${replay.from} to ${replay.to}, queue model ${replay.queueModel})`;
}

/** Label and text; the label is what a terminal may highlight. */
export function summaryLines(report: SoakReport, files: string): readonly (readonly [string, string])[] {
  const { invariants } = report;
  const broken = invariants.filter(({ holds }) => !holds).map(({ name, found }) => ['BROKEN', `${name}: ${found}`] as const);
  const { symbols } = report;
  return [
    ['Orders', ordersLine(report)],
    ['Latency', latencyLine(report)],
    ...(symbols.length > 1
      ? symbols.map(
          ({ symbol, fills, position, netUsd }) =>
            [symbol, `${grouped(fills)} fills, position ${position}, net ${fixed(netUsd)} USDT`] as const,
        )
      : []),
    ...(report.faults === null ? [] : [['Faults', faultsLine(report.faults)] as const]),
    ['Ledger', `${invariants.length - broken.length} of ${invariants.length} invariants hold against the exchange's own record`],
    ...broken,
    ['Report', `${files}/report.html, with report.md, report.json and journal.log`],
    ['Repeat', report.origin.repeat],
  ];
}

function faultsLine({ chosen, occurrences }: NonNullable<SoakReport['faults']>): string {
  const counted = chosen.map((name) => `${name} ${occurrences.filter((occurrence) => occurrence.name === name).length}×`);
  return counted.join(', ') || 'the seed drew none';
}

function ordersLine({ orders, pnl }: SoakReport): string {
  const acknowledged = orders.acknowledged + orders.amendsAcknowledged;
  return [
    `${grouped(acknowledged)} acknowledged (${grouped(orders.acknowledged)} new, ${grouped(orders.amendsAcknowledged)} amended)`,
    `${grouped(pnl.fills)} fills, ${grouped(pnl.makerFills)} as maker`,
    `${grouped(orders.failedRequests)} of ${grouped(orders.requests)} requests failed`,
    `${grouped(orders.denied.reduce((sum, [, count]) => sum + count, 0))} denied by risk`,
  ].join('; ');
}

function latencyLine({ latencyMs: { acknowledge, confirm } }: SoakReport): string {
  const ms = (value: number | null): string => fixed(value, 1);
  return `order to answer p50 ${ms(acknowledge.p50)}, p95 ${ms(acknowledge.p95)}, p99 ${ms(acknowledge.p99)} ms; to stream p95 ${ms(confirm.p95)} ms`;
}
