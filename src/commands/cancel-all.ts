import { Command, InvalidArgumentError, Option } from 'commander';
import { loadCredentials } from '../config/credentials.ts';
import { VENUE_NAMES, type VenueName } from '../config/venues.ts';
import { EXIT, MmbotError, type ExitCode } from '../errors.ts';
import {
  CATEGORIES,
  isOwn,
  OUT_OF_SCOPE,
  type CancelPort,
  type CancelScope,
  type Category,
  type RestingOrder,
} from '../exchange/cancel-port.ts';
import { isComplete } from '../exchange/complete.ts';
import { ExchangeError } from '../exchange/errors.ts';
import { isKeyUnknown } from '../exchange/bybit/ret-codes.ts';
import type { CancelAllParts, CancelAllRequest } from '../execution/cancel-all.ts';
import type { Host } from '../host.ts';
import { OWN_PREFIX } from '../model/order.ts';
import type { Logger } from '../telemetry/logger.ts';
import { systemClock } from '../util/clock.ts';
import { within } from '../util/promise.ts';
import { urlParser } from './address.ts';
import { planText, resultDocument, resultText } from './cancel-all-output.ts';
import { cancelInsistently } from './cancel-insistently.ts';
import { addressFor } from './consent.ts';
import { parseDuration } from './durations.ts';
import { openEmergency, quietFromNow, type Emergency } from './emergency.ts';
import { setExitCode } from './exit-code.ts';
import { haltBot } from './halt-bot.ts';
import { openLog } from './log.ts';
import { parseSymbols } from './symbols.ts';

const EXAMPLES = `
Needs nothing but keys (BYBIT_API_KEY and BYBIT_API_SECRET, or BYBIT_KEY_FILE) and a host: no running bot, no profile, no state.
Exit 0 only with proof; 4 when something may still be open, or could not be read; 3 when the exchange does not know the keys or could not
be reached at all. Not looked at, and so not proven: ${OUT_OF_SCOPE.join(', ')}.

Examples:
  $ mmbot cancel-all --venue mainnet --force
  $ mmbot cancel-all --venue testnet --symbols BTCUSDT,ETHUSDT --mine
  $ mmbot cancel-all --rest-url http://127.0.0.1:8099 --ws-url ws://127.0.0.1:8099 --dry-run
`;

/** Whether a symbol is listed may take so long to find out, and the last word so long beyond the deadline. */
const UNLISTED_MS = 2000;
const LAST_WORD_MS = 1500;
/** Between two progress lines. */
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
  readonly secondTry?: boolean;
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
    .addOption(new Option('--category <list>', 'linear, inverse, spot, option; all of them by default').argParser(parseCategories))
    .addOption(new Option('--symbols <list>', 'only these').argParser(parseSymbols))
    .option('--settle-coin <coin>', 'only linear contracts settled in this coin')
    .option('--mine', `only orders of mmbot's, whose ids begin with ${OWN_PREFIX}`)
    .option('--include-stops', 'also conditional, TP/SL and trailing orders, which protect positions')
    .option('--force', 'no question, no bulk call: order by order from the exchange’s own list, at once')
    .option('--yes', 'no question')
    .option('--no-halt', 'do not halt a running mmbot live of this account first')
    .option('--dry-run', 'show what would be canceled, and cancel nothing')
    .addOption(new Option('--second-try', 'started by one that crashed').hideHelp())
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
  const isTarget = (order: RestingOrder): boolean | undefined => choice.mine !== true || isOwn(order);
  if (choice.dryRun === true || (choice.force !== true && choice.yes !== true)) {
    const { orders, unread } = await openOrders(port, scopes, choice.deadline).catch(refusedBy(emergency));
    const targets = orders.filter((order) => isTarget(order) !== false && (choice.includeStops === true || order.kind === 'plain'));
    const plan = { targets, others: orders.length - targets.length, unread };
    const exitCode = unread.length === 0 ? EXIT.ok : EXIT.ordersRemain;
    host[choice.dryRun === true ? 'stdout' : 'stderr'].write(
      planText(host, plan, choice.json === true && choice.dryRun === true ? exitCode : undefined),
    );
    if (choice.dryRun === true) return exitCode;
    if (unread.length === 0 || targets.length > 0) await consent(host, targets.length);
  }
  const log = openLog(host, { json: choice.json === true, quiet: choice.quiet === true, logLevel: 'info' }, systemClock, [
    credentials.apiKey,
    credentials.secret,
  ]);
  // An emergency does not end with the connection over which it was begun.
  host.ignoreHangup();
  if (choice.secondTry !== true) againOnCrash(host);
  const bot = await haltBot(address, credentials, choice.halt !== false);
  const { mine = false, force = false } = choice;
  log.info('cancel_all_started', { host: address.restUrl, scopes: scopes.length, mine, force, runningBot: bot.outcome });
  const onLook = progressTo(log);
  const startedAt = systemClock.monotonic();
  const request = { ...requestOf(choice, scopes, isTarget), isSettled: () => bot.isQuiet() };
  const canceling = cancelInsistently(request, { port, clock: systemClock, limiter, onLook }, log).catch(refusedBy(emergency));
  bot.byUser(emergency);
  const report = await canceling;
  const { trigger, method, canceled, remaining, verified } = report;
  log.info('cancel_all_done', { trigger, canceled, failed: remaining.length, remaining: remaining.length, method, verified });
  const leftMs = Math.min(UNLISTED_MS, startedAt + choice.deadline + LAST_WORD_MS - systemClock.monotonic());
  const unlisted = report.found === 0 ? await within(systemClock, leftMs, unlistedOf(choice, emergency), () => []) : [];
  const exitCode = !report.verified ? EXIT.ordersRemain : unlisted.length > 0 ? EXIT.usage : EXIT.ok;
  host.stdout.write(
    choice.json === true ? resultDocument(report, exitCode, address.restUrl, bot.outcome) : resultText(host, report, bot.outcome),
  );
  if (unlisted.length > 0)
    log.error('unknown_symbols', { symbols: unlisted.join(','), meaning: 'nothing can rest there: is it what was meant?' });
  return exitCode;
}

/** A bug that nothing catches ends this process, but not the emergency: the same is begun again, once, in a process of its own. */
function againOnCrash(host: Host): void {
  host.beforeCrash(() =>
    host.startBeside([...host.argv, '--yes', '--second-try'], host.env, { onLine: () => undefined, mayOutliveUs: true }),
  );
}

/** That nothing rests under a name proves little when nothing can. */
async function unlistedOf({ symbols = [], category = CATEGORIES }: Choice, { port }: Emergency): Promise<readonly string[]> {
  const unlisted = await Promise.all(
    symbols.map(async (symbol) => (await Promise.all(category.map((name) => port.isUnlisted(name, symbol)))).every(Boolean)),
  );
  return symbols.filter((_, index) => unlisted[index]);
}

interface OpenOrders {
  readonly orders: readonly RestingOrder[];
  /** Why a list could not be read to its end. */
  readonly unread: readonly string[];
}

async function openOrders(port: CancelPort, scopes: readonly CancelScope[], deadlineMs: number): Promise<OpenOrders> {
  const lists = await within(systemClock, deadlineMs, Promise.all(scopes.map((scope) => port.resting(scope))), () => {
    throw new ExchangeError('unavailable', 'unknown', `open orders: no complete list within ${deadlineMs} ms`);
  });
  const unread = lists.flatMap((list) => (isComplete(list) ? [] : [list.failure.message]));
  return { orders: lists.flatMap(({ value }) => value), unread: [...new Set(unread)] };
}

/** Nothing could be read. Only where nobody answers, or nobody knows the keys, is there nothing to be said of orders. */
function refusedBy({ isReached }: Emergency): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ExchangeError) || !isReached() || isKeyUnknown(error)) throw error;
    throw new MmbotError({
      code: 'orders_unread',
      exitCode: EXIT.ordersRemain,
      message: `ORDERS MAY REMAIN: no list of open orders could be read: ${error.message}`,
      hint: 'try again with --force; look at the account in the web interface of the exchange',
      cause: error,
    });
  };
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
    isEverything: choice.mine !== true,
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
    return symbols.flatMap((symbol) =>
      (category === CATEGORIES ? categoriesOf(symbol) : category).map((name) => ({ category: name, symbol })),
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

/** Where a symbol can be, when nobody says. */
function categoriesOf(symbol: string): readonly Category[] {
  return /-[CP](-[A-Z]+)?$/.test(symbol) ? ['option'] : ['linear', 'spot'];
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
