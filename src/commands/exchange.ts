import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, messageOf, MmbotError } from '../errors.ts';
import type { Host } from '../host.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../simulator/embedded-exchange.ts';
import { MARKET_NAMES, type MarketName } from '../simulator/markets.ts';
import { startServer, type RunningServer } from '../simulator/server.ts';
import { systemClock } from '../util/clock.ts';
import { randomId, seededRandom, systemRandom } from '../util/random.ts';
import { parseSymbols } from './symbols.ts';

const MAX_ACCOUNTS = 100;
const EXAMPLES = `
Bybit's v5 protocol on 127.0.0.1, with a simulated market behind it: for any Bybit client that can be pointed at a URL.

Examples:
  $ mmbot exchange
  $ mmbot exchange --port 8099 --symbols BTCUSDT,ETHUSDT --market toxic --seed 7
  $ mmbot exchange --accounts 3 --limits off --json
`;

interface Choice {
  readonly port: number;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  readonly seed?: string;
  readonly accounts: number;
  readonly limits: 'vip0' | 'off';
  readonly json?: boolean;
}

export function exchangeCommand(host: Host): Command {
  return new Command('exchange')
    .description('Run the embedded exchange by itself, on loopback, until it is stopped.')
    .addOption(new Option('--port <n>', 'for HTTP and WebSocket; 0 picks a free one').argParser(wholeNumber(0, 65_535)).default(0))
    .addOption(new Option('--symbols <list>', 'comma-separated').argParser(parseSymbols).default(['BTCUSDT'], 'BTCUSDT'))
    .addOption(new Option('--market <name>', 'market model').choices(MARKET_NAMES).default('btc'))
    .option('--seed <text>', 'sets the market and the keys; drawn when it is not given')
    .addOption(new Option('--accounts <n>', 'client accounts, a key pair each').argParser(wholeNumber(1, MAX_ACCOUNTS)).default(1))
    .addOption(new Option('--limits <limits>', 'rate limits of an ordinary account, or none').choices(['vip0', 'off']).default('vip0'))
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', EXAMPLES)
    .action((choice: Choice) => serve(host, choice));
}

async function serve(host: Host, choice: Choice): Promise<void> {
  const seed = choice.seed ?? randomId(systemRandom, 8);
  const { symbols, market, accounts, limits } = choice;
  const random = seededRandom(seed);
  const exchange = createEmbeddedExchange({ clock: systemClock, random, symbols, market, accounts, limits });
  const server = await listen(exchange, choice.port);
  exchange.start();
  const stopped = signalled(host);
  host.stdout.write(choice.json === true ? documentOf(exchange, server, choice, seed) : textOf(exchange, server, choice, seed));
  await stopped;
  exchange.stop();
  await server.close();
}

async function listen({ surface }: EmbeddedExchange, port: number): Promise<RunningServer> {
  try {
    return await startServer(surface, { host: '127.0.0.1', port });
  } catch (error) {
    throw new MmbotError({
      code: 'cannot_listen',
      exitCode: EXIT.usage,
      message: `--port: cannot listen on 127.0.0.1:${port}: ${messageOf(error)}`,
      hint: 'use another port, or 0 for a free one',
      cause: error,
    });
  }
}

function signalled(host: Host): Promise<void> {
  return new Promise((resolve) => {
    const forget = host.onSignal(() => {
      forget();
      resolve();
    });
  });
}

function textOf({ keys }: EmbeddedExchange, { restUrl, wsUrl }: RunningServer, { symbols, market, limits }: Choice, seed: string): string {
  const pairs = keys.flatMap(({ apiKey, secret }) => [`api key     ${apiKey}`, `api secret  ${secret}`]);
  const lines = [
    `REST        ${restUrl}`,
    `WebSocket   ${wsUrl}`,
    ...pairs,
    `symbols     ${symbols.join(', ')}`,
    `market      ${market}, seed ${seed}, limits ${limits}`,
  ];
  return `${lines.join('\n')}\n`;
}

function documentOf({ keys }: EmbeddedExchange, { restUrl, wsUrl }: RunningServer, choice: Choice, seed: string): string {
  const { symbols, market, limits } = choice;
  const document = { schemaVersion: 1, ok: true, restUrl, wsUrl, keys, symbols, market, seed, limits };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}, was '${text}'.`);
  };
}
