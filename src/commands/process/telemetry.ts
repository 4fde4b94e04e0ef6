import { InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../../config/version.ts';
import { messageOf, usageError } from '../../errors.ts';
import type { Recorder } from '../../execution/events.ts';
import type { Host } from '../../host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Watched } from '../../telemetry/scrape.ts';
import type { Clock } from '../../util/clock.ts';
import { isLoopback } from '../../util/loopback.ts';
import { portNumber } from '../options/whole-number.ts';

const TOKEN_VARIABLE = 'MM_METRICS_TOKEN';
const SHORTEST_TOKEN = 16;
const LOOPBACK = '127.0.0.1';
const DOTTED = /^\d{1,3}(\.\d{1,3}){3}$/;

export interface TelemetryChoice {
  readonly metricsPort?: number;
  readonly metricsHost: string;
}

/** Options of the commands that can serve metrics. */
export function telemetryOptions(): Option[] {
  return [
    new Option('--metrics-port <n>', 'serve /metrics, /healthz and /readyz on this port; 0 picks a free one').argParser(portNumber),
    new Option('--metrics-host <address>', `address to serve them on; any but loopback requires ${TOKEN_VARIABLE}`)
      .argParser(parseAddress)
      .default(LOOPBACK),
  ];
}

export interface TelemetryRun {
  readonly command: string;
  readonly symbols: readonly string[];
  /** Clock of the run. */
  readonly clock: Clock;
  readonly log: Logger;
}

export interface OpenTelemetry extends AsyncDisposable {
  readonly record: Recorder;
  /** Makes scrapes and health checks read `watched` from now on. */
  readonly watch: (watched: Watched) => void;
  /** Makes scrapes call `read`, where no bot runs in this process. */
  readonly readBy: (read: (metrics: Metrics) => void) => void;
}

const SILENT: OpenTelemetry = {
  record: () => undefined,
  watch: () => undefined,
  readBy: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Serves metrics and health of a run on the chosen port; does nothing without one. Throws a usage error when it cannot listen there. */
export async function openTelemetry(host: Host, choice: TelemetryChoice, run: TelemetryRun): Promise<OpenTelemetry> {
  const { metricsPort: port, metricsHost } = choice;
  if (port === undefined && metricsHost !== LOOPBACK)
    throw usageError('--metrics-host needs --metrics-port', { code: 'metrics_port', hint: 'add --metrics-port 9464' });
  if (port === undefined) return SILENT;
  const token = tokenFor(host, metricsHost);
  const { Telemetry } = await import('../../telemetry/telemetry.ts');
  const resources = { memoryBytes: () => host.memoryBytes(), cpuMs: () => host.cpuMs() };
  const telemetry = new Telemetry({ ...run, ...resources, host: metricsHost, port, token, version: VERSION });
  const url = await telemetry.open().catch(async (error: unknown) => {
    await telemetry.close();
    const message = `--metrics-port: cannot listen on ${metricsHost}:${port}: ${messageOf(error)}`;
    const hint = 'use an address of this machine and another port, or 0 for a free one';
    throw usageError(message, { code: 'cannot_listen', hint, cause: error });
  });
  // A port picked by the system appears only in this line: it is a warning so that --quiet does not hide it.
  run.log[port === 0 ? 'warn' : 'info']('metrics_server', { url: `${url}/metrics` });
  if (!isLocal(metricsHost))
    run.log.warn('metrics_exposed', {
      host: metricsHost,
      meaning: 'the token travels unencrypted: use it in a private network, or behind TLS',
    });
  return {
    record: (event) => telemetry.record(event),
    watch: (watched) => telemetry.watch(watched),
    readBy: (read) => telemetry.readBy(read),
    [Symbol.asyncDispose]: () => telemetry.close(),
  };
}

/** Metrics reveal position, PnL and freezes: beyond loopback a token must protect them. */
function tokenFor({ env }: Host, address: string): string | undefined {
  const token = env[TOKEN_VARIABLE] ?? '';
  if (token === '' ? isLocal(address) : token.length >= SHORTEST_TOKEN) return token === '' ? undefined : token;
  const found = token === '' ? ` for --metrics-host ${address}, was not set` : ', was shorter';
  throw usageError(`${TOKEN_VARIABLE}: expected at least ${SHORTEST_TOKEN} characters${found}`, {
    code: 'metrics_token',
    hint: `${TOKEN_VARIABLE}=$(openssl rand -hex 32); Prometheus sends it by authorization.credentials_file`,
  });
}

function parseAddress(text: string): string {
  if (URL.canParse(urlOf(text))) return text;
  throw new InvalidArgumentError(`Expected an address like 127.0.0.1, 0.0.0.0 or ::1, was '${text}'.`);
}

/** A host name other than localhost gives a URL that cannot be parsed: only addresses are accepted. */
function urlOf(address: string): string {
  return DOTTED.test(address) || address === 'localhost' ? `http://${address}` : `http://[${address}]`;
}

function isLocal(address: string): boolean {
  return URL.canParse(urlOf(address)) && isLoopback(new URL(urlOf(address)).hostname);
}
