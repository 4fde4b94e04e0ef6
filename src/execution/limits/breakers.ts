import type { ExchangeError } from '../../exchange/errors.ts';
import { TRANSPORTS, type Transport } from '../../exchange/exchange.ts';
import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.ts';

const RATE_LIMIT_CODE = 10_006;
/** HTTP: from the last 403, as documented. How long the trade socket shuts somebody out is not. */
const BAN_MS: Readonly<Record<Transport, number>> = { http: 600_000, socket: 60_000 };

/** A breaker for each way of entering orders: what one cannot take goes the other. */
export class Breakers {
  readonly #each: Readonly<Record<Transport, CircuitBreaker>>;

  constructor(clock: Clock, random: Random) {
    const breaker = (via: Transport): CircuitBreaker => new CircuitBreaker(clock, random.fork(`breaker ${via}`), BAN_MS[via]);
    this.#each = { socket: breaker('socket'), http: breaker('http') };
  }

  of(via: Transport): Pick<CircuitBreaker, 'state' | 'openings' | 'takeProbe' | 'probed'> {
    return this.#each[via];
  }

  /** Closed when creates and amends may leave by at least one way. */
  get state(): BreakerState {
    const states = TRANSPORTS.map((via) => this.#each[via].state);
    return (['closed', 'half_open'] as const).find((state) => states.includes(state)) ?? 'open';
  }

  /** An answer to a request, or that none came. The rate limit counts both ways together, so both hear of it. */
  heard(via: Transport, error: ExchangeError | undefined): void {
    const ears = error?.retCode === RATE_LIMIT_CODE ? TRANSPORTS : [via];
    for (const each of ears) this.#each[each].heard(error);
  }

  /** `usable`: preferred first. Undefined: no create or amend may leave now. */
  forChange(usable: readonly Transport[]): Transport | undefined {
    return usable.find((via) => this.#each[via].state === 'closed');
  }

  /** A cancel always leaves, if need be by a way that does not look good; undefined leaves the choice to the exchange. */
  forCancel(usable: readonly Transport[]): Transport | undefined {
    return this.forChange(usable) ?? usable[0];
  }
}
