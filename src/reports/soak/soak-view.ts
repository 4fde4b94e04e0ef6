import type { Gate } from '../../harness/measures/gates.ts';
import { failureCount, requestCount, sumUp } from '../../harness/measures/measures.ts';
import { stepsToNumber } from '../../model/grid.ts';
import type { RunStatistics } from '../../harness/soak/run-statistics.ts';
import { duration, fixed, grouped, percent, signed } from '../text/format.ts';
import type { SoakOrigin } from './soak-report.ts';
import { sparkline } from '../text/sparkline.ts';
import { gatesText, LABEL, plotted, progressBar, row, viewWidth, type ViewPaint } from '../text/view-lines.ts';
import { counted } from '../../util/counted.ts';

export interface SoakProgress {
  readonly origin: SoakOrigin;
  readonly statistics: RunStatistics;
  /** As they would be judged now. */
  readonly gates: readonly Gate[];
  /** Real time since the start, ms. */
  readonly realMs: number;
}

const MOST_SYMBOLS = 6;

/** A running soak on one screen: a constant number of lines, none longer than `columns`. */
export function soakView(progress: SoakProgress, columns: number, paint: ViewPaint): string[] {
  const width = viewWidth(columns);
  return [
    ...timeLines(progress, width, paint),
    '',
    ...symbolLines(progress, width, paint),
    '',
    row('PnL', pnlText(progress), paint),
    row('latency', latencyText(progress, width), paint),
    row('orders', ordersText(progress), paint),
    row('gates now', gatesText(progress.gates, paint), paint),
    row('incidents', incidentsText(progress), paint),
  ];
}

/** The run and its progress. On the virtual clock it shows simulated and real time. */
function timeLines({ origin, statistics, realMs }: SoakProgress, width: number, paint: ViewPaint): string[] {
  const { bold, dim } = paint;
  const { seed, market, knobs, profile, configHash, clock, durationMs } = origin;
  const { elapsedMs } = statistics;
  const share = Math.min(1, elapsedMs / durationMs);
  const knobText = Object.keys(knobs).length === 0 ? '' : ` (psi ${knobs['psi']}, phi ${knobs['phi']})`;
  const times = `${String(Math.floor(share * 100)).padStart(3)} %  ${duration(elapsedMs)} of ${duration(durationMs)}`;
  const leftMs = share === 0 ? 0 : (realMs / share) * (1 - share);
  const real =
    clock === 'virtual'
      ? `simulated; ${duration(realMs)} real, ${grouped(Math.round(elapsedMs / Math.max(realMs, 1)))} times as fast, about ${duration(leftMs)} left`
      : `about ${duration(leftMs)} left`;
  return [
    `${bold('mmbot soak')} ${dim(`seed ${seed} · ${market}${knobText} · ${profile} (${configHash})`)}`,
    progressBar(share, times, width, paint),
    dim(real),
  ];
}

function symbolLines({ statistics }: SoakProgress, width: number, { dim }: ViewPaint): string[] {
  const tallies = [...statistics.symbols.values()];
  const cells = ([symbol = '', ...rest]: readonly string[]): string =>
    symbol.padEnd(LABEL) + rest.map((cell) => cell.padStart(10)).join('');
  const head = cells(['', 'mid', 'bid', 'ask', 'position', 'fills', 'net USDT']);
  const plot = width - head.length - 2;
  const lines = tallies.slice(0, MOST_SYMBOLS).map((tally) => {
    const { mid, bid, ask, netUsd } = tally.now;
    const { instrument, position, fills } = tally;
    const price = (value: number | undefined): string => fixed(value, instrument.tick.step.scale);
    const held = signed(stepsToNumber(position.quantity, instrument.lot), instrument.lot.step.scale);
    const bars = plot < 8 ? '' : `  ${sparkline(tally.trace('netUsd'), statistics.elapsedMs, plot)}`;
    return cells([instrument.symbol, price(mid), price(bid), price(ask), held, grouped(fills), signed(netUsd)]) + bars;
  });
  const more = tallies.length - MOST_SYMBOLS;
  return [dim(head), ...lines, ...(more > 0 ? [dim(`${more} more symbols`)] : [])];
}

function pnlText({ statistics }: SoakProgress): string {
  const { netUsd, spreadUsd, adverseUsd, feesUsd, fundingUsd } = sumUp(statistics);
  return `net ${signed(netUsd)}: spread ${signed(spreadUsd)}, adverse ${signed(adverseUsd)}, fees ${signed(-feesUsd)}, funding ${signed(-fundingUsd)}`;
}

function latencyText({ statistics }: SoakProgress, width: number): string {
  const { ackLatency, elapsedMs } = statistics;
  const ms = (q: number): string => fixed(ackLatency.quantile(q), 1);
  const text = `p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)} ms of ${grouped(ackLatency.count)}`;
  return plotted(text, () => statistics.series.latencyTrace(0.95), elapsedMs, width);
}

function ordersText({ statistics }: SoakProgress): string {
  const { fills, twoSidedMs, observedMs } = sumUp(statistics);
  const uptime = percent(observedMs === 0 ? undefined : twoSidedMs / observedMs);
  return `${grouped(requestCount(statistics))} requests, ${grouped(failureCount(statistics))} failed; ${counted(fills, 'fill')}; quoting ${uptime}`;
}

function incidentsText({ statistics }: SoakProgress): string {
  const { marks, marksDropped, activeFaults } = statistics;
  const last = marks.at(-1);
  const past = last === undefined ? 'none' : `${marks.length + marksDropped}, the last at ${duration(last.atMs)}: ${last.text}`;
  return activeFaults.length === 0 ? past : `${past}; faults now: ${activeFaults.join(', ')}`;
}
