import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';
import { MmbotError } from '../../errors.ts';
import { withResolvers } from '../../util/promise.ts';

/**
 * Handles the signals of a command from its first step to its last. Without a handler at any moment between, a signal would kill the
 * process.
 */
export class Interrupt implements Disposable {
  readonly #first = withResolvers<Signal>();
  readonly #forget: () => void;

  constructor(host: Host) {
    this.#forget = host.onSignal((signal) => this.#first.resolve(signal));
  }

  /** Resolves with the first signal, also one that has already arrived; later signals are ignored. */
  get first(): Promise<Signal> {
    return this.#first.promise;
  }

  /** Runs work from before this run's first order. Rejects with MmbotError at the first signal. */
  async before<T>(work: Promise<T>): Promise<T> {
    const interrupted = this.first.then((signal): never => {
      throw stoppedBy(signal);
    });
    // After a signal the outcome of `work` is ignored.
    work.catch(() => undefined);
    return Promise.race([interrupted, work]);
  }

  [Symbol.dispose](): void {
    this.#forget();
  }
}

function stoppedBy(signal: Signal): MmbotError {
  return new MmbotError({
    code: 'interrupted',
    exitCode: EXIT_OF_SIGNAL[signal],
    message: `stopped by ${signal} before anything was sent`,
  });
}
