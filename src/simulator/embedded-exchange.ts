import type { Clock } from '../util/clock.ts';
import type { Random } from '../util/random.ts';
import { createVenue } from './embedded-venue.ts';
import type { MarketName } from './markets.ts';
import { RateLimits, type LimitMode } from './rate-limits.ts';
import { createSurface } from './surface/create-surface.ts';
import { makeKeys, type KeyPair } from './surface/keys.ts';
import { DEFAULT_LATENCY, type Latency } from './surface/latency.ts';
import type { Surface } from './surface/surface.ts';
import type { Venue } from './venue.ts';

export interface EmbeddedExchangeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  /** How many client accounts; 1 unless given. */
  readonly accounts?: number;
  readonly limits?: LimitMode;
  readonly latency?: Latency;
}

/** A whole exchange in this process: a function of requests, time and seed. */
export interface EmbeddedExchange {
  /** For checks; a client has only the surface. */
  readonly venue: Venue;
  readonly surface: Surface;
  /** One pair for each account. */
  readonly keys: readonly KeyPair[];
  /** Lets the crowd trade. */
  start(): void;
  /** Ends the crowd and every connection. */
  stop(): void;
}

export function createEmbeddedExchange(options: EmbeddedExchangeOptions): EmbeddedExchange {
  const { clock, random, symbols, market, accounts = 1, limits = 'vip0', latency = DEFAULT_LATENCY } = options;
  const rateLimits = new RateLimits(clock, limits);
  const rateCounts = (account: number): ReturnType<RateLimits['counts']> => rateLimits.counts(account);
  const venue = createVenue({ clock, random: random.fork('venue'), symbols, market, accounts, rateCounts });
  const keys = makeKeys(random.fork('keys'), accounts);
  const surface = createSurface({ clock, random: random.fork('surface'), venue, keys, limits: rateLimits, latency });
  return {
    venue,
    surface,
    keys,
    start: () => venue.start(),
    stop() {
      venue.stop();
      surface.close();
    },
  };
}
