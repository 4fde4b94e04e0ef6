import { messageOf } from '../../errors.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import { ACTIVE, type TradingState } from '../../risk/trading-state.ts';
import type { Clock } from '../../util/clock.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import { cancelUntilProven } from '../cancel/cancel-until-proven.ts';
import type { Recorder } from '../events.ts';
import type { Journal } from '../journal.ts';

/** Nothing may rest two seconds after the exchange is well again. */
const AGAIN_MS = 1000;

export interface FreezingParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly record: Recorder;
  /** From then on no create or amend leaves. */
  readonly fence: () => void;
  readonly cancelAll: (trigger: 'freeze') => Promise<CancelReport>;
}

/** Whether the loop may trade, and what happens when it may no longer. A freeze is sticky: only a new run trades again. */
export class Freezing {
  readonly #parts: FreezingParts;
  #trading: TradingState = ACTIVE;
  #fault: unknown;
  readonly #ended = new AbortController();
  #canceling: Promise<unknown> = Promise.resolve();

  constructor(parts: FreezingParts) {
    this.#parts = parts;
  }

  get trading(): TradingState {
    return this.#trading;
  }

  /** The first bug or broken journal; undefined in a sound run. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Quotes nothing more, and cancels everything of ours until it is proven that nothing is left. */
  freeze(reason: string): void {
    if (this.#trading.mode === 'frozen') return;
    const { clock, journal, record, fence, cancelAll } = this.#parts;
    const at = clock.now();
    this.#trading = { mode: 'frozen', reason, at };
    fence();
    record({ type: 'frozen', reason });
    journal.append({ type: 'freeze', at, reason });
    const { signal } = this.#ended;
    // While it stops, the stop cancels. The next start must know all the same.
    if (!signal.aborted)
      this.#canceling = cancelUntilProven({ clock, attempt: () => cancelAll('freeze'), onFailed: (error) => this.#goOn(error), signal });
    // The cancels do not wait for the disk; but the next start must know, whatever happens to this machine.
    journal.synced().catch((error: unknown) => this.failed(error));
  }

  /** A bug or a broken journal stops trading; it never takes the process down with orders open. */
  failed(error: unknown): void {
    this.#fault ??= error;
    this.freeze(`fault: ${messageOf(error)}`);
  }

  /** The loop stops, which cancels everything by itself. Resolves when an attempt of an earlier freeze is through. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#canceling;
  }

  /** An exchange that does not answer is asked again, and not even a bug ends an emergency. */
  #goOn(error: unknown): number {
    if (!(error instanceof ExchangeError)) this.failed(error);
    return AGAIN_MS;
  }
}
