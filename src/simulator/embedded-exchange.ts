import type { FeeRates } from '../model/instrument.ts';
import type { Atoms } from '../model/units.ts';
import type { Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import type { SpotSide } from './accounts/account.ts';
import { createVenue } from './embedded-venue.ts';
import type { MarketName } from './market-model/markets.ts';
import { NO_FAULTS, type FaultChoice } from './faults/fault-choice.ts';
import { faultLayer } from './faults/fault-layer.ts';
import type { Faults } from './faults/faults.ts';
import type { GoneCode } from './orders/order-entry.ts';
import type { MarketSource } from './market-source.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { LimitMode } from './limits/rate-tiers.ts';
import { createSurface } from './bybit-api/create-surface.ts';
import { makeKeys, type KeyPair } from './bybit-api/keys.ts';
import { DEFAULT_LATENCY, type Latency } from './bybit-api/latency.ts';
import type { Surface } from './bybit-api/surface.ts';
import { SpotVenue } from './spot/spot-venue.ts';
import type { AccountId, VenueWallet } from './venue/account-state.ts';
import type { Venue } from './venue/venue.ts';

export interface EmbeddedExchangeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly symbols: readonly string[];
  /** Spot pairs; none by default. */
  readonly spotSymbols?: readonly string[];
  readonly market: MarketName;
  /** Number of client accounts; 1 by default. */
  readonly accounts?: number;
  readonly limits?: LimitMode;
  readonly latency?: Latency;
  /** User id of the first account; the others follow. 1,000,000 by default. */
  readonly firstUserId?: number;
  /** Of each account, in settle coin. */
  readonly deposit?: Atoms;
  /** Of linear contracts; those without a VIP level by default. */
  readonly fees?: FeeRates | undefined;
  /** Accounts may use cancel on disconnect, as institutions do; off by default. */
  readonly dcp?: boolean;
  /** Error code for amends and cancels of closed orders; 110001 by default. */
  readonly goneCode?: GoneCode;
  /** Faults to inject; none by default. */
  readonly faults?: FaultChoice;
  /** Source of the market instead of the background flow; `market` is then ignored. */
  readonly source?: MarketSource | undefined;
}

/** A whole exchange in this process. Its behavior depends only on requests, time and seed. */
export interface EmbeddedExchange {
  /** For checks only; a client has only the surface. */
  readonly venue: Venue;
  /** Undefined if no spot pairs are listed. */
  readonly spot: SpotVenue | undefined;
  readonly surface: Surface;
  /** The exchange’s own clock, which faults may shift. */
  readonly clock: Clock;
  /** Its request counts, per limit and per address. */
  readonly rateLimits: RateLimits;
  /** Undefined if no faults were chosen. */
  readonly faults: Faults | undefined;
  /** One pair for each account. */
  readonly keys: readonly KeyPair[];
  /** Starts the background flow and the faults. */
  start(): void;
  /** Stops the background flow and ends every connection. */
  stop(): void;
}

export function createEmbeddedExchange(options: EmbeddedExchangeOptions): EmbeddedExchange {
  const { random, accounts = 1, limits = 'vip0', latency = DEFAULT_LATENCY } = options;
  const layer = faultLayer({ clock: options.clock, random, choice: options.faults ?? NO_FAULTS, limits, accounts });
  const { clock, limits: rateLimits, faults } = layer;
  const { venue, spot } = openVenues(options, clock, (account) => rateLimits.counts(account));
  const keys = makeKeys(random.fork('keys'), accounts);
  const parts = {
    clock,
    random: random.fork('surface'),
    venue: layer.venue(venue),
    spot,
    keys,
    limits: rateLimits,
    latency,
    dcp: options.dcp,
    firstUserId: options.firstUserId,
  };
  const surface = layer.surface(createSurface(parts), venue);
  return {
    venue,
    spot,
    surface,
    clock,
    rateLimits,
    faults,
    keys,
    start() {
      venue.start();
      spot?.start();
      faults?.start();
    },
    stop() {
      faults?.stop();
      spot?.stop();
      venue.stop();
      surface.close();
    },
  };
}

type RateCountsOf = (account: AccountId) => ReturnType<RateLimits['counts']>;

/** The venues of contracts and, if requested, of spot pairs, for the same accounts. */
function openVenues(
  options: EmbeddedExchangeOptions,
  clock: Clock,
  rateCounts: RateCountsOf,
): { venue: Venue; spot: SpotVenue | undefined } {
  const { random, symbols, spotSymbols = [], market, accounts = 1, deposit, fees, goneCode, source } = options;
  const driver = random.fork('venue');
  const shared = { clock, market, accounts, rateCounts };
  const wallet = (id: AccountId): VenueWallet => venue.wallet(id);
  const pairs = { ...shared, random: random.fork('spot'), driver, wallet, symbols: spotSymbols };
  const spot = spotSymbols.length === 0 ? undefined : new SpotVenue(pairs);
  const spotOf = spot === undefined ? undefined : (id: AccountId): SpotSide => spot.sideOf(id);
  const contracts = { ...shared, random: driver, symbols, spotOf, goneCode, source, fees };
  const venue: Venue = createVenue({ ...contracts, ...(deposit === undefined ? {} : { deposit }) });
  return { venue, spot };
}
