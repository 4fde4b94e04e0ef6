import { Option, type Command } from 'commander';
import { VENUE_NAMES } from '../../config/venues.ts';
import { EXIT, MmbotError } from '../../errors.ts';
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

/** What a person asks of a load test. */
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
    .addOption(new Option('--rate <n>', 'orders over all symbols: a minute, or 9/s, 100/min, 3000/h (default: 100)').argParser(parseRate))
    .addOption(new Option('--duration <time>', 'measured (default: 60; of each step with --find-knee: 10)').argParser(parseDuration))
    .addOption(new Option('--warmup <time>', 'before it, not measured').argParser(parseWarmUp).default(5000, '5'))
    .addOption(
      new Option('--symbols <list|n>', 'comma-separated, or how many of the most liquid')
        .argParser(parseLoadSymbols)
        .default(LISTED_SYMBOLS.slice(0, 10), '10'),
    )
    .addOption(new Option('--arrival <kind>', 'how orders come').choices(ARRIVALS).default('constant'))
    .addOption(new Option('--transport <way>', 'how they go: the trade socket, or REST').choices(['ws', 'rest']).default('ws'))
    .addOption(
      new Option('--amend-ratio <share>', 'of the orders that are amended before they are canceled').argParser(parseRatio).default(0.75),
    )
    .addOption(new Option('--sla <bounds>', 'ms, like p95=340,p99=500 (default: thresholds of the profile)').argParser(parseSla))
    .option('--find-knee', 'step the rate until the SLA or a limit breaks, and report the last that held')
    .option('--no-limiter', 'send beyond what the exchange takes, without counting limits of our own (embedded exchange only)')
    .addOption(new Option('--venue <name>', 'what to load').choices(['embedded', ...VENUE_NAMES]).default('embedded'))
    .addOption(new Option('--rest-url <url>', 'another host that speaks Bybit v5').argParser(urlParser(['http:', 'https:'])))
    .addOption(new Option('--ws-url <url>', 'its WebSocket address').argParser(urlParser(['ws:', 'wss:'])))
    .addOption(new Option('--market <name>', 'market model of the embedded exchange').argParser(parseCrowdedMarket).default('btc'))
    .addOption(new Option('--limits <level>', 'its rate limits (default: vip0; off with --find-knee --no-limiter)').choices(LIMIT_MODES))
    .addOption(
      new Option('--latency <delay>', 'its delay: none, realistic, 20ms, 20ms,5')
        .argParser(parseLatency)
        .default(REALISTIC, REALISTIC.name),
    )
    .addOption(new Option('--faults <list>', 'what goes wrong at it').argParser(parseFaultOption).default(parseFaultOption('none'), 'none'))
    .addOption(
      new Option('--clock <clock>', 'wall: real sockets in real time; virtual: the embedded exchange in simulated time')
        .choices(['wall', 'virtual'])
        .default('wall'),
    )
    .option('--seed <text>', 'sets the embedded market and drawn arrivals; drawn when it is not given')
    .option('--out <dir>', 'where report.html, report.md, report.json, the .hgrm files and journal.log go', 'reports/load-test')
    .option('--html <file>', 'the page of the report in a place of its own too');
  for (const option of telemetryOptions()) command.addOption(option);
  return command;
}

/** A load without a limiter that is to find a knee would only find that of the exchange's limits. */
export function limitsOf({ limits, findKnee, limiter }: LoadChoice): LimitMode {
  return limits ?? (findKnee === true && !limiter ? 'off' : 'vip0');
}

/** Before anything is sent. */
export function refuseContradictions(host: Host, choice: LoadChoice): void {
  const { venue, restUrl, wsUrl, clock, limiter, transport } = choice;
  const isEmbedded = venue === 'embedded' && restUrl === undefined && wsUrl === undefined;
  if (!isEmbedded) addressFor(host, 'load', choice);
  if (!limiter && !isEmbedded) throw usage('--no-limiter is for the embedded exchange only: another one would ban this address');
  if (clock === 'virtual' && !isEmbedded) throw usage('--clock virtual is for the embedded exchange only: others live in real time');
  if (venue === 'demo' && transport === 'ws') throw usage("Bybit's demo takes no orders over WebSocket: add --transport rest");
}

function usage(message: string): MmbotError {
  return new MmbotError({ code: 'usage', exitCode: EXIT.usage, message, hint: 'mmbot load-test --help' });
}
