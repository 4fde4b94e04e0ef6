import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { Resolution } from '../../config/resolve.ts';
import { usageError, type ExitCode } from '../../errors.ts';
import { socketsWire } from '../../exchange/bybit/wire/wire-sockets.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { hasFailed, preflight } from '../../execution/start/preflight.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import type { Host } from '../../host.ts';
import { OWN_PREFIX } from '../../model/order.ts';
import { chosenFees, feeFigures } from '../../reports/fee-words.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import { lockFolder, NO_HISTORY, readHistory } from '../../store/journal-folder.ts';
import { nameFolder } from '../../store/state-folder.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { scopedClock, systemClock, type Clock } from '../../util/clock.ts';
import { systemRandom } from '../../util/random.ts';
import { nameByKey } from '../../wiring/account-names.ts';
import { addPlaceOptions } from '../options/address.ts';
import { durationOption } from '../options/durations.ts';
import { EarlierRun } from './earlier-run.ts';
import { setExitCode } from '../process/exit-code.ts';
import { Interrupt } from '../process/interrupt.ts';
import { tradingLimiter } from '../../wiring/limiters.ts';
import { accountOfRun, folderOf } from './account.ts';
import { armVenue, refuseFrozen, startPatience } from './entry.ts';
import { showChecks } from './output.ts';
import { reportFolder } from './report.ts';
import { shadow } from './shadow.ts';
import { trade } from './trade.ts';
import { isEmbedded } from '../../wiring/consent.ts';
import { openVenue, type LiveVenue, type VenueChoice } from '../../wiring/live-venue.ts';
import { tradingExchange } from '../../wiring/trading-exchange.ts';
import { logAuditTrail, openLog } from '../process/log.ts';
import { filled } from '../options/filled.ts';
import { addHelp, type HelpParts } from '../options/basics.ts';
import { feeOptions, feesOf, refuseFees, type FeeChoice } from '../options/fee-options.ts';
import { marketOption } from '../options/market.ts';
import { addSharedOptions, loadSettings, outputOptions, profileOf, type OutputOptions } from '../options/options.ts';
import { queueModelOption } from '../options/queue-model-option.ts';
import { Rescue } from './rescue.ts';
import { openScreen, type Screen } from '../terminal/screen.ts';
import { endOfChecks, endOfStart, rescuedOnCrash, type StartEnd } from './start-end.ts';
import { explainOption } from '../options/run-options.ts';
import { marketSymbolsOption } from '../options/symbols.ts';
import { openTelemetry, telemetryOptions, type OpenTelemetry, type TelemetryChoice } from '../process/telemetry.ts';

const HELP: HelpParts = {
  examples: [
    'mmbot live --profile s1',
    'mmbot live --profile conservative --venue mainnet --dry-run --duration 1h',
    'mmbot live --profile conservative --venue testnet --preflight-only',
    'MM_LIVE_ENABLE=1 mmbot live --profile conservative --venue mainnet --confirm mainnet',
  ],
  notes: `\
Without --venue or --rest-url it trades on its own embedded exchange. The API
key comes from BYBIT_API_KEY and BYBIT_API_SECRET, or from BYBIT_KEY_FILE.
SIGINT, SIGTERM or SIGHUP stops it: it cancels its orders and verifies that
none is open. Exit codes: 0 when that is verified, 4 when orders may be open.`,
};

type GivenChoice = Omit<Choice, 'fees'> & FeeChoice;

interface Choice extends VenueChoice, TelemetryChoice {
  readonly duration?: number;
  readonly stateDir: string;
  readonly out?: string;
  readonly unfreeze?: boolean;
  readonly guard: boolean;
  readonly explain?: boolean;
  readonly preflightOnly?: boolean;
  readonly dryRun?: boolean;
  readonly queueModel: QueueModel;
  readonly foreignOrders: 'refuse' | 'ignore';
}

export function liveCommand(host: Host): Command {
  const [makerFee, takerFee] = feeOptions();
  const described = new Command('live').description(
    'Run the bot: quote both sides of the market until stopped, then cancel its orders and verify that none is open.',
  );
  const command = addPlaceOptions(described, { venue: 'exchange to trade on', isEmbedded: true })
    .addOption(
      new Option('--dry-run', 'shadow mode: the real market, no keys, no order is sent; fills are simulated by --queue-model').conflicts([
        'confirm',
        'unfreeze',
      ]),
    )
    .addOption(queueModelOption())
    .option('--confirm <venue>', 'confirm trading with real money on mainnet; MM_LIVE_ENABLE=1 is required as well')
    .addOption(marketSymbolsOption('symbols to trade'))
    .addOption(marketOption())
    .addOption(makerFee)
    .addOption(takerFee)
    .addOption(durationOption('--duration', 'stop after this time; without it, run until stopped'))
    .addOption(
      new Option('--foreign-orders <policy>', 'if the account has open orders that are not mmbot’s: refuse to start, or ignore them')
        .choices(['refuse', 'ignore'])
        .default('refuse'),
    )
    .option('--preflight-only', 'run the checks before a start and exit; no order or cancel is sent')
    .option('--unfreeze', 'lift the trading freeze that an earlier run left')
    .addOption(explainOption())
    .option('--no-guard', 'do not start the second process that cancels the orders when this one dies')
    .addOption(
      new Option('--state-dir <dir>', 'folder for journals, with a subfolder for each account')
        .argParser(filled('a folder, such as .mmbot'))
        .default('.mmbot'),
    )
    .addOption(
      new Option(
        '--out <dir>',
        'folder for report.html, report.md and report.json, written when it stops (default: report, beside the journal)',
      ).argParser(filled('a folder, such as reports/live')),
    );
  for (const option of telemetryOptions()) command.addOption(option);
  return addHelp(addSharedOptions(command), HELP).action(async (given: GivenChoice) =>
    setExitCode(command, await start(host, command, { ...given, fees: feesOf(given) })),
  );
}

async function start(host: Host, command: Command, choice: Choice): Promise<ExitCode> {
  host.limitHeapGrowth();
  if (choice.dryRun === true) return shadow(host, command, choice);
  if (command.getOptionValueSource('queueModel') === 'cli')
    throw usageError('--queue-model applies to a shadow run, where fills are simulated: expected --dry-run with it', { code: 'no_shadow' });
  if (!isEmbedded(choice)) refuseFees(command);
  return live(host, command, choice);
}

/** Handles signals from the first step to the last; every error that ends it says whether orders may be open. */
async function live(host: Host, command: Command, choice: Choice): Promise<ExitCode> {
  using interrupt = new Interrupt(host);
  const resolution = loadSettings(host, command, choice.symbols);
  using clock = scopedClock(systemClock);
  await using venue = await openVenue(host, choice);
  const output = outputOptions(command);
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, systemClock, [venue.credentials.apiKey, venue.credentials.secret], screen);
  const opening = openTelemetry(host, choice, { command: 'live', symbols: choice.symbols, clock: systemClock, log });
  await using _telemetry = closedWhenOpen(opening);
  const { guard, foreignOrders, preflightOnly = false } = choice;
  const rescue = new Rescue({ host, venue, foreignOrders, names: [nameByKey(venue.address, venue.credentials.apiKey)] });
  const ending: StartEnd = { earlier: new EarlierRun(venue), rescue, guard, preflightOnly, emergency: venue.emergency };
  using _rescue = rescuedOnCrash(host, ending);
  const limiter = tradingLimiter(clock, resolution.settings.execution.opsPerSecond);
  const patience = startPatience(log);
  const exchange = tradingExchange({
    ...venue.address,
    credentials: venue.credentials,
    wire: socketsWire(),
    random: systemRandom,
    settings: resolution.settings,
    readAgain: patience.readAgain,
    clock,
    limiter,
  });
  const profile = profileOf(command);
  const tools = { host, choice, resolution, profile, clock, output, screen, log, opening, limiter, exchange };
  try {
    return await run({ ...tools, interrupt, venue, ending, onStarted: patience.end });
  } catch (error) {
    throw endOfStart(error, ending);
  } finally {
    if (preflightOnly) sayEarlier(ending, log);
    screen.end();
    await exchange.close();
  }
}

interface RunParts {
  readonly host: Host;
  readonly choice: Choice;
  readonly resolution: Resolution;
  readonly profile: string;
  readonly clock: Clock;
  readonly output: OutputOptions;
  readonly screen: Screen;
  readonly log: Logger;
  readonly opening: Promise<OpenTelemetry>;
  readonly limiter: RateLimiter;
  readonly exchange: Exchange;
  readonly interrupt: Interrupt;
  readonly venue: LiveVenue;
  readonly ending: StartEnd;
  readonly onStarted: () => void;
}

async function run({ choice, resolution, profile, opening, interrupt, ending, ...tools }: RunParts): Promise<ExitCode> {
  const { host, clock, venue, exchange, output, log, onStarted } = tools;
  const { settings } = resolution;
  const { symbols, foreignOrders, preflightOnly = false } = choice;
  const { earlier, rescue } = ending;
  const halts = new AbortController();
  const stateDir = resolve(host.cwd, choice.stateDir);
  const waiting = { clock, log, earlier, onHalt: (reason: string) => halts.abort(reason) };
  await using account = await interrupt.before(accountOfRun({ venue, exchange, stateDir }, waiting));
  const { names } = account;
  rescue.know(names);
  const folder = earlier.locate(() => folderOf(venue, names, stateDir));
  await using _folder = await interrupt.before(lockFolder(folder));
  const history = venue.outlivesUs ? earlier.learn(() => readHistory(folder)) : NO_HISTORY;
  refuseFrozen(history, choice);
  const telemetry = await interrupt.before(opening);
  logAuditTrail(log, profile, resolution);
  const { tornBytes, endedClean } = history;
  const charged = venue.fees === undefined ? {} : chosenFees(feeFigures(venue.fees));
  log.info('live_started', { venue: venue.name, symbols: symbols.join(','), ...charged, state: folder, tornBytes, endedClean });
  const checks = await interrupt.before(preflight({ exchange, clock, symbols, settings, ownPrefix: OWN_PREFIX, foreignOrders }));
  const checked = endOfChecks(checks, ending);
  showChecks({ host, log, output }, checks, checked, preflightOnly);
  if (hasFailed(checks) || preflightOnly) return checked.exitCode;
  if (venue.outlivesUs) {
    nameFolder(folder, names);
    await interrupt.before(armVenue(exchange, foreignOrders, log));
  }
  const seen = { halted: halts.signal, interrupted: interrupt.first, resolution, profile, out: reportFolder(host, folder, choice) };
  return await trade({
    ...choice,
    ...tools,
    ...seen,
    settings,
    telemetry,
    folder,
    names,
    history,
    ...(venue.outlivesUs ? { rescue } : {}),
    onStarted() {
      onStarted();
      earlier.recovered();
    },
  });
}

/** `--preflight-only` sends no cancel: orders of an earlier run are reported, not canceled. */
function sayEarlier({ earlier, emergency }: StartEnd, log: Logger): void {
  if (!earlier.mayRest) return;
  log.warn('earlier_orders', {
    ids: earlier.openIds,
    meaning: `an earlier run did not stop cleanly: its orders may stay open until the next start; or ${emergency?.mine.lead}`,
    run: emergency?.mine.command,
  });
}

/** Closes the telemetry if it opened. A failure to open is thrown later, by `run`, once the journal of an earlier run has been read. */
function closedWhenOpen(opening: Promise<AsyncDisposable>): AsyncDisposable {
  const opened = opening.catch(() => undefined);
  return { [Symbol.asyncDispose]: async () => (await opened)?.[Symbol.asyncDispose]() };
}
