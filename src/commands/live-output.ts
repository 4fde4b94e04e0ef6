import type { ExitCode } from '../errors.ts';
import type { CancelReport } from '../execution/cancel-report.ts';
import { hasFailed } from '../execution/preflight.ts';
import type { Check } from '../execution/preflight-check.ts';
import { sumUp } from '../harness/measures.ts';
import type { SoakStatistics } from '../harness/soak-statistics.ts';
import type { Host } from '../host.ts';
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

export function showEnd(
  host: Host,
  statistics: SoakStatistics,
  report: CancelReport | undefined,
  trading: TradingState,
  exitCode: ExitCode,
  { json }: OutputOptions,
): void {
  const { fills, turnoverUsd, netUsd, feesUsd } = sumUp(statistics);
  if (json) {
    const figures = { elapsedMs: Math.round(statistics.elapsedMs), fills, turnoverUsd, feesUsd, netUsd };
    host.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, command: 'live', ok: exitCode === 0, exitCode, trading, figures, cancelAll: report ?? null }, undefined, 2)}\n`,
    );
    return;
  }
  const color = paint(host);
  const proof =
    report?.verified === true
      ? `${color.green.bold('VERIFIED EMPTY')}: ${grouped(report.found)} orders found, ${grouped(report.canceled)} canceled, ${grouped(report.filledMeanwhile)} filled meanwhile`
      : `${color.red.bold('ORDERS MAY REMAIN')}: ${report === undefined ? 'the exchange could not be read' : report.remaining.map(({ clientOrderId }) => clientOrderId).join(', ')}; run mmbot cancel-all --force`;
  const frozen = trading.mode === 'frozen' ? `frozen: ${trading.reason}\n` : '';
  host.stdout.write(
    `${duration(statistics.elapsedMs)}, ${grouped(fills)} fills, turnover ${fixed(turnoverUsd, 0)} USDT, fees ${fixed(feesUsd)}, net ${signed(netUsd)} USDT\n${frozen}${proof}\n`,
  );
}
