import { Option, type Command } from 'commander';
import { VENUE_NAMES } from '../../config/venues.ts';
import { usageError } from '../../errors.ts';
import { ARRIVALS, type Arrival } from '../../harness/load/arrivals.ts';
import type { SlaBound } from '../../harness/load/sla.ts';
import type { Host } from '../../host.ts';
import { LISTED_SYMBOLS } from '../../simulator/instruments.ts';
import { LIMIT_MODES, type LimitMode } from '../../simulator/limits/rate-tiers.ts';
import { urlParser } from '../options/address.ts';
import { addressFor } from '../../wiring/consent.ts';
import { parseCrowdedMarket } from '../options/crowded-market.ts';
import { parseDuration } from '../options/durations.ts';
import { parseLatency, REALISTIC } from '../options/exchange-options.ts';
import { parseFaultOption } from '../options/fault-option.ts';
import { parseLoadSymbols, parseRate, parseRatio, parseSla, parseWarmUp, type NamedRate } from './options.ts';
import type { LoadVenueChoice } from '../../wiring/load-venue.ts';
import { telemetryOptions, type TelemetryChoice } from '../process/telemetry.ts';

/** Options of a load test as parsed. */
export interface LoadChoice extends Omit<LoadVenueChoice, 'limits'>, TelemetryChoice {
  readonly rate?: NamedRate;
  readonly duration?: number;
  readonly warmup: number;
  readonly arrival: Arrival;
  readonly transport: 'ws' | 'rest';
  readonly amendRatio: number;
  readonly sla?: readonly SlaBound[];
  readonly findKnee?: boolean;
  readonly limiter: boolean;
  readonly limits?: LimitMode;
  readonly seed?: string;
  readonly clock: 'wall' | 'virtual';
  readonly out: string;
  readonly html?: string;
}

export function addLoadOptions(command: Command): Command {
  command
    .addOption(
      new Option('--rate <n>', 'orders per minute over all symbols, or with a unit: 9/s, 100/min, 3000/h (default: 100)').argParser(
        parseRate,
      ),
    )
    .addOption(new Option('--duration <time>', 'measured time (default: 60; with --find-knee: 10 for each step)').argParser(parseDuration))
    .addOption(new Option('--warmup <time>', 'time before it that is not measured').argParser(parseWarmUp).default(5000, '5'))
    .addOption(
      new Option('--symbols <list|n>', 'symbols, comma-separated, or a number: that many of the most liquid ones')
        .argParser(parseLoadSymbols)
        .default(LISTED_SYMBOLS.slice(0, 10), '10'),
    )
    .addOption(new Option('--arrival <kind>', 'times between orders').choices(ARRIVALS).default('constant'))
    .addOption(new Option('--transport <way>', 'order entry: WebSocket or REST').choices(['ws', 'rest']).default('ws'))
    .addOption(
      new Option('--amend-ratio <share>', 'share of the orders that are amended before they are canceled')
        .argParser(parseRatio)
        .default(0.75),
    )
    .addOption(
      new Option('--sla <bounds>', 'latency bounds in ms, such as p95=340,p99=500 (default: thresholds of the profile)').argParser(
        parseSla,
      ),
    )
    .option('--find-knee', 'raise the rate in steps until the SLA or a limit is broken, and report the last rate that held')
    .option('--no-limiter', 'send without our rate limiter and count limits (embedded exchange only)')
    .addOption(new Option('--venue <name>', 'exchange to test').choices(['embedded', ...VENUE_NAMES]).default('embedded'))
    .addOption(
      new Option('--rest-url <url>', 'REST address of another exchange with the Bybit v5 API').argParser(urlParser(['http:', 'https:'])),
    )
    .addOption(new Option('--ws-url <url>', 'WebSocket address of that exchange').argParser(urlParser(['ws:', 'wss:'])))
    .addOption(new Option('--market <name>', 'market model of the embedded exchange').argParser(parseCrowdedMarket).default('btc'))
    .addOption(
      new Option('--limits <level>', 'rate limits of the embedded exchange (default: vip0; off with --find-knee --no-limiter)').choices(
        LIMIT_MODES,
      ),
    )
    .addOption(
      new Option('--latency <delay>', 'latency of the embedded exchange: none, realistic, 20ms, 20ms,5')
        .argParser(parseLatency)
        .default(REALISTIC, REALISTIC.name),
    )
    .addOption(
      new Option('--faults <list>', 'faults to inject into the embedded exchange, as in mmbot soak')
        .argParser(parseFaultOption)
        .default(parseFaultOption('none'), 'none'),
    )
    .addOption(
      new Option('--clock <clock>', 'wall: real sockets in real time; virtual: the embedded exchange in simulated time')
        .choices(['wall', 'virtual'])
        .default('wall'),
    )
    .option('--seed <text>', 'seed of the embedded market and of random arrivals (default: random)')
    .option('--out <dir>', 'folder for report.html, report.md, report.json, the .hgrm files and journal.log', 'reports/load-test')
    .option('--html <file>', 'write report.html to this file too');
  for (const option of telemetryOptions()) command.addOption(option);
  return command;
}

const SEE_HELP = { hint: 'mmbot load-test --help' };

/** A knee search without our limiter would only find the exchange's rate limits, so these are off by default. */
export function limitsOf({ limits, findKnee, limiter }: LoadChoice): LimitMode {
  return limits ?? (findKnee === true && !limiter ? 'off' : 'vip0');
}

/** Refuses options that contradict each other, before anything is sent. Throws MmbotError (exit 2). */
export function refuseContradictions(host: Host, choice: LoadChoice): void {
  const { venue, restUrl, wsUrl, clock, limiter, transport } = choice;
  const isEmbedded = venue === 'embedded' && restUrl === undefined && wsUrl === undefined;
  if (!isEmbedded) addressFor(host, 'load', choice);
  if (!limiter && !isEmbedded)
    throw usageError('--no-limiter works only with the embedded exchange: a real one would ban this IP address', SEE_HELP);
  if (clock === 'virtual' && !isEmbedded)
    throw usageError('--clock virtual works only with the embedded exchange: others run in real time', SEE_HELP);
  if (venue === 'demo' && transport === 'ws')
    throw usageError("Bybit's demo venue does not accept orders over WebSocket: add --transport rest", SEE_HELP);
}
