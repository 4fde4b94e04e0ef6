import { auditTrail } from '../../config/audit-trail.ts';
import type { Resolution } from '../../config/resolve.ts';
import type { Host } from '../../host.ts';
import type { ExplainLevel } from '../../telemetry/event-log.ts';
import { createLogger, type Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../util/clock.ts';
import { redactor } from '../../util/redact.ts';
import type { OutputOptions } from '../options/options.ts';
import { wrappedLines } from '../terminal/lines.ts';
import type { Screen } from '../terminal/screen.ts';

/** Logs to stderr: short lines on a terminal, JSON lines elsewhere. `sink`: the screen, when log lines must be printed above a view. */
export function openLog(
  host: Host,
  { quiet, logLevel }: OutputOptions,
  clock: Clock,
  secrets: readonly string[],
  sink: Pick<Screen, 'write'> = host.stderr,
): Logger {
  const { stderr, env } = host;
  host.hide(secrets);
  return createLogger({
    clock,
    level: quiet && (logLevel === 'info' || logLevel === 'debug') ? 'warn' : logLevel,
    format: stderr.isTerminal ? 'text' : 'json',
    write: (line) => sink.write(wrappedLines(line, stderr)),
    redact: redactor([...secrets, env['BYBIT_API_KEY'], env['BYBIT_API_SECRET'], env['MM_METRICS_TOKEN']]),
  });
}

/** Level of `quote_explained`: with `--explain` only turns that change orders, at info; in a debug log every turn. */
export function explainLevel({ logLevel }: OutputOptions, wanted: boolean | undefined): ExplainLevel {
  if (logLevel === 'debug') return 'debug';
  return wanted === true ? 'info' : undefined;
}

/** Logs the settings of this run that are not defaults, and their sources. */
export function logAuditTrail(log: Logger, profile: string, resolution: Resolution): void {
  log.info('config_resolved', { profile, hash: resolution.hash, set: auditTrail(resolution) });
}
