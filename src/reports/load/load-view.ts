import type { RunningStep } from '../../harness/load/load-run.ts';
import { LOAD_KINDS } from '../../harness/load/load-plan.ts';
import { duration, fixed, grouped, percent } from '../text/format.ts';
import type { LoadOrigin } from './load-report.ts';
import { gatesText, LABEL, plotted, progressBar, row, viewWidth, type ViewPaint } from '../text/view-lines.ts';

/** A running load test on one screen: a constant number of lines, none longer than `columns`. */
export function loadView(step: RunningStep, origin: LoadOrigin, columns: number, paint: ViewPaint): string[] {
  const width = viewWidth(columns);
  const { statistics, gates, reading } = step;
  const plain: readonly (readonly [label: string, text: string])[] = [
    ['rate', rateText(step)],
    ['requests', requestsText(step)],
    ['latency', latencyText(step, width)],
    ['stages p99', stagesText(step)],
    ['errors', errorsText(statistics)],
    ['process', processText(reading)],
  ];
  const { bold, dim } = paint;
  return [
    `${bold('mmbot load-test')} ${dim(cut(headText(origin), width - 'mmbot load-test '.length))}`,
    progressBar(shareOf(step), timeText(step), width, paint),
    dim(cut(searchText(step), width)),
    '',
    ...plain.map(([label, text]) => row(label, cut(text, width - LABEL), paint)),
    row('gates now', gatesText(gates, paint), paint),
  ];
}

function rate(perSecond: number): string {
  return fixed(perSecond, perSecond >= 100 ? 0 : 2);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function headText({ seed, venue, market, latency, symbols, transport, arrival, limiter }: LoadOrigin): string {
  const where = market === null ? venue : `${venue}, market ${market}, latency ${latency}`;
  return `seed ${seed} · ${where} · ${symbols.length} symbol${symbols.length === 1 ? '' : 's'} · ${arrival} over ${transport}${limiter ? '' : ', no limiter'}`;
}

function shareOf({ isWarmingUp, elapsedMs, durationMs }: RunningStep): number {
  return isWarmingUp ? 0 : Math.min(1, elapsedMs / durationMs);
}

function timeText(step: RunningStep): string {
  const { isWarmingUp, elapsedMs, durationMs } = step;
  const done = `${String(Math.floor(shareOf(step) * 100)).padStart(3)} %  `;
  return isWarmingUp ? 'warming up' : `${done}${duration(elapsedMs)} of ${duration(durationMs)}`;
}

/** For a search: the rates that passed and those that failed so far. */
function searchText({ earlier, perSecond, number }: RunningStep): string {
  if (earlier.length === 0) return `${rate(perSecond)} orders/s requested`;
  const held = earlier.filter(({ verdict }) => verdict !== 'FAIL').map((step) => step.perSecond);
  const broke = earlier.filter(({ verdict }) => verdict === 'FAIL').map((step) => step.perSecond);
  const text = (rates: readonly number[], best: number): string => (rates.length === 0 ? 'none yet' : `${rate(best)}/s`);
  return `step ${number + 1}: ${rate(perSecond)} orders/s requested; passed so far ${text(held, Math.max(...held))}, failed ${text(broke, Math.min(...broke))}`;
}

function rateText({ statistics, elapsedMs, perSecond }: RunningStep): string {
  const sent = (1000 * statistics.sentInWindow) / Math.max(1, elapsedMs);
  return `${rate(sent)} of ${rate(perSecond)} orders/s sent (${percent(elapsedMs === 0 ? undefined : sent / perSecond)})`;
}

function requestsText({ statistics: { counts } }: RunningStep): string {
  return LOAD_KINDS.map((kind) => {
    const { due, acknowledged, confirmed } = counts[kind];
    const seen = kind === 'amend' ? '' : `, ${grouped(confirmed)} seen`;
    return `${kind} ${grouped(acknowledged)}/${grouped(due)} acknowledged${seen}`;
  }).join(' · ');
}

/** With a plot of the slowest answer of each second. */
function latencyText({ statistics, elapsedMs }: RunningStep, width: number): string {
  const { ack } = statistics.stages;
  const ms = (q: number): string => fixed(ack.quantile(q), 1);
  const text = `p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, max ${fixed(ack.max, 1)} ms of ${grouped(ack.count)}`;
  return plotted(text, () => statistics.series.worstAnswers(elapsedMs), elapsedMs, width);
}

function stagesText({ statistics: { stages } }: RunningStep): string {
  const stage = (name: 'schedule' | 'decide' | 'queue' | 'stream'): string => `${name} ${fixed(stages[name].quantile(0.99), 1)}`;
  return `${stage('schedule')}, ${stage('decide')}, ${stage('queue')}, ${stage('stream')} ms`;
}

function errorsText({ errors, failed }: RunningStep['statistics']): string {
  const reasons = errors.entries().map(([reason, count]) => `${reason} ${grouped(count)}`);
  return failed === 0 ? 'none' : `${grouped(failed)}: ${reasons.join(', ')}`;
}

/** Empty in simulated time. */
function processText({ rssMb, cpuRatio, loopLagMs }: RunningStep['reading']): string {
  if (rssMb === null) return '–';
  return `${fixed(rssMb, 0)} MB, ${percent(cpuRatio)} of a processor, largest event loop delay ${fixed(loopLagMs, 1)} ms`;
}
