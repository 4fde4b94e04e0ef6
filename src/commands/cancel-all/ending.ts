import { EXIT, MmbotError } from '../../errors.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';

/** Ends a cancel-all early: on a signal, or when the exchange has none of the given symbols or coins. */
export class CancelEnding implements Disposable {
  readonly #controller = new AbortController();
  readonly #forget: () => void;
  readonly #aborted: Promise<never>;
  #interruptedBy: Signal | undefined;
  #hasBegun = false;

  constructor(host: Host) {
    const { signal } = this.#controller;
    this.#aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(this.#early())));
    // The rejection may never be awaited.
    this.#aborted.catch(() => undefined);
    this.#forget = host.onSignal((name) => {
      // Closing the terminal does not stop a cancel-all that has begun.
      if (name === 'SIGHUP' && this.#hasBegun) return;
      this.#interruptedBy ??= name;
      this.#controller.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get interruptedBy(): Signal | undefined {
    return this.#interruptedBy;
  }

  /** From now on orders may have been canceled, so that an interruption must report them. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Ends the cancel-all without a signal. */
  end(): void {
    this.#controller.abort();
  }

  /** Runs work from before the first cancel. Rejects with MmbotError when a signal arrives first. */
  early<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#aborted]);
  }

  /** Throws MmbotError after a signal. */
  refuseEarly(): void {
    if (this.signal.aborted) throw this.#early();
  }

  #early(): MmbotError {
    const name = this.#interruptedBy ?? 'SIGINT';
    return new MmbotError({
      code: 'interrupted',
      exitCode: EXIT_OF_SIGNAL[name],
      message: `stopped by ${name} before any order was canceled or any bot halted`,
    });
  }

  /** The error when a signal arrived before any list of open orders was read; undefined without a signal. */
  unread(): MmbotError | undefined {
    const name = this.#interruptedBy;
    if (name === undefined) return undefined;
    return new MmbotError({
      code: 'interrupted',
      exitCode: EXIT.ordersRemain,
      message: `ORDERS MAY REMAIN: stopped by ${name} before any list of open orders was read, so it is unknown what is open`,
      hint: 'run it again, which is safe; only exit 0 proves that nothing is open',
    });
  }

  [Symbol.dispose](): void {
    this.#forget();
  }
}
