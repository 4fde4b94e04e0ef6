import { Command, Option } from 'commander';
import { messageOf, usageError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Atoms } from '../../model/units.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../../simulator/embedded-exchange.ts';
import { feeFigures, feeWords } from '../../reports/fee-words.ts';
import { LEDGER_PATH, withLedgerDoor } from '../../simulator/ledger/ledger-endpoint.ts';
import type { MarketName } from '../../simulator/market-model/markets.ts';
import type { LimitMode } from '../../simulator/limits/rate-tiers.ts';
import { startServer, type RunningServer } from '../../simulator/server.ts';
import type { Surface } from '../../simulator/bybit-api/surface.ts';
import { skewedClock, systemClock } from '../../util/clock.ts';
import { jsonText } from '../../util/json.ts';
import { randomId, randomInt, seededRandom, systemRandom } from '../../util/random.ts';
import { EXCHANGE_HELP } from './help.ts';
import { latencyOption, limitsOption, parseDeposit, type NamedLatency } from '../options/exchange-options.ts';
import { addHelp, jsonOption } from '../options/basics.ts';
import { feeOptions, feesOf, type FeeChoice } from '../options/fee-options.ts';
import { faultsOption, type NamedFaults } from '../options/fault-option.ts';
import { marketOption } from '../options/market.ts';
import { seedOption } from '../options/run-options.ts';
import { parseSymbols, marketSymbolsOption } from '../options/symbols.ts';
import { portNumber, wholeNumber } from '../options/whole-number.ts';
import { labeledLines } from '../terminal/report.ts';

const MAX_ACCOUNTS = 100;
const DAY_MS = 86_400_000;
/** Columns of a label. */
const LABEL = 12;

interface Choice extends FeeChoice {
  readonly port: number;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  readonly seed?: string;
  readonly accounts: number;
  readonly deposit?: Atoms;
  readonly limits: LimitMode;
  readonly latency: NamedLatency;
  readonly clockSkew: number;
  readonly spotSymbols: readonly string[];
  readonly faults: NamedFaults;
  readonly dcp?: boolean;
  readonly ledger?: boolean;
  readonly beside?: boolean;
  readonly json?: boolean;
}

const FIRST_USER_ID = 100_000_000;

export function exchangeCommand(host: Host): Command {
  const [makerFee, takerFee] = feeOptions();
  const command = new Command('exchange')
    .description('Serve the embedded exchange, with a simulated market, on 127.0.0.1 for any Bybit v5 client, until stopped.')
    .addOption(new Option('--port <n>', 'port for HTTP and WebSocket; 0 picks a free one').argParser(portNumber).default(0))
    .addOption(marketSymbolsOption('symbols of linear contracts'))
    .addOption(new Option('--spot-symbols <list>', 'symbols of spot pairs, comma-separated').argParser(parseSymbols).default([], 'none'))
    .addOption(marketOption())
    .addOption(seedOption('the market and the API keys'))
    .addOption(
      new Option('--accounts <n>', 'number of client accounts, each with an API key').argParser(wholeNumber(1, MAX_ACCOUNTS)).default(1),
    )
    .addOption(new Option('--deposit <usdt>', 'USDT in each account at the start (default: 100000)').argParser(parseDeposit))
    .addOption(makerFee)
    .addOption(takerFee)
    .addOption(limitsOption().default('vip0'))
    .addOption(latencyOption())
    .addOption(
      new Option('--clock-skew <ms>', "time by which the exchange's clock is ahead; negative: behind")
        .argParser(wholeNumber(-DAY_MS, DAY_MS))
        .default(0),
    )
    .addOption(faultsOption(' (mmbot soak --help lists the names)'))
    .option('--dcp', 'let accounts enable cancel on disconnect, which Bybit offers to institutions')
    .option('--ledger', `serve the exchange's own records at ${LEDGER_PATH}`)
    .addOption(new Option('--beside', 'stop when the program that started it ends').hideHelp())
    .addOption(jsonOption());
  return addHelp(command, EXCHANGE_HELP).action((choice: Choice) => serve(host, choice));
}

async function serve(host: Host, choice: Choice): Promise<void> {
  host.limitHeapGrowth();
  const seed = choice.seed ?? randomId(systemRandom, 8);
  const { symbols, spotSymbols, market, accounts, deposit, limits, latency, faults, dcp = false } = choice;
  const clock = choice.clockSkew === 0 ? systemClock : skewedClock(systemClock, choice.clockSkew);
  const exchange = createEmbeddedExchange({
    clock,
    random: seededRandom(seed),
    symbols,
    spotSymbols,
    market,
    accounts,
    limits,
    latency: latency.latency,
    faults: faults.choice,
    fees: feesOf(choice),
    dcp,
    // Not from the seed: user ids tell accounts apart on this machine, also those of two exchanges with one seed.
    firstUserId: FIRST_USER_ID + randomInt(systemRandom, FIRST_USER_ID),
    ...(deposit === undefined ? {} : { deposit }),
  });
  const server = await listen(choice.ledger === true ? withLedgerDoor(exchange, clock) : exchange.surface, choice.port);
  exchange.start();
  host.handOut(exchange.keys.flatMap(({ apiKey, secret }) => [apiKey, secret]));
  const stopped = ended(host, choice.beside === true);
  host.stdout.write(choice.json === true ? documentOf(exchange, server, choice, seed) : textOf(host, exchange, server, choice, seed));
  await stopped;
  exchange.stop();
  await server.close();
}

async function listen(surface: Surface, port: number): Promise<RunningServer> {
  try {
    return await startServer(surface, { host: '127.0.0.1', port });
  } catch (error) {
    const hint = 'use another port, or 0 for a free one';
    throw usageError(`--port: cannot listen on 127.0.0.1:${port}: ${messageOf(error)}`, { code: 'cannot_listen', hint, cause: error });
  }
}

/** Resolves on a signal or, with `--beside`, when the process that started this one ends. */
function ended(host: Host, isBeside: boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      forget();
      stopListening();
      resolve();
    };
    const forget = host.onSignal(end);
    const stopListening = isBeside ? host.onLines(() => undefined, end) : (): void => undefined;
  });
}

function textOf(host: Host, { keys }: EmbeddedExchange, { restUrl, wsUrl }: RunningServer, choice: Choice, seed: string): string {
  const { symbols, spotSymbols, market, limits, latency, faults, clockSkew } = choice;
  const lines: readonly (readonly [label: string, text: string])[] = [
    ['REST', restUrl],
    ['WebSocket', `${wsUrl}  (${pathsOf(choice).join(', ')})`],
    ...keys.flatMap(({ apiKey, secret }) => [['api key', apiKey] as const, ['api secret', secret] as const]),
    ['symbols', symbols.join(', ')],
    ...(spotSymbols.length === 0 ? [] : [['spot', spotSymbols.join(', ')] as const]),
    ['market', `${market}, seed ${seed}, limits ${limits}, latency ${latency.name}`],
    ...(faults.text === 'none' ? [] : [['faults', faults.text] as const]),
    ...feeWords(feeFigures(feesOf(choice))).map((words) => ['fees', words] as const),
    ...(choice.dcp === true ? [['dcp', 'accounts may enable cancel on disconnect'] as const] : []),
    ...(clockSkew === 0 ? [] : [['clock', `${Math.abs(clockSkew)} ms ${clockSkew > 0 ? 'ahead' : 'behind'}`] as const]),
    ...(choice.ledger === true ? [['ledger', `curl ${restUrl}${LEDGER_PATH}`] as const] : []),
    ['clients', 'mmbot exchange --help shows code for ccxt and bybit-api; Ctrl-C stops it'],
  ];
  return labeledLines(host, lines, LABEL);
}

function pathsOf({ spotSymbols }: Choice): readonly string[] {
  return ['/v5/public/linear', ...(spotSymbols.length === 0 ? [] : ['/v5/public/spot']), '/v5/private', '/v5/trade'];
}

function documentOf({ keys }: EmbeddedExchange, { restUrl, wsUrl }: RunningServer, choice: Choice, seed: string): string {
  const { symbols, spotSymbols, market, limits, latency, faults, dcp = false, clockSkew } = choice;
  const ledger = choice.ledger === true ? { ledgerUrl: `${restUrl}${LEDGER_PATH}` } : {};
  const named = { limits, latency: latency.name, faults: faults.text };
  const settings = { symbols, spotSymbols, market, seed, ...named, ...feeFigures(feesOf(choice)), dcp, clockSkewMs: clockSkew };
  const document = { schemaVersion: 1, ok: true, restUrl, wsUrl, ...ledger, keys, ...settings };
  return jsonText(document);
}
