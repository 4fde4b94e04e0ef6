import { Command, Option } from 'commander';
import { loadCredentials } from '../../config/credentials.ts';
import type { VenueName } from '../../config/venues.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { isOwn, OUT_OF_SCOPE, type RestingOrder } from '../../exchange/cancel-port.ts';
import type { Host } from '../../host.ts';
import { OWN_PREFIX } from '../../model/order.ts';
import { scopedClock, systemClock } from '../../util/clock.ts';
import { addPlaceOptions } from '../options/address.ts';
import { planDocument, planText } from './output.ts';
import { isPermitted } from './confirmation.ts';
import { CancelEnding } from './ending.ts';
import { operate, planOrRefusal, showResult, type Operation, type Outcome } from './operation.ts';
import { parseCategories, parseCoin, scopesOf, type ScopeChoice } from './scopes.ts';
import { addressFor } from '../../wiring/consent.ts';
import { addHelp, jsonOption, quietOption, type HelpParts } from '../options/basics.ts';
import { durationOption } from '../options/durations.ts';
import { openEmergency } from '../../wiring/emergency.ts';
import { setExitCode } from '../process/exit-code.ts';
import { openLog } from '../process/log.ts';
import { RunningBot } from './running-bot.ts';
import { symbolsOption } from '../options/symbols.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot cancel-all --venue mainnet --force',
    'mmbot cancel-all --venue testnet --symbols BTCUSDT,ETHUSDT --mine',
    'mmbot cancel-all --rest-url http://127.0.0.1:8099 --dry-run',
  ],
  notes: `\
It needs only an API key (BYBIT_API_KEY and BYBIT_API_SECRET, or BYBIT_KEY_FILE)
and the address of the exchange: no running bot, no profile, no state.
Exit codes: 0 only when it is verified that no order is open; 4 when orders may
still be open or could not be read; 3 when the exchange does not know the key or
cannot be reached. Neither canceled nor verified:
${OUT_OF_SCOPE.join(', ')}.`,
};

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
  const described = new Command('cancel-all').description('Cancel all open orders of an account and verify that none is left.');
  const place = { venue: 'exchange of the account', isEmbedded: false, wsUse: '; used when HTTP is banned' };
  const command = addPlaceOptions(described, place)
    .addOption(
      new Option('--category <list>', 'product categories: linear, inverse, spot, option (default: all)').argParser(parseCategories),
    )
    .addOption(symbolsOption('cancel only orders of these symbols'))
    .addOption(
      new Option(
        '--settle-coin <coin>',
        'cancel only orders of contracts settled in this coin; linear ones unless --category is given',
      ).argParser(parseCoin),
    )
    .option('--mine', `cancel only orders placed by mmbot, whose client order ids begin with ${OWN_PREFIX}`)
    .option('--include-stops', 'cancel conditional, TP/SL and trailing orders too, which protect positions')
    .option('--force', 'do not ask; cancel order by order from the exchange’s own list instead of by bulk calls')
    .option('--yes', 'do not ask for confirmation')
    .option('--no-halt', 'do not first halt a running mmbot live of this account')
    .option('--dry-run', 'show the orders that would be canceled, and cancel nothing')
    .addOption(new Option('--second-try', 'started by a cancel-all that crashed').hideHelp())
    .addOption(durationOption('--deadline', 'give up after this time: seconds, or 90s, 15m, 1h').default(180_000, '180'))
    .addOption(jsonOption())
    .addOption(quietOption());
  return addHelp(command, HELP).action(async (choice: Choice) => setExitCode(command, await run(host, choice)));
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
  // Timers that are still pending at the end must not keep the process alive.
  using clock = scopedClock(systemClock);
  await using emergency = openEmergency(address, credentials, clock);
  const log = openLog(host, { json, quiet: choice.quiet === true, logLevel: 'info' }, systemClock, secrets);
  const onLate = (outcome: string): void =>
    log.warn('running_bot', { outcome, meaning: 'an mmbot live of this account was found after the first look' });
  const bot = new RunningBot({ address, credentials, emergency, isWanted: choice.halt !== false, onLate });
  const { deadline: deadlineMs } = choice;
  const isNarrowed = (choice.symbols ?? choice.settleCoin) !== undefined;
  const parts = { host, address, emergency, clock, log, bot, ending };
  const operation: Operation = { ...parts, scopes, isNarrowed, isTarget, mine, force, includeStops, deadlineMs };
  if (dryRun) return await showPlan(operation, json);
  const isGiven = force || yes;
  const plan = isGiven ? undefined : await planOrRefusal(operation);
  if (plan !== undefined) host.stderr.write(planText(host, plan, host.stderr));
  const isAllowed = plan === undefined || (await isPermitted(host, plan, await bot.isThere(), ending.signal));
  ending.refuseEarly();
  // A lost SSH connection must not stop an emergency cancel.
  host.ignoreHangup();
  ending.begin();
  const outcome = (isAllowed ? undefined : await watched(operation)) ?? (await canceled(operation, choice));
  return showResult(operation, outcome, json);
}

async function showPlan(operation: Operation, json: boolean): Promise<ExitCode> {
  const plan = await planOrRefusal(operation);
  const { host } = operation;
  const exitCode = plan.unread.length === 0 ? EXIT.ok : EXIT.ordersRemain;
  host.stdout.write(json ? planDocument(plan, exitCode) : planText(host, plan, host.stdout));
  return exitCode;
}

/** Verifies that nothing is open, which needs no consent. Returns undefined when orders appeared and the user consented to cancel them. */
async function watched(operation: Operation): Promise<Outcome | undefined> {
  const { host, log, bot, ending } = operation;
  log.info('nothing_open', { meaning: 'without consent no order is canceled and no bot is halted', next: 'verify that no order appears' });
  let open: readonly RestingOrder[] = [];
  const outcome = await operate(operation, { watchOnly: true, onOpen: (orders) => (open = orders) });
  if (open.length === 0 || ending.signal.aborted) return outcome;
  const plan = { targets: open, others: outcome.report.leftAlone, unread: [] };
  host.stderr.write(planText(host, plan, host.stderr));
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

/** If an uncaught bug ends this process, the same cancel-all is started once more in a new process. */
function againOnCrash(host: Host): void {
  host.beforeCrash(() =>
    host.startBeside([...host.argv, '--yes', '--second-try'], host.env, { onLine: () => undefined, mayOutliveUs: true }),
  );
}
