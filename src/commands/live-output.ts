import type { ExitCode } from '../errors.ts';
import type { CancelReport } from '../execution/cancel-report.ts';
import { hasFailed } from '../execution/preflight.ts';
import type { Check } from '../execution/preflight-check.ts';
import { sumUp } from '../harness/measures.ts';
import type { SoakStatistics } from '../harness/soak-statistics.ts';
import type { SymbolTally } from '../harness/symbol-tally.ts';
import type { Host } from '../host.ts';
import { stepsToNumber } from '../model/grid.ts';
import { duration, fixed, grouped, signed } from '../reports/format.ts';
import { progressFields, progressLine } from '../reports/soak-progress.ts';
import type { TradingState } from '../risk/trading-state.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { OutputOptions } from './options.ts';
import type { Screen } from './screen.ts';
import { paint, textTable } from './table.ts';

const PIPE_EVERY = 10;

/** The checks before the first order: all of them when they are what was asked for, else those that need a person. */
export function showChecks(host: Host, checks: readonly Check[], log: Logger, { json }: OutputOptions, isResult: boolean): void {
  for (const { id, result, found, fix } of checks)
    log[result === 'ok' ? 'debug' : result === 'warn' ? 'warn' : 'error']('preflight', { id, result, found, fix });
  if (!isResult && !hasFailed(checks)) return;
  if (json) {
    host.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, command: 'live', ok: !hasFailed(checks), exitCode: hasFailed(checks) ? 1 : 0, checks }, undefined, 2)}\n`,
    );
    return;
  }
  const color = paint(host);
  const words = { ok: color.green('ok'), warn: color.yellow('warn'), fail: color.red('FAIL') };
  host.stdout.write(
    textTable(
      host,
      ['CHECK', 'RESULT', 'FOUND', 'WHAT TO DO'],
      checks.map(({ id, result, found, fix }) => [id, words[result], found, fix]),
    ),
  );
}

/** Every second on a terminal, in a pipe every ten. */
export function showStatus(
  { stderr }: Host,
  log: Logger,
  screen: Screen,
  statistics: SoakStatistics,
  trading: TradingState,
  { quiet }: OutputOptions,
): void {
  if (quiet) return;
  const state = trading.mode === 'frozen' ? `FROZEN: ${trading.reason}` : trading.mode;
  if (stderr.isTerminal) screen.show([`${state} · ${progressLine(statistics, undefined)}`]);
  else if (Math.round(statistics.elapsedMs / 1000) % PIPE_EVERY === 0)
    log.info('live_status', { state: trading.mode, ...progressFields(statistics) });
}

/** A run whose orders stayed in this machine. */
export interface ShadowOf {
  /** Whose market it was. */
  readonly market: string;
  readonly queueModel: string;
  /** From here to there and back. */
  readonly roundTripMs: number;
}

export interface LiveEnd {
  readonly statistics: SoakStatistics;
  /** Undefined when the exchange could not be read. */
  readonly report: CancelReport | undefined;
  readonly trading: TradingState;
  readonly exitCode: ExitCode;
  readonly shadowOf: ShadowOf | undefined;
}

export function showEnd(host: Host, { statistics, report, trading, exitCode, shadowOf }: LiveEnd, { json }: OutputOptions): void {
  const { fills, turnoverUsd, netUsd, feesUsd } = sumUp(statistics);
  if (json) {
    const positions = Object.fromEntries([...statistics.symbols].map(([symbol, tally]) => [symbol, heldBy(tally)]));
    const figures = { elapsedMs: Math.round(statistics.elapsedMs), fills, turnoverUsd, feesUsd, netUsd, positions };
    host.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, command: 'live', ok: exitCode === 0, exitCode, shadow: shadowOf ?? null, trading, figures, cancelAll: report ?? null }, undefined, 2)}\n`,
    );
    return;
  }
  const color = paint(host);
  const verified = shadowOf === undefined ? 'VERIFIED EMPTY' : 'NOTHING RESTS';
  const proof =
    report?.verified === true
      ? `${color.green.bold(verified)}: ${grouped(report.found)} orders found, ${grouped(report.canceled)} canceled, ${grouped(report.filledMeanwhile)} filled meanwhile`
      : `${color.red.bold('ORDERS MAY REMAIN')}: ${report === undefined ? 'the exchange could not be read' : report.remaining.map(({ clientOrderId }) => clientOrderId).join(', ')}; run mmbot cancel-all --force`;
  const frozen = trading.mode === 'frozen' ? `frozen: ${trading.reason}\n` : '';
  const head = shadowOf === undefined ? '' : `${color.bold(shadowLine(shadowOf))}\n`;
  host.stdout.write(
    `${head}${duration(statistics.elapsedMs)}, ${grouped(fills)} fills, turnover ${fixed(turnoverUsd, 0)} USDT, fees ${fixed(feesUsd)}, net ${signed(netUsd)} USDT; position ${positionsIn(statistics)}\n${frozen}${proof}\n`,
  );
}

/** What a shadow's figures are, and are not. */
function shadowLine({ market, queueModel, roundTripMs }: ShadowOf): string {
  return `SHADOW of ${market}: no order was sent; fills are what queue model ${queueModel} makes of its market, ${roundTripMs} ms away`;
}

function positionsIn({ symbols }: SoakStatistics): string {
  return [...symbols.values()]
    .map((tally) => `${tally.instrument.baseCoin} ${signed(heldBy(tally), tally.instrument.lot.step.scale)}`)
    .join(', ');
}

/** In base coin; long > 0. */
function heldBy({ position, instrument }: SymbolTally): number {
  return stepsToNumber(position.quantity, instrument.lot);
}
