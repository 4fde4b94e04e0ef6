import { Option, type Command } from 'commander';
import { usageError } from '../../errors.ts';
import { ARRIVALS, type Arrival } from '../../harness/load/arrivals.ts';
import type { SlaBound } from '../../harness/load/sla.ts';
import type { Host } from '../../host.ts';
import { LISTED_SYMBOLS, presetOf } from '../../simulator/instruments.ts';
import type { LimitMode } from '../../simulator/limits/rate-tiers.ts';
import { addPlaceOptions } from '../options/address.ts';
import { addressFor, isEmbedded } from '../../wiring/consent.ts';
import { marketModelOption } from '../options/market.ts';
import { durationOption } from '../options/durations.ts';
import { latencyOption, limitsOption } from '../options/exchange-options.ts';
import { faultsOption } from '../options/fault-option.ts';
import { clockOption, outOption, seedOption, type ClockName } from '../options/run-options.ts';
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
  readonly clock: ClockName;
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
    .addOption(durationOption('--duration', 'measured time (default: 60; with --find-knee: 10 for each step)'))
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
    .option('--no-limiter', 'send without our rate limiter and count limits (embedded exchange only)');
  addPlaceOptions(command, { venue: 'exchange to test', isEmbedded: true })
    .addOption(marketModelOption())
    .addOption(limitsOption(' (default: vip0; off with --find-knee --no-limiter)'))
    .addOption(latencyOption())
    .addOption(faultsOption(' (mmbot soak --help lists the names)'))
    .addOption(clockOption())
    .addOption(seedOption('the embedded market and of random arrivals'))
    .addOption(outOption('report.html, report.md, report.json, the .hgrm files and journal.log', 'reports/load-test'))
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
  const { venue, clock, limiter, transport } = choice;
  const isElsewhere = !isEmbedded(choice);
  if (isElsewhere) addressFor(host, 'load', choice);
  else for (const symbol of choice.symbols) presetOf(symbol);
  if (!limiter && isElsewhere)
    throw usageError('--no-limiter works only with the embedded exchange: a real one would ban this IP address', SEE_HELP);
  if (clock === 'virtual' && isElsewhere)
    throw usageError('--clock virtual works only with the embedded exchange: others run in real time', SEE_HELP);
  if (venue === 'demo' && transport === 'ws')
    throw usageError("Bybit's demo venue does not accept orders over WebSocket: add --transport rest", SEE_HELP);
}
