import { EXIT, MmbotError } from '../../errors.ts';
import { EXIT_OF_SIGNAL, type Host, type Signal } from '../../host.ts';

/** What ends a cancel-all before its proof: a signal, or that there is nothing of the kind it was asked for. */
export class CancelEnding implements Disposable {
  readonly #controller = new AbortController();
  readonly #forget: () => void;
  readonly #aborted: Promise<never>;
  #interruptedBy: Signal | undefined;
  #hasBegun = false;

  constructor(host: Host) {
    const { signal } = this.#controller;
    this.#aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(this.#early())));
    // Nobody may be waiting for it.
    this.#aborted.catch(() => undefined);
    this.#forget = host.onSignal((name) => {
      // It goes on when its terminal is closed.
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

  /** From now on something may have been done, and what is known must be said. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Ends it from within. */
  end(): void {
    this.#controller.abort();
  }

  /** Work before anything is sent. Rejects with MmbotError when a signal comes first. */
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
      message: `stopped by ${name} before anything was canceled, or any bot halted`,
    });
  }

  /** What a signal ended before any list was read; undefined when none did. */
  unread(): MmbotError | undefined {
    const name = this.#interruptedBy;
    if (name === undefined) return undefined;
    return new MmbotError({
      code: 'interrupted',
      exitCode: EXIT.ordersRemain,
      message: `ORDERS MAY REMAIN: stopped by ${name} before any list of open orders was read: nothing is known of what is open`,
      hint: 'run it again: that is safe, and only exit 0 is a proof',
    });
  }

  [Symbol.dispose](): void {
    this.#forget();
  }
}
