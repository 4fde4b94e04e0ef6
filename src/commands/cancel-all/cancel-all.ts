import { Command, Option } from 'commander';
import { loadCredentials } from '../../config/credentials.ts';
import { VENUE_NAMES, type VenueName } from '../../config/venues.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { isOwn, OUT_OF_SCOPE, type RestingOrder } from '../../exchange/cancel-port.ts';
import type { Host } from '../../host.ts';
import { OWN_PREFIX } from '../../model/order.ts';
import { scopedClock, systemClock } from '../../util/clock.ts';
import { urlParser } from '../options/address.ts';
import { planText } from './output.ts';
import { isPermitted } from './confirmation.ts';
import { CancelEnding } from './ending.ts';
import { operate, planOrRefusal, showResult, type Operation, type Outcome } from './operation.ts';
import { parseCategories, parseCoin, scopesOf, type ScopeChoice } from './scopes.ts';
import { addressFor } from '../../wiring/consent.ts';
import { parseDuration } from '../options/durations.ts';
import { openEmergency } from '../../wiring/emergency.ts';
import { setExitCode } from '../process/exit-code.ts';
import { openLog } from '../process/log.ts';
import { RunningBot } from './running-bot.ts';
import { parseSymbols } from '../options/symbols.ts';

const EXAMPLES = `
Needs nothing but keys (BYBIT_API_KEY and BYBIT_API_SECRET, or BYBIT_KEY_FILE) and a host: no running bot, no profile, no state.
Exit 0 only with proof; 4 when something may still be open, or could not be read; 3 when the exchange does not know the keys or could not
be reached at all. Not looked at, and so not proven: ${OUT_OF_SCOPE.join(', ')}.

Examples:
  $ mmbot cancel-all --venue mainnet --force
  $ mmbot cancel-all --venue testnet --symbols BTCUSDT,ETHUSDT --mine
  $ mmbot cancel-all --rest-url http://127.0.0.1:8099 --ws-url ws://127.0.0.1:8099 --dry-run
`;

interface Choice extends ScopeChoice {
  readonly venue?: VenueName;
  readonly restUrl?: string;
  readonly wsUrl?: string;
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
    .addOption(new Option('--settle-coin <coin>', 'only linear contracts settled in this coin').argParser(parseCoin))
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
  const secrets = [credentials.apiKey, credentials.secret];
  host.hide(secrets);
  const scopes = scopesOf(choice);
  const { mine = false, force = false, yes = false, includeStops = false, dryRun = false, json = false } = choice;
  const isTarget = (order: RestingOrder): boolean | undefined => !mine || isOwn(order);
  using ending = new CancelEnding(host);
  // What is still waiting somewhere at the end does not keep the process alive.
  using clock = scopedClock(systemClock);
  await using emergency = openEmergency(address, credentials, clock);
  const log = openLog(host, { json, quiet: choice.quiet === true, logLevel: 'info' }, systemClock, secrets);
  const onLate = (outcome: string): void => log.warn('running_bot', { outcome, meaning: 'a mmbot live of this account was found later' });
  const bot = new RunningBot({ address, credentials, emergency, isWanted: choice.halt !== false, onLate });
  const { deadline: deadlineMs } = choice;
  const isNarrowed = (choice.symbols ?? choice.settleCoin) !== undefined;
  const parts = { host, address, emergency, clock, log, bot, ending };
  const operation: Operation = { ...parts, scopes, isNarrowed, isTarget, mine, force, includeStops, deadlineMs };
  if (dryRun) return await showPlan(operation, json);
  const isGiven = force || yes;
  const plan = isGiven ? undefined : await planOrRefusal(operation);
  if (plan !== undefined) host.stderr.write(planText(host, plan, undefined));
  const isAllowed = plan === undefined || (await isPermitted(host, plan, await bot.isThere(), ending.signal));
  ending.refuseEarly();
  // An emergency does not end with the connection over which it was begun.
  host.ignoreHangup();
  ending.begin();
  const outcome = (isAllowed ? undefined : await watched(operation)) ?? (await canceled(operation, choice));
  return showResult(operation, outcome, json);
}

async function showPlan(operation: Operation, json: boolean): Promise<ExitCode> {
  const plan = await planOrRefusal(operation);
  const exitCode = plan.unread.length === 0 ? EXIT.ok : EXIT.ordersRemain;
  operation.host.stdout.write(planText(operation.host, plan, json ? exitCode : undefined));
  return exitCode;
}

/** Proves that nothing is open, which needs nobody's consent; undefined when something appeared, and it may be canceled. */
async function watched(operation: Operation): Promise<Outcome | undefined> {
  const { host, log, bot, ending } = operation;
  log.info('nothing_open', { meaning: 'nothing is canceled and no bot halted without consent', next: 'prove that it stays so' });
  let open: readonly RestingOrder[] = [];
  const outcome = await operate(operation, { watchOnly: true, onOpen: (orders) => (open = orders) });
  if (open.length === 0 || ending.signal.aborted) return outcome;
  const plan = { targets: open, others: outcome.report.leftAlone, unread: [] };
  host.stderr.write(planText(host, plan, undefined));
  const isAllowed = await isPermitted(host, plan, await bot.isThere(), ending.signal);
  return isAllowed ? undefined : outcome;
}

async function canceled(operation: Operation, { secondTry = false }: Choice): Promise<Outcome> {
  const { host, address, log, bot, scopes, mine, force } = operation;
  if (!secondTry) againOnCrash(host);
  await bot.halt();
  log.info('cancel_all_started', { host: address.restUrl, scopes: scopes.length, mine, force, runningBot: bot.outcome });
  return await operate(operation, { watchOnly: false });
}

/** A bug that nothing catches ends this process, but not the emergency: the same is begun again, once, in a process of its own. */
function againOnCrash(host: Host): void {
  host.beforeCrash(() =>
    host.startBeside([...host.argv, '--yes', '--second-try'], host.env, { onLine: () => undefined, mayOutliveUs: true }),
  );
}
