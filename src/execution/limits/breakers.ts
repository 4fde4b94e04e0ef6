import type { ExchangeError } from '../../exchange/errors.ts';
import { TRANSPORTS, type Exchange, type Transport } from '../../exchange/exchange.ts';
import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.ts';

/** One breaker per transport (WebSocket, REST): requests use the other transport when one is open. */
export class Breakers {
  readonly #each: Readonly<Record<Transport, CircuitBreaker>>;

  /** `banMs`: duration of a ban by transport. */
  constructor(clock: Clock, random: Random, banMs: Exchange['banMs']) {
    const breaker = (via: Transport): CircuitBreaker => new CircuitBreaker(clock, random.fork(`breaker ${via}`), banMs[via]);
    this.#each = { socket: breaker('socket'), http: breaker('http') };
  }

  of(via: Transport): Pick<CircuitBreaker, 'state' | 'openings' | 'takeProbe' | 'probed'> {
    return this.#each[via];
  }

  /** Closed when at least one transport accepts creates and amends. */
  get state(): BreakerState {
    const states = TRANSPORTS.map((via) => this.#each[via].state);
    return (['closed', 'half_open'] as const).find((state) => states.includes(state)) ?? 'open';
  }

  /** The outcome of a request, a missing response included. The rate limit covers both transports, so both breakers get that error. */
  heard(via: Transport, error: ExchangeError | undefined): void {
    const ears = error?.isRateLimit === true ? TRANSPORTS : [via];
    for (const each of ears) this.#each[each].heard(error);
  }

  /** `usable`: transports, preferred first. Undefined: no create or amend may be sent now. */
  forChange(usable: readonly Transport[]): Transport | undefined {
    return usable.find((via) => this.#each[via].state === 'closed');
  }

  /** A cancel is always sent, if necessary by a transport whose breaker is open; undefined leaves the choice to the exchange client. */
  forCancel(usable: readonly Transport[]): Transport | undefined {
    return this.forChange(usable) ?? usable[0];
  }
}
