import { ExchangeError } from '../exchange/errors.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

export interface BreakerWatchParts {
  readonly breaker: CircuitBreaker;
  /** One harmless query; rejects with ExchangeError. */
  readonly probe: () => Promise<unknown>;
  readonly blocks: Set<string>;
  readonly onFault: (error: unknown) => void;
}

/** While creates may not leave, resting quotes could not be moved either: they are pulled. One harmless query tests whether that is over. */
export class BreakerWatch {
  readonly #parts: BreakerWatchParts;

  constructor(parts: BreakerWatchParts) {
    this.#parts = parts;
  }

  look(): void {
    const { breaker, probe, blocks, onFault } = this.#parts;
    if (breaker.state === 'closed') blocks.delete('breaker_open');
    else blocks.add('breaker_open');
    if (!breaker.takeProbe()) return;
    probe().then(
      () => breaker.succeeded(),
      (error: unknown) => (error instanceof ExchangeError ? breaker.failed(error) : onFault(error)),
    );
  }
}
