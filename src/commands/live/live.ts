import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { Settings } from '../../config/fields.ts';
import type { Resolution } from '../../config/resolve.ts';
import { VENUE_NAMES } from '../../config/venues.ts';
import { EXIT, MmbotError, type ExitCode } from '../../errors.ts';
import { createBybitExchange } from '../../exchange/bybit/bybit-exchange.ts';
import type { ReadAgain } from '../../exchange/bybit/rest/read-again.ts';
import { socketsWire } from '../../exchange/bybit/wire/wire-sockets.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { hasFailed, preflight } from '../../execution/start/preflight.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import type { Host } from '../../host.ts';
import { OWN_PREFIX } from '../../model/order.ts';
import { MARKET_NAMES } from '../../simulator/market-model/markets.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import { lockFolder, NO_HISTORY, readHistory } from '../../store/journal-folder.ts';
import { nameFolder } from '../../store/state-folder.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { scopedClock, systemClock, type Clock } from '../../util/clock.ts';
import { systemRandom } from '../../util/random.ts';
import { nameByKey } from '../../wiring/account-names.ts';
import { urlParser } from '../options/address.ts';
import { parseDuration } from '../options/durations.ts';
import { EarlierRun } from './earlier-run.ts';
import { setExitCode } from '../process/exit-code.ts';
import { Interrupt } from '../process/interrupt.ts';
import { tradingLimiter } from '../../wiring/limiters.ts';
import { accountOfRun, folderOf } from './account.ts';
import { armVenue, refuseFrozen, startPatience } from './entry.ts';
import { showChecks } from './output.ts';
import { shadow } from './shadow.ts';
import { trade } from './trade.ts';
import { openVenue, type LiveVenue, type VenueChoice } from '../../wiring/live-venue.ts';
import { logAuditTrail, openLog } from '../process/log.ts';
import { filled } from '../options/filled.ts';
import { addSharedOptions, loadSettings, outputOptions, sourcesOf, type OutputOptions } from '../options/options.ts';
import { queueModelOption } from '../options/queue-model-option.ts';
import { Rescue } from './rescue.ts';
import { openScreen, type Screen } from '../terminal/screen.ts';
import { endOfChecks, endOfStart, rescuedOnCrash, type StartEnd } from './start-end.ts';
import { parseSymbols } from '../options/symbols.ts';
import { openTelemetry, telemetryOptions, type OpenTelemetry, type TelemetryChoice } from '../process/telemetry.ts';

const EXAMPLES = `
Without --venue it trades on an embedded exchange of its own. Keys come from BYBIT_API_KEY and BYBIT_API_SECRET, or BYBIT_KEY_FILE.
SIGINT, SIGTERM and SIGHUP stop it in order: exit 0 only when it is proven that nothing rests, 4 when something may.

Examples:
  $ mmbot live --profile s1
  $ mmbot live --profile conservative --venue mainnet --dry-run --duration 1h
  $ mmbot live --profile conservative --venue testnet --symbols BTCUSDT --preflight-only
  $ MM_LIVE_ENABLE=1 mmbot live --profile conservative --venue mainnet --confirm mainnet --symbols BTCUSDT
`;

interface Choice extends VenueChoice, TelemetryChoice {
  readonly duration?: number;
  readonly stateDir: string;
  readonly unfreeze?: boolean;
  readonly guard: boolean;
  readonly explain?: boolean;
  readonly preflightOnly?: boolean;
  readonly dryRun?: boolean;
  readonly queueModel: QueueModel;
  readonly foreignOrders: 'refuse' | 'ignore';
}

export function liveCommand(host: Host): Command {
  const command = new Command('live')
    .description('Make markets: recover, check, quote, until it is stopped; then cancel everything and prove it.')
    .addOption(new Option('--venue <name>', 'where to trade').choices(['embedded', ...VENUE_NAMES]).default('embedded'))
    .addOption(new Option('--rest-url <url>', 'another host that speaks Bybit v5').argParser(urlParser(['http:', 'https:'])))
    .addOption(new Option('--ws-url <url>', 'its WebSocket address').argParser(urlParser(['ws:', 'wss:'])))
    .addOption(
      new Option('--dry-run', 'a shadow: the market of the venue, no keys, no order leaves; fills by the queue model').conflicts([
        'confirm',
        'unfreeze',
      ]),
    )
    .addOption(queueModelOption())
    .option('--confirm <venue>', 'first of the two consents to trade real money; the other is MM_LIVE_ENABLE=1')
    .addOption(new Option('--symbols <list>', 'comma-separated').argParser(parseSymbols).default(['BTCUSDT'], 'BTCUSDT'))
    .addOption(new Option('--market <name>', 'market model of the embedded exchange').choices(MARKET_NAMES).default('btc'))
    .addOption(new Option('--duration <time>', 'stop after this').argParser(parseDuration))
    .addOption(
      new Option('--foreign-orders <policy>', 'open orders of others on the account').choices(['refuse', 'ignore']).default('refuse'),
    )
    .option('--preflight-only', 'check everything, and send nothing')
    .option('--unfreeze', 'lift the freeze that an earlier run left')
    .option('--explain', 'log why the quotes are where they are, at each turn that changes something')
    .option('--no-guard', 'no second process that cancels when this one dies')
    .addOption(
      new Option('--state-dir <dir>', 'journals, a folder an account').argParser(filled('a folder, such as .mmbot')).default('.mmbot'),
    );
  for (const option of telemetryOptions()) command.addOption(option);
  return addSharedOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (choice: Choice) => setExitCode(command, await start(host, command, choice)));
}

async function start(host: Host, command: Command, choice: Choice): Promise<ExitCode> {
  if (choice.dryRun === true) return shadow(host, command, choice);
  if (command.getOptionValueSource('queueModel') === 'cli')
    throw new MmbotError({
      code: 'no_shadow',
      exitCode: EXIT.usage,
      message: '--queue-model: the exchange itself has the queues; expected --dry-run with it',
    });
  return live(host, command, choice);
}

/** From the first step to the last: signals are heard, and what ends it says what may rest. */
async function live(host: Host, command: Command, choice: Choice): Promise<ExitCode> {
  using interrupt = new Interrupt(host);
  const resolution = loadSettings(host, command);
  using clock = scopedClock(systemClock);
  await using venue = await openVenue(host, choice);
  const output = outputOptions(command);
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, systemClock, [venue.credentials.apiKey, venue.credentials.secret], screen);
  const opening = openTelemetry(host, choice, { command: 'live', symbols: choice.symbols, clock: systemClock, log });
  await using _telemetry = closedWhenOpen(opening);
  const { guard, preflightOnly = false } = choice;
  const rescue = new Rescue({ host, venue, names: [nameByKey(venue.address, venue.credentials.apiKey)] });
  const ending: StartEnd = { earlier: new EarlierRun(venue), rescue, guard, preflightOnly };
  using _rescue = rescuedOnCrash(host, ending);
  const limiter = tradingLimiter(clock, resolution.settings.execution.opsPerSecond);
  const patience = startPatience(log);
  const exchange = exchangeAt(venue, { clock, settings: resolution.settings, limiter, readAgain: patience.readAgain });
  const profile = sourcesOf(command).profile ?? 'defaults';
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
  const waiting = { clock, log, earlier, onHalt: () => halts.abort() };
  await using account = await interrupt.before(accountOfRun({ venue, exchange, stateDir }, waiting));
  const { names } = account;
  rescue.know(names);
  const folder = folderOf(venue, names, stateDir);
  await using _folder = await interrupt.before(lockFolder(folder));
  const history = venue.outlivesUs ? earlier.learn(() => readHistory(folder)) : NO_HISTORY;
  refuseFrozen(history, choice);
  const telemetry = await interrupt.before(opening);
  logAuditTrail(log, profile, resolution);
  const { tornBytes, endedClean } = history;
  log.info('live_started', { venue: venue.name, symbols: symbols.join(','), state: folder, tornBytes, endedClean });
  const checks = await interrupt.before(preflight({ exchange, clock, symbols, settings, ownPrefix: OWN_PREFIX, foreignOrders }));
  const checked = endOfChecks(checks, ending);
  showChecks({ host, log, output }, checks, checked, preflightOnly);
  if (hasFailed(checks) || preflightOnly) return checked.exitCode;
  if (venue.outlivesUs) {
    nameFolder(folder, names);
    await interrupt.before(armVenue(exchange, foreignOrders, log));
  }
  const seen = { halted: halts.signal, interrupted: interrupt.first, configHash: resolution.hash };
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

/** Nothing is sent, so that nothing is mended. */
function sayEarlier({ earlier }: StartEnd, log: Logger): void {
  if (!earlier.mayRest) return;
  log.warn('earlier_orders', {
    ids: earlier.openIds,
    meaning: 'an earlier run did not end in order: what it left may rest until the next start, or mmbot cancel-all --mine',
  });
}

/** What failed counts only when it is known what an earlier run left: until then it opens by itself. */
function closedWhenOpen(opening: Promise<AsyncDisposable>): AsyncDisposable {
  const opened = opening.catch(() => undefined);
  return { [Symbol.asyncDispose]: async () => (await opened)?.[Symbol.asyncDispose]() };
}

interface AdapterParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly limiter: RateLimiter;
  readonly readAgain: ReadAgain;
}

function exchangeAt({ address, credentials }: LiveVenue, { clock, settings, limiter, readAgain }: AdapterParts): Exchange {
  return createBybitExchange({
    ...address,
    wire: socketsWire(),
    clock,
    random: systemRandom,
    credentials,
    settleCoin: 'USDT',
    ...settings.bybit,
    beforeQuery: async () => void (await limiter.acquire('query')),
    readAgain,
  });
}
