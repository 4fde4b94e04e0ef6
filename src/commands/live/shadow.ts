import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { Settings } from '../../config/fields.ts';
import type { Address } from '../../config/venues.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { MarketFeed } from '../../exchange/bybit/streams/market-feed.ts';
import { socketsWire } from '../../exchange/bybit/wire/wire-sockets.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { hasFailed, preflight } from '../../execution/start/preflight.ts';
import type { RateLimiter } from '../../execution/limits/rate-limiter.ts';
import { shadowExchange } from '../../harness/shadow/shadow-exchange.ts';
import { openShadowMarket } from '../../harness/shadow/shadow-market.ts';
import type { Host } from '../../host.ts';
import { OWN_PREFIX } from '../../model/order.ts';
import { createEmbeddedExchange } from '../../simulator/embedded-exchange.ts';
import { chosenFees, feeFigures } from '../../reports/fee-words.ts';
import type { QueueModel } from '../../simulator/replay/queue-models.ts';
import { latencyBesideFeed } from '../../simulator/bybit-api/latency.ts';
import { IN_PROCESS, inProcessWire } from '../../simulator/wire-in-process.ts';
import { lockFolder, NO_HISTORY } from '../../store/journal-folder.ts';
import { at } from '../../util/array.ts';
import { scopedClock, systemClock, type Clock } from '../../util/clock.ts';
import { seededRandom, systemRandom, randomId } from '../../util/random.ts';
import { addressFor, isEmbedded } from '../../wiring/consent.ts';
import { Interrupt } from '../process/interrupt.ts';
import { tradingLimiter } from '../../wiring/limiters.ts';
import { showChecks } from './output.ts';
import { reportFolder } from './report.ts';
import { trade } from './trade.ts';
import { openVenue, type LiveVenue, type VenueChoice } from '../../wiring/live-venue.ts';
import { tradingExchange } from '../../wiring/trading-exchange.ts';
import { logAuditTrail, openLog } from '../process/log.ts';
import { loadSettings, outputOptions, profileOf } from '../options/options.ts';
import { openScreen } from '../terminal/screen.ts';
import { openTelemetry, type TelemetryChoice } from '../process/telemetry.ts';

export interface ShadowChoice extends VenueChoice, TelemetryChoice {
  readonly out?: string;
  readonly queueModel: QueueModel;
  readonly duration?: number;
  readonly stateDir: string;
  readonly explain?: boolean;
  readonly preflightOnly?: boolean;
}

/**
 * `mmbot live --dry-run`: runs the bot on the market of the venue without sending orders there. All requests to the venue go through
 * `MarketFeed`, which has no keys and passes only market data. Orders go to an embedded exchange in this process, which matches them
 * against the market data.
 */
export async function shadow(host: Host, command: Command, choice: ShadowChoice): Promise<ExitCode> {
  using interrupt = new Interrupt(host);
  const resolution = loadSettings(host, command, choice.symbols);
  const { settings } = resolution;
  using clock = scopedClock(systemClock);
  const output = outputOptions(command);
  const screen = openScreen(host.stderr);
  const log = openLog(host, output, systemClock, [], screen);
  const folder = resolve(host.cwd, choice.stateDir, 'shadow');
  await using _folder = await lockFolder(folder);
  await using market = await openMarket(host, choice);
  logAuditTrail(log, profileOf(command), resolution);
  await using telemetry = await openTelemetry(host, choice, { command: 'live', symbols: choice.symbols, clock: systemClock, log });
  const limiter = tradingLimiter(clock, settings.execution.opsPerSecond);
  await using stage = await openStage({ choice, market, settings, limiter, clock, interrupt });
  const { exchange, venue, roundTripMs } = stage;
  const { symbols, queueModel, fees, preflightOnly = false } = choice;
  log.info('shadow_started', {
    market: market.name,
    symbols: symbols.join(','),
    queueModel: queueModel.name,
    ...chosenFees(feeFigures(fees)),
    roundTripMs,
  });
  // The shadow's account is new.
  const foreignOrders = 'refuse' as const;
  const checks = await interrupt.before(preflight({ exchange, clock, symbols, settings, ownPrefix: OWN_PREFIX, foreignOrders }));
  const checked = { exitCode: hasFailed(checks) ? EXIT.failed : EXIT.ok, failure: undefined };
  showChecks({ host, log, output }, checks, checked, preflightOnly);
  if (hasFailed(checks) || preflightOnly) return checked.exitCode;
  const run = {
    host,
    ...choice,
    foreignOrders,
    settings,
    clock,
    venue,
    exchange,
    limiter,
    log,
    screen,
    folder,
    output,
    resolution,
    profile: profileOf(command),
    out: reportFolder(host, folder, choice),
  };
  try {
    const shadowOf = { market: market.name, queueModel: queueModel.name, roundTripMs };
    const unheard = { halted: new AbortController().signal, interrupted: interrupt.first, onStarted: () => undefined };
    return await trade({ ...run, ...unheard, telemetry, shadowOf, guard: false, names: [], history: NO_HISTORY });
  } finally {
    screen.end();
  }
}

interface Market extends AsyncDisposable {
  readonly name: string;
  readonly address: Address;
}

/** No keys and no consent: nothing can be sent there. */
async function openMarket(host: Host, choice: ShadowChoice): Promise<Market> {
  if (isEmbedded(choice)) return openVenue(host, choice);
  const address = addressFor(host, 'watch', choice);
  return { name: choice.restUrl ?? choice.venue, address, [Symbol.asyncDispose]: () => Promise.resolve() };
}

interface Stage extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly venue: LiveVenue;
  readonly roundTripMs: number;
}

interface StageParts {
  readonly choice: ShadowChoice;
  readonly market: Market;
  readonly settings: Settings;
  readonly limiter: RateLimiter;
  /** Ends with the command. */
  readonly clock: Clock;
  readonly interrupt: Interrupt;
}

async function openStage({ choice, market, settings, limiter, clock, interrupt }: StageParts): Promise<Stage> {
  const random = seededRandom(randomId(systemRandom, 8));
  const feed = new MarketFeed({
    restUrl: market.address.restUrl,
    wsUrl: market.address.publicWsUrl ?? market.address.wsUrl,
    wire: socketsWire(),
    clock: systemClock,
    random: random.fork('feed'),
    requestTimeoutMs: settings.bybit.requestTimeoutMs,
  });
  try {
    const { symbols, queueModel, fees } = choice;
    const roundTripMs = Math.round(await interrupt.before(feed.roundTripMs()));
    const shown = await interrupt.before(openShadowMarket(feed, symbols, queueModel, clock));
    const latency = latencyBesideFeed(roundTripMs);
    const source = shown.source;
    const embedded = createEmbeddedExchange({ clock: systemClock, random, symbols, market: 'none', latency, fees, source });
    embedded.start();
    const credentials = at(embedded.keys, 0);
    const orders = tradingExchange({
      ...IN_PROCESS,
      wire: inProcessWire(embedded.surface, systemClock),
      clock: systemClock,
      random: random.fork('adapter'),
      credentials,
      settings,
      limiter,
    });
    const exchange = shadowExchange(orders, shown.events);
    const close = async (): Promise<void> => {
      await exchange.close();
      await feed.close();
      embedded.stop();
    };
    const venue = { ...market, name: `shadow of ${market.name}`, credentials, outlivesUs: false, fees, emergency: undefined };
    return { exchange, venue, roundTripMs, [Symbol.asyncDispose]: close };
  } catch (error) {
    await feed.close();
    throw error;
  }
}
