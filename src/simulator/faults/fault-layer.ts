import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { RateLimits } from '../limits/rate-limits.ts';
import type { LimitMode } from '../limits/rate-tiers.ts';
import type { Surface } from '../bybit-api/surface.ts';
import type { Venue } from '../venue/venue.ts';
import { BatchLimits } from './batch-limits.ts';
import { exchangeActs } from './exchange-acts.ts';
import type { FaultChoice } from './fault-choice.ts';
import { Faults } from './faults.ts';
import { faultySurface } from './faulty-surface.ts';
import { faultyVenue } from './faulty-venue.ts';
import { shiftedClock } from './shifted-clock.ts';

export interface FaultLayerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly choice: FaultChoice;
  readonly limits: LimitMode;
  readonly accounts: number;
}

/** The parts of an exchange with faults injected; without faults they are unchanged. */
export interface FaultLayer {
  /** Undefined if no faults were chosen. */
  readonly faults: Faults | undefined;
  readonly clock: Clock;
  readonly limits: RateLimits;
  /** Wraps the venue for the protocol; checks use the unwrapped one. */
  readonly venue: (venue: Venue) => Venue;
  readonly surface: (surface: Surface, venue: Venue) => Surface;
}

export function faultLayer({ clock, random, choice, limits, accounts }: FaultLayerOptions): FaultLayer {
  if (choice.set === 'none') {
    return { faults: undefined, clock, limits: new RateLimits(clock, limits), venue: (venue) => venue, surface: (surface) => surface };
  }
  const faults = new Faults(clock, random.fork('faults'), choice);
  const shifted = shiftedClock(clock, faults);
  return {
    faults,
    clock: shifted,
    limits: new BatchLimits(shifted, limits, faults),
    venue(venue) {
      exchangeActs(venue, shifted, faults, accounts);
      return faultyVenue(venue, shifted, faults);
    },
    surface: (surface, venue) => faultySurface(surface, { clock: shifted, faults, venue }),
  };
}
