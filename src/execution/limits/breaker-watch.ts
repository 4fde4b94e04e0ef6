import { ExchangeError } from '../../exchange/errors.ts';
import { TRANSPORTS, type Exchange, type Transport } from '../../exchange/exchange.ts';
import type { Breakers } from './breakers.ts';
import type { BreakerState } from './circuit-breaker.ts';
import type { Recorder } from '../events.ts';

export interface BreakerWatchParts {
  readonly breakers: Breakers;
  readonly exchange: Pick<Exchange, 'entries' | 'probe'>;
  readonly blocks: Set<string>;
  readonly record: Recorder;
  readonly onFault: (error: unknown) => void;
}

/**
 * While the breakers block creates and amends, resting quotes cannot be moved either, so trading is blocked and they are
 * canceled. One harmless query per half-open phase tests whether the exchange is back.
 */
export class BreakerWatch {
  readonly #parts: BreakerWatchParts;
  readonly #told = new Map<Transport, BreakerState>(TRANSPORTS.map((via) => [via, 'closed']));

  constructor(parts: BreakerWatchParts) {
    this.#parts = parts;
  }

  look(): void {
    const { breakers, exchange, blocks } = this.#parts;
    if (breakers.forChange(exchange.entries()) === undefined) blocks.add('breaker_open');
    else blocks.delete('breaker_open');
    for (const via of TRANSPORTS) {
      this.#tell(via);
      if (breakers.of(via).takeProbe()) this.#probe(via);
    }
  }

  #probe(via: Transport): void {
    const { breakers, exchange, onFault } = this.#parts;
    exchange.probe(via).then(
      () => breakers.of(via).probed(undefined),
      (error: unknown) => (error instanceof ExchangeError ? breakers.of(via).probed(error) : onFault(error)),
    );
  }

  #tell(via: Transport): void {
    const { breakers, record } = this.#parts;
    const { state } = breakers.of(via);
    if (this.#told.get(via) === state) return;
    this.#told.set(via, state);
    record({ type: 'breaker', via, state });
  }
}
