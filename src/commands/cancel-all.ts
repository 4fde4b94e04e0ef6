import { Command, InvalidArgumentError, Option } from 'commander';
import { loadCredentials } from '../config/credentials.ts';
import { VENUE_NAMES, type VenueName } from '../config/venues.ts';
import { EXIT, MmbotError, type ExitCode } from '../errors.ts';
import { CATEGORIES, type CancelScope, type Category, type RestingOrder } from '../exchange/cancel-port.ts';
import { cancelAll, type CancelAllParts, type CancelAllRequest } from '../execution/cancel-all.ts';
import type { Host } from '../host.ts';
import { OWN_PREFIX } from '../model/order.ts';
import { haltInstance } from '../store/instance.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemClock } from '../util/clock.ts';
import { accountName, urlParser } from './address.ts';
import { planText, resultDocument, resultText } from './cancel-all-output.ts';
import { addressFor } from './consent.ts';
import { parseDuration } from './durations.ts';
import { openEmergency, quietFromNow, type Emergency } from './emergency.ts';
import { setExitCode } from './exit-code.ts';
import { openLog } from './log.ts';
import { parseSymbols } from './symbols.ts';

const EXAMPLES = `
Needs nothing but keys (BYBIT_API_KEY and BYBIT_API_SECRET, or BYBIT_KEY_FILE) and a host: no running bot, no profile, no state.
Exit 0 only with proof; 4 when something may still be open; 3 when keys were refused or nothing could be reached.

Examples:
  $ mmbot cancel-all --venue mainnet --force
  $ mmbot cancel-all --venue testnet --symbols BTCUSDT,ETHUSDT --mine
  $ mmbot cancel-all --rest-url http://127.0.0.1:8099 --ws-url ws://127.0.0.1:8099 --dry-run
`;

/** A bot that does not answer in this time is canceled behind its back; what it still sends are stragglers. */
const HALT_PATIENCE_MS = 500;
/** Whoever waits wants to see that something happens. */
const PROGRESS_MS = 2000;

interface Choice {
  readonly venue?: VenueName;
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly category?: readonly Category[];
  readonly symbols?: readonly string[];
  readonly settleCoin?: string;
  readonly mine?: boolean;
  readonly includeStops?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly halt?: boolean;
  readonly dryRun?: boolean;
  readonly deadline: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function cancelAllCommand(host: Host): Command {
  const command = new Command('cancel-all')
    .description('Cancel every open order of the account, and prove that none is left.')
    .addOption(new Option('--venue <name>', 'where the account is').choices(VENUE_NAMES))
    .addOption(
      new Option('--rest-url <url>', 'another host that speaks Bybit v5, such as an embedded exchange').argParser(
        urlParser(['http:', 'https:']),
      ),
    )
    .addOption(
      new Option('--ws-url <url>', 'its WebSocket address: the second way when HTTP is banned').argParser(urlParser(['ws:', 'wss:'])),
    )
    .addOption(new Option('--category <list>', 'linear, inverse, spot; all of them by default').argParser(parseCategories))
    .addOption(new Option('--symbols <list>', 'only these').argParser(parseSymbols))
    .option('--settle-coin <coin>', 'only linear contracts settled in this coin')
    .option('--mine', `only orders of mmbot's, whose ids begin with ${OWN_PREFIX}`)
    .option('--include-stops', 'also conditional, TP/SL and trailing orders, which protect positions')
    .option('--force', 'no question, no bulk call: order by order from the exchange’s own list, at once')
    .option('--yes', 'no question')
    .option('--no-halt', 'do not halt a running mmbot live of this account first')
    .option('--dry-run', 'show what would be canceled, and cancel nothing')
    .addOption(new Option('--deadline <time>', 'give up after this').argParser(parseDuration).default(180_000, '180'))
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'only the result')
    .addHelpText('after', EXAMPLES);
  return command.action(async (choice: Choice) => setExitCode(command, await run(host, choice)));
}

async function run(host: Host, choice: Choice): Promise<ExitCode> {
  const address = addressFor(host, 'cancel', choice);
  const credentials = loadCredentials(host);
  host.hide([credentials.apiKey, credentials.secret]);
  await using emergency = openEmergency(address, credentials);
  const { port, limiter } = emergency;
  const scopes = scopesOf(choice);
  const isTarget = ({ clientOrderId }: RestingOrder): boolean => choice.mine !== true || clientOrderId.startsWith(OWN_PREFIX);
  if (choice.dryRun === true || (choice.force !== true && choice.yes !== true)) {
    const orders = (await Promise.all(scopes.map((scope) => port.resting(scope)))).flatMap(({ value }) => value);
    const targets = orders.filter((order) => isTarget(order) && (choice.includeStops === true || order.kind === 'plain'));
    host[choice.dryRun === true ? 'stdout' : 'stderr'].write(
      planText(host, targets, orders.length - targets.length, choice.json === true && choice.dryRun === true),
    );
    if (choice.dryRun === true) return EXIT.ok;
    await consent(host, targets.length);
  }
  const log = openLog(host, { json: choice.json === true, quiet: choice.quiet === true, logLevel: 'info' }, systemClock, [
    credentials.apiKey,
    credentials.secret,
  ]);
  const halted =
    choice.halt === false ? 'skipped' : await haltInstance(accountName(address, credentials.apiKey), systemClock, HALT_PATIENCE_MS);
  const { mine = false, force = false } = choice;
  log.info('cancel_all_started', { host: address.restUrl, scopes: scopes.length, mine, force, runningBot: halted });
  const onLook = progressTo(log);
  const report = await cancelAll(requestOf(choice, scopes, isTarget), { port, clock: systemClock, limiter, onLook });
  const { trigger, method, canceled, remaining, verified } = report;
  log.info('cancel_all_done', { trigger, canceled, failed: remaining.length, remaining: remaining.length, method, verified });
  const unlisted = report.found === 0 ? await unlistedOf(choice, emergency) : [];
  const exitCode = !report.verified ? EXIT.ordersRemain : unlisted.length > 0 ? EXIT.usage : EXIT.ok;
  host.stdout.write(choice.json === true ? resultDocument(report, exitCode, address.restUrl, halted) : resultText(host, report, halted));
  if (unlisted.length > 0)
    log.error('unknown_symbols', { symbols: unlisted.join(','), meaning: 'nothing can rest there: is it what was meant?' });
  return exitCode;
}

/** That nothing rests under a name proves little when nothing can. */
async function unlistedOf({ symbols = [], category = CATEGORIES }: Choice, { isListed }: Emergency): Promise<readonly string[]> {
  const listed = await Promise.all(
    symbols.map(async (symbol) => (await Promise.all(category.map((name) => isListed(name, symbol)))).some(Boolean)),
  );
  return symbols.filter((_, index) => listed[index] === false);
}

function progressTo(log: Logger): NonNullable<CancelAllParts['onLook']> {
  let shownAt = systemClock.monotonic();
  return (found, open, unreadable) => {
    if (systemClock.monotonic() - shownAt < PROGRESS_MS) return;
    shownAt = systemClock.monotonic();
    log[unreadable === undefined ? 'info' : 'warn']('cancel_all_progress', {
      found,
      open,
      ...(unreadable === undefined ? {} : { unreadable }),
    });
  };
}

function requestOf(choice: Choice, scopes: readonly CancelScope[], isTarget: CancelAllRequest['isTarget']): CancelAllRequest {
  return {
    trigger: 'operator',
    scopes,
    isTarget,
    includeStops: choice.includeStops === true,
    perOrder: choice.force === true,
    quietAt: quietFromNow(),
    deadlineMs: choice.deadline,
  };
}

/** Everything by default: Bybit wants linear contracts named by their settle coin. */
function scopesOf({ category = CATEGORIES, symbols, settleCoin }: Choice): readonly CancelScope[] {
  if (settleCoin !== undefined && symbols !== undefined) throw usage('--symbols and --settle-coin name two scopes: which one is meant?');
  if (settleCoin !== undefined && category !== CATEGORIES && category.includes('spot'))
    throw usage('--settle-coin is of contracts: expected no --category spot beside it');
  if (symbols !== undefined)
    return category.flatMap((name) =>
      name === 'inverse' && category === CATEGORIES ? [] : symbols.map((symbol) => ({ category: name, symbol })),
    );
  if (settleCoin !== undefined) {
    const contracts = category === CATEGORIES ? (['linear'] as const) : category;
    return contracts.map((name) => ({ category: name, settleCoin }));
  }
  return category.flatMap((name): CancelScope[] => {
    if (name !== 'linear') return [{ category: name }];
    return ['USDT', 'USDC'].map((coin) => ({ category: 'linear', settleCoin: coin }));
  });
}

async function consent(host: Host, count: number): Promise<void> {
  if (count === 0) return;
  if (!host.stderr.isTerminal) throw usage('expected --yes or --force: there is no terminal to ask on');
  const answer = await host.ask(`Cancel ${count} order${count === 1 ? '' : 's'}? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw usage('nothing was canceled: no consent');
}

function parseCategories(text: string): readonly Category[] {
  return text.split(',').map((word) => {
    const category = CATEGORIES.find((known) => known === word.trim());
    if (category === undefined) throw new InvalidArgumentError(`Expected some of ${CATEGORIES.join(', ')}, was '${word}'.`);
    return category;
  });
}

function usage(message: string): MmbotError {
  return new MmbotError({ code: 'usage', exitCode: EXIT.usage, message, hint: 'mmbot cancel-all --help' });
}
