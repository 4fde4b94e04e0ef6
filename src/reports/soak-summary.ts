import { duration, fixed, grouped } from './format.ts';
import type { SoakReport } from './soak-report.ts';

/** The report in a few lines, for a terminal; tables of gates and PnL go between the two. */

export function headline({ origin, elapsedMs, interrupted }: SoakReport): string {
  const { psi, phi } = origin.knobs;
  const time = interrupted ? `${duration(elapsedMs)} of ${duration(origin.durationMs)}, interrupted` : duration(elapsedMs);
  return [
    `seed ${origin.seed}`,
    `market ${origin.market} (psi ${psi}, phi ${phi})`,
    origin.symbols.join(' '),
    `profile ${origin.profile} (config ${origin.configHash})`,
    `${origin.clock} clock, ${time}`,
    `mmbot ${origin.version}`,
  ].join(' · ');
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
    ['Ledger', `${invariants.length - broken.length} of ${invariants.length} invariants hold against the exchange's own record`],
    ...broken,
    ['Report', `${files}/report.html, with report.md, report.json and journal.log`],
    ['Repeat', report.origin.repeat],
  ];
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
