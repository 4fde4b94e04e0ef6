import { messageOf } from '../errors.ts';
import { ACTIVE, type TradingState } from '../risk/trading-state.ts';
import type { Clock } from '../util/clock.ts';
import type { CancelReport } from './cancel-report.ts';
import type { Recorder } from './events.ts';
import type { Journal } from './journal.ts';

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
  #canceling: Promise<CancelReport | undefined> | undefined;
  #ended = false;

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

  /** Quotes nothing more, cancels everything of ours and waits for the proof. */
  freeze(reason: string): void {
    if (this.#trading.mode === 'frozen' || this.#ended) return;
    const { clock, journal, record, fence, cancelAll } = this.#parts;
    const at = clock.now();
    this.#trading = { mode: 'frozen', reason, at };
    fence();
    record({ type: 'frozen', reason });
    journal.append({ type: 'freeze', at, reason });
    this.#canceling = cancelAll('freeze').catch(() => undefined);
    // The cancels do not wait for the disk; but the next start must know, whatever happens to this machine.
    journal.synced().catch((error: unknown) => this.failed(error));
  }

  /** A bug or a broken journal stops trading; it never takes the process down with orders open. */
  failed(error: unknown): void {
    this.#fault ??= error;
    this.freeze(`fault: ${messageOf(error)}`);
  }

  /** The loop stops, which cancels everything by itself. Resolves when the cancels of an earlier freeze are through. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#canceling;
  }
}
