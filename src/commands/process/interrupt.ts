import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';
import { MmbotError } from '../../errors.ts';
import { withResolvers } from '../../util/promise.ts';

/**
 * Hears the signals of a command from its first step to its last: between two steps, and after the last one, a signal would end the
 * process by itself.
 */
export class Interrupt implements Disposable {
  readonly #first = withResolvers<Signal>();
  readonly #forget: () => void;

  constructor(host: Host) {
    this.#forget = host.onSignal((signal) => this.#first.resolve(signal));
  }

  /** Resolves with the first signal, also when that has come already; later ones change nothing. */
  get first(): Promise<Signal> {
    return this.#first.promise;
  }

  /** Work that is done before the loop heeds signals by itself: the first one ends it with an MmbotError, and nothing of this run can rest yet. */
  async before<T>(work: Promise<T>): Promise<T> {
    const interrupted = this.first.then((signal): never => {
      throw stoppedBy(signal);
    });
    // After a signal its outcome is ignored.
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
