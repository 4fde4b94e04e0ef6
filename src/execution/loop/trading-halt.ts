import { messageOf } from '../../errors.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import { ACTIVE, type TradingState } from '../../risk/trading-state.ts';
import type { Clock } from '../../util/clock.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import { cancelUntilProven } from '../cancel/cancel-until-proven.ts';
import type { Recorder } from '../events.ts';
import type { Journal } from '../journal.ts';

/** Pause between attempts: no order may rest 2 s after the exchange has recovered. */
const AGAIN_MS = 1000;

export interface TradingHaltParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly record: Recorder;
  /** After this call no create or amend is sent. */
  readonly fence: () => void;
  readonly cancelAll: (trigger: 'freeze') => Promise<CancelReport>;
}

/** Whether the loop may trade, and the freeze that ends trading. A freeze is permanent for this run: only a new run trades again. */
export class TradingHalt {
  readonly #parts: TradingHaltParts;
  #trading: TradingState = ACTIVE;
  #fault: unknown;
  readonly #ended = new AbortController();
  #canceling: Promise<unknown> = Promise.resolve();

  constructor(parts: TradingHaltParts) {
    this.#parts = parts;
  }

  get trading(): TradingState {
    return this.#trading;
  }

  /** The first bug or journal failure; undefined when there was none. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Stops quoting and repeats the cancel-all until it is proven that no order of mmbot is left. */
  freeze(reason: string): void {
    if (this.#trading.mode === 'frozen') return;
    const { clock, journal, record, fence, cancelAll } = this.#parts;
    const at = clock.now();
    this.#trading = { mode: 'frozen', reason, at };
    fence();
    record({ type: 'frozen', reason });
    journal.append({ type: 'freeze', at, reason });
    const { signal } = this.#ended;
    // During a stop, the stop itself cancels. The freeze is recorded anyway, for the next start.
    if (!signal.aborted)
      this.#canceling = cancelUntilProven({ clock, attempt: () => cancelAll('freeze'), onFailed: (error) => this.#goOn(error), signal });
    // The cancels do not wait for the disk, but the freeze must be durable, so that the next start sees it even after a crash.
    journal.synced().catch((error: unknown) => this.failed(error));
  }

  /** A bug or a journal failure freezes trading; it must never end the process while orders are open. */
  failed(error: unknown): void {
    this.#fault ??= error;
    this.freeze(`fault: ${messageOf(error)}`);
  }

  /** Called by the stop, which runs its own cancel-all. Resolves when the current attempt of an earlier freeze has ended. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#canceling;
  }

  /** The cancel-all is retried when the exchange does not respond, and even after a bug. */
  #goOn(error: unknown): number {
    if (!(error instanceof ExchangeError)) this.failed(error);
    return AGAIN_MS;
  }
}
