import { InvalidArgumentError, Option, type Command } from 'commander';
import { usageError } from '../../errors.ts';
import { expectationIn } from '../../harness/campaign/expectation.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import { durationOption } from '../options/durations.ts';
import { feeOptions, type FeeChoice } from '../options/fee-options.ts';
import { queueModelOption } from '../options/queue-model-option.ts';
import { redisOption } from '../options/redis-option.ts';
import { outOption } from '../options/run-options.ts';
import { parseSymbols } from '../options/symbols.ts';
import { wholeNumber } from '../options/whole-number.ts';
import type { TelemetryChoice } from '../process/telemetry.ts';
import { parsePaths } from '../soak/replay.ts';
import type { CampaignInput, ScenarioInput, VaryInput } from './input.ts';
import { parseSeeds } from './seeds.ts';
import { parseVary } from './vary.ts';

export interface CampaignChoice extends FeeChoice, TelemetryChoice {
  readonly plan?: string;
  readonly vary?: readonly VaryInput[];
  readonly seeds?: readonly string[];
  readonly confirm?: number;
  readonly finalists?: number;
  readonly duration?: number;
  readonly points?: number;
  readonly race?: boolean;
  readonly market?: readonly string[];
  readonly symbols?: readonly (readonly string[])[];
  readonly faults?: readonly string[];
  readonly replay?: readonly (readonly string[])[];
  readonly queueModel: QueueModel;
  readonly expect?: readonly string[];
  readonly survive?: boolean;
  readonly jobs?: number;
  readonly redis?: string | true;
  readonly pages: boolean;
  readonly write?: string;
  readonly csv?: boolean;
  readonly out: string;
}

const MOST_JOBS = 1000;
const MOST_POINTS = 100_000;

export function campaignOptions(): Option[] {
  return [
    new Option('--plan <file>', 'YAML file with what is to be compared; options override it'),
    new Option(
      '--vary <key=values>',
      'try these values of a setting, or of makerFee or takerFee: KEY=a,b,c or KEY=FROM..TO/STEPS; repeatable',
    ).argParser(parseVary),
    new Option(
      '--points <n>',
      'of all combinations of the varied settings try this many, evenly spread (default: all, or 64 of more than 100)',
    ).argParser(wholeNumber(1, MOST_POINTS)),
    new Option(
      '--seeds <n|list>',
      'a number of markets, or a list of seeds such as 7,8,9; every setup meets the same (default: 20)',
    ).argParser(parseSeeds),
    new Option('--confirm <n>', 'unseen seeds on which the best setups are tried again (default: half of the seeds)').argParser(
      wholeNumber(0, 10_000),
    ),
    new Option('--finalists <n>', 'how many setups are tried again, at most (default: 3)').argParser(wholeNumber(1, 1000)),
    durationOption('--duration', 'length of a run: seconds, or 90s, 20m, 1h (default: 20m)'),
    new Option('--no-race', 'run every setup on every seed, also those that are proven worse'),
    new Option('--market <list>', 'market models, comma-separated; every setup trades in each (default: btc)').argParser(words),
    repeatable('--symbols <list>', 'symbols of a run, comma-separated; repeat it to try several sets (default: BTCUSDT)', parseSymbols),
    repeatable('--faults <list>', 'faults of a run, as for mmbot soak; repeat it to try several (default: none)', (text) => text),
    repeatable('--replay <files>', 'recorded Bybit data as a market, as for mmbot soak; repeat it for several recordings', parsePaths),
    queueModelOption(),
    ...feeOptions(),
    repeatable('--expect <question>', 'a question that decides the exit code: "net > 0", "A > B" with names of setups', parseQuestion),
    new Option(
      '--survive',
      'do not compare: every run has to keep the invariants and all gates but the net edge (default: --faults heavy)',
    ).conflicts(['expect', 'write']),
    new Option('--jobs <n>', 'runs at the same time (default: one for each processor)').argParser(wholeNumber(1, MOST_JOBS)),
    redisOption('the runs are made by mmbot worker on other machines; the Redis server that hands them out').conflicts('jobs'),
    new Option('--no-pages', 'do not keep a report of each run'),
    new Option('--write <file>', 'write the best setup as a profile'),
    new Option('--csv', 'print the setups as CSV on stdout').conflicts('json'),
    outOption('campaign.html, campaign.md, campaign.json, runs.csv and the results of the runs', 'reports/campaign'),
  ];
}

/** What the command line says; what it leaves open is undefined. */
export function inputOf(command: Command, choice: CampaignChoice): CampaignInput {
  const profiles = profilesIn(command);
  return {
    setups: profiles?.map((profile) => ({ profile })),
    vary: choice.vary,
    scenarios: scenariosIn(choice),
    seeds: choice.seeds,
    confirm: choice.confirm,
    finalists: choice.finalists,
    duration: choice.duration,
    points: choice.points,
    race: command.getOptionValueSource('race') === 'cli' ? choice.race : undefined,
    expect: choice.expect,
  };
}

function profilesIn(command: Command): readonly string[] | undefined {
  const text: unknown = command.getOptionValue('profile');
  if (typeof text !== 'string') return undefined;
  const profiles = text.split(',').map((word) => word.trim());
  if (profiles.includes(''))
    throw usageError(`--profile: expected names or files, comma-separated, was '${text}'`, { code: 'profile_empty' });
  return profiles;
}

/** Each market and recording with each set of symbols and of faults. */
function scenariosIn({ market, symbols, faults, replay, queueModel }: CampaignChoice): ScenarioInput[] | undefined {
  if ((market ?? symbols ?? faults ?? replay) === undefined) return undefined;
  const markets = replay === undefined || market !== undefined ? (market ?? ['btc']) : [];
  const worlds: ScenarioInput[] = [
    ...markets.map((name) => ({ market: name })),
    ...(replay ?? []).map((files) => ({ replay: files, queueModel })),
  ];
  return worlds.flatMap((world) =>
    (symbols ?? [undefined]).flatMap((set) => (faults ?? ['none']).map((text) => ({ ...world, symbols: set, faults: text }))),
  );
}

function words(text: string): readonly string[] {
  const all = text.split(',').map((word) => word.trim());
  if (all.includes('')) throw new InvalidArgumentError(`Expected names, comma-separated, was '${text}'.`);
  return all;
}

function parseQuestion(text: string): string {
  if (expectationIn(text) !== undefined) return text;
  throw new InvalidArgumentError(`Expected a question like "net > 0", "s1 > -0.5" or "s1 > conservative", in bps, was '${text}'.`);
}

/** Each occurrence is one element of a list. */
function repeatable(flags: string, description: string, parse: (text: string) => unknown): Option {
  return new Option(flags, description).argParser((text, earlier: readonly unknown[] | undefined) => [...(earlier ?? []), parse(text)]);
}
