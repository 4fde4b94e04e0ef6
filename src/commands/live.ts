import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { Settings } from '../config/fields.ts';
import { VENUE_NAMES } from '../config/venues.ts';
import { EXIT, MmbotError, type ExitCode } from '../errors.ts';
import { createBybitExchange } from '../exchange/bybit/bybit-exchange.ts';
import type { ReadAgain } from '../exchange/bybit/read-again.ts';
import { socketsWire } from '../exchange/bybit/wire-sockets.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { hasFailed, preflight } from '../execution/preflight.ts';
import type { RateLimiter } from '../execution/rate-limiter.ts';
import type { Host } from '../host.ts';
import { OWN_PREFIX } from '../model/order.ts';
import { MARKET_NAMES } from '../simulator/markets.ts';
import type { QueueModel } from '../simulator/replay/queue-models.ts';
import { lockFolder, NO_HISTORY, readHistory } from '../store/journal-folder.ts';
import { nameFolder, stateFolderOf } from '../store/state-folder.ts';
import { scopedClock, systemClock, type Clock } from '../util/clock.ts';
import { systemRandom } from '../util/random.ts';
import { earlierNames } from './account-names.ts';
import { urlParser } from './address.ts';
import { parseDuration } from './durations.ts';
import { setExitCode } from './exit-code.ts';
import { interruptible, type EarlierOrders } from './interruptible.ts';
import { tradingLimiter } from './limiters.ts';
import type { ClaimedAccount } from './claimed-account.ts';
import { accountOf, armVenue, refuseFrozen, startPatience, untilGuardGone } from './live-entry.ts';
import { showChecks } from './live-output.ts';
import { shadow } from './live-shadow.ts';
import { trade } from './live-trade.ts';
import { openVenue, type LiveVenue, type VenueChoice } from './live-venue.ts';
import { logAuditTrail, openLog } from './log.ts';
import { filled } from './filled.ts';
import { addSharedOptions, loadSettings, outputOptions, sourcesOf } from './options.ts';
import { queueModelOption } from './queue-model-option.ts';
import { openScreen } from './screen.ts';
import { parseSymbols } from './symbols.ts';
import { openTelemetry, telemetryOptions, type TelemetryChoice } from './telemetry.ts';

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

async function live(host: Host, command: Command, choice: Choice): Promise<ExitCode> {
  const resolution = loadSettings(host, command);
  const { settings } = resolution;
  using clock = scopedClock(systemClock);
  await using venue = await openVenue(host, choice);
  const output = outputOptions(command);
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, systemClock, [venue.credentials.apiKey, venue.credentials.secret], screen);
  const { symbols, foreignOrders } = choice;
  await using telemetry = await openTelemetry(host, choice, { command: 'live', symbols, clock: systemClock, log });
  const halts = new AbortController();
  // An embedded exchange begins with this process.
  let earlier: EarlierOrders = venue.outlivesUs ? 'unknown' : 'none';
  const waiting = { clock, log, onWait: () => void (earlier = 'may_rest') };
  const before = <T>(work: Promise<T>): Promise<T> => interruptible(host, () => earlier, work);
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  const patience = startPatience(log);
  const exchange = exchangeAt(venue, { clock, settings, limiter, readAgain: patience.readAgain });
  try {
    await using account = await before(accountOf(venue, exchange, { ...waiting, onHalt: () => halts.abort() }));
    const folder = folderOf(venue, account, resolve(host.cwd, choice.stateDir));
    await using _folder = await before(locked(folder));
    const history = venue.outlivesUs ? readHistory(folder) : NO_HISTORY;
    refuseFrozen(history, choice);
    earlier = history.endedClean ? 'none' : 'may_rest';
    logAuditTrail(log, sourcesOf(command).profile ?? 'defaults', resolution);
    const { tornBytes, endedClean } = history;
    log.info('live_started', { venue: venue.name, symbols: symbols.join(','), state: folder, tornBytes, endedClean });
    if (venue.outlivesUs) await before(untilGuardGone(account.names, waiting));
    const checks = await before(preflight({ exchange, clock, symbols, settings, ownPrefix: OWN_PREFIX, foreignOrders }));
    showChecks(host, checks, log, output, choice.preflightOnly === true);
    if (hasFailed(checks)) return EXIT.failed;
    if (choice.preflightOnly === true) return EXIT.ok;
    if (venue.outlivesUs) {
      nameFolder(folder, account.names);
      await before(armVenue(exchange, foreignOrders, log));
    }
    return await trade({
      host,
      ...choice,
      settings,
      clock,
      venue,
      exchange,
      limiter,
      log,
      screen,
      telemetry,
      folder,
      names: account.names,
      history,
      halted: halts.signal,
      onStarted: patience.end,
      configHash: resolution.hash,
      output,
    });
  } finally {
    screen.end();
    await exchange.close();
  }
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

/** An embedded exchange begins and ends with this process: nothing of an earlier run can be left on it. */
function folderOf({ outlivesUs, address, credentials }: LiveVenue, { names }: ClaimedAccount, stateDir: string): string {
  return outlivesUs ? stateFolderOf(stateDir, names, earlierNames(address, credentials.apiKey)) : resolve(stateDir, 'embedded');
}

async function locked(folder: string): Promise<AsyncDisposable> {
  const lock = await lockFolder(folder);
  return { [Symbol.asyncDispose]: () => lock.release() };
}
