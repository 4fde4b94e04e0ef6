import { basename } from 'node:path';
import { Command, Option } from 'commander';
import type { Host } from '../host.ts';
import { factsOf, type Fact } from '../harness/market-facts/facts.ts';
import { factsTable, marketFacts, type MarketFacts } from '../reports/market-facts.ts';
import { TRADE_QUEUE } from '../simulator/replay/queue-models.ts';
import type { MarketModelName } from '../simulator/market-model/markets.ts';
import { jsonText } from '../util/json.ts';
import { observedModel, observedRecording } from '../wiring/observed-market.ts';
import { parseSeeds } from './campaign/seeds.ts';
import { addHelp, jsonOption, quietOption, type HelpParts } from './options/basics.ts';
import { durationOption } from './options/durations.ts';
import { parseMarketModel } from './options/market.ts';
import { marketSymbolsOption, refuseRepeated } from './options/symbols.ts';
import { openReplay, parsePaths } from './soak/replay.ts';
import { titledTable } from './terminal/report.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot market-facts',
    'mmbot market-facts --market btc,toxic --duration 4h --seeds 8',
    'mmbot market-facts --replay orderbook.ndjson.gz,trades.csv.gz --symbols SOLUSDT',
  ],
  notes: `\
A model is watched for --duration with each seed: the mean and its standard
error over the seeds. A recording is watched once, from its first book on.`,
};

const MINUTE_MS = 60_000;

interface Choice {
  readonly market: readonly MarketModelName[];
  readonly symbols: readonly string[];
  readonly seeds: readonly string[];
  readonly duration: number;
  readonly replay?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function marketFactsCommand(host: Host): Command {
  const command = new Command('market-facts')
    .description('Show the facts of market models and of recordings side by side with those of a real market.')
    .addOption(new Option('--market <list>', 'market models, comma-separated').argParser(parseMarkets).default(['btc'], 'btc'))
    .addOption(marketSymbolsOption('symbols to watch'))
    .addOption(new Option('--seeds <n|list>', 'a number of seeds, or a list').argParser(parseSeeds).default(parseSeeds('4'), '4'))
    .addOption(durationOption('--duration', 'how long to watch each: seconds, or 90s, 20m, 4h').default(60 * MINUTE_MS, '1h'))
    .addOption(new Option('--replay <files>', 'recorded Bybit data, as for mmbot soak; without --market only this').argParser(parsePaths))
    .addOption(jsonOption())
    .addOption(quietOption());
  return addHelp(command, HELP).action(async (choice: Choice) => {
    const markets = [...(await modelsOf(host, command, choice)), ...(await recordingsOf(host, command, choice))];
    host.stdout.write(
      choice.json === true ? jsonText({ schemaVersion: 1, command: 'market-facts', markets }) : titledTable(host, factsTable(markets)),
    );
  });
}

async function modelsOf(host: Host, command: Command, choice: Choice): Promise<MarketFacts[]> {
  const isAsked = choice.replay === undefined || command.getOptionValueSource('market') === 'cli';
  const found: MarketFacts[] = [];
  if (!isAsked) return found;
  for (const market of choice.market)
    for (const symbol of choice.symbols) {
      const records: Fact[][] = [];
      for (const seed of choice.seeds) records.push(factsOf(await observedModel({ market, symbol, seed, durationMs: choice.duration })));
      found.push(tell(host, choice, marketFacts(`${market} ${symbol}`, choice.duration / MINUTE_MS, records)));
    }
  return found;
}

async function recordingsOf(host: Host, command: Command, choice: Choice): Promise<MarketFacts[]> {
  const replay = await openReplay(host, command, { ...choice, queueModel: TRADE_QUEUE });
  const found: MarketFacts[] = [];
  if (replay === undefined) return found;
  for (const symbol of replay.symbols) {
    const name = `${basename(choice.replay?.[0] ?? '')} ${symbol}`;
    found.push(tell(host, choice, marketFacts(name, replay.durationMs / MINUTE_MS, [factsOf(await observedRecording(replay, symbol))])));
  }
  return found;
}

/** Says on a terminal what is done: long markets take minutes. */
function tell({ stderr }: Host, { quiet }: Choice, facts: MarketFacts): MarketFacts {
  const { name, minutes, records } = facts;
  if (stderr.isTerminal && quiet !== true) stderr.write(`${name}: watched for ${minutes.toFixed(1)} minutes, ${records} times\n`);
  return facts;
}

/** Parser for commander: market models, comma-separated. */
function parseMarkets(text: string): readonly MarketModelName[] {
  const names = text.split(',').map((word) => word.trim());
  refuseRepeated(names);
  return names.map(parseMarketModel);
}
