import { EXIT, failureOf, MmbotError } from '../../errors.ts';
import type { IntendedOrder } from '../../execution/journal.ts';
import type { JournalHistory } from '../../store/journal-folder.ts';

const INTERRUPTED = 'interrupted';

/**
 * What is known of the earlier run of this account, until this run has recovered. While orders of the earlier run may be open, a start that
 * ends early exits with 4 for every error.
 */
export class EarlierRun {
  #state: 'unknown' | 'ended_clean' | 'may_rest';
  #open: readonly IntendedOrder[] = [];
  #isGuardActing = false;
  #isUnread = false;

  /** `outlivesUs`: false for an exchange that starts with this process and so has no orders of an earlier run. */
  constructor({ outlivesUs }: { readonly outlivesUs: boolean }) {
    this.#state = outlivesUs ? 'unknown' : 'ended_clean';
  }

  get mayRest(): boolean {
    return this.#isGuardActing || this.#state === 'may_rest';
  }

  /** Whether the guard of the earlier run is canceling its orders now. */
  get isGuardActing(): boolean {
    return this.#isGuardActing;
  }

  /** Orders that are open according to its journal. */
  get openIds(): readonly string[] {
    return this.#open.map(({ clientOrderId }) => clientOrderId);
  }

  /** Finds the folder of the account's journal. If that fails, an earlier run may have one, and orders may be open. */
  locate(find: () => string): string {
    if (this.#state === 'ended_clean') return find();
    const before = this.#state;
    this.#state = 'may_rest';
    this.#isUnread = true;
    const folder = find();
    this.#state = before;
    this.#isUnread = false;
    return folder;
  }

  /** Reads the journal of the account. If that fails, orders may be open; if there is no journal, nothing is known. */
  learn(read: () => JournalHistory): JournalHistory {
    this.#state = 'may_rest';
    this.#isUnread = true;
    const history = read();
    this.#isUnread = false;
    const endedClean = history.lastAt === undefined ? 'unknown' : 'ended_clean';
    this.#state = history.endedClean ? endedClean : 'may_rest';
    this.#open = history.open;
    return history;
  }

  /** Reads the journal found by the key alone. The account may have another journal, of another key, so a clean end proves nothing yet. */
  learnByKey(read: () => JournalHistory): void {
    if (this.learn(read).endedClean) this.#state = 'unknown';
  }

  guardActs(): void {
    this.#isGuardActing = true;
  }

  guardIsDone(): void {
    this.#isGuardActing = false;
  }

  /** This run has canceled the orders of the earlier run, or will do so when it stops. */
  recovered(): void {
    this.#state = 'ended_clean';
  }

  /** The error to exit with when `error` ended a start. `next`: hint that says what cancels the orders now, and what else to `run`. */
  endedBy(error: unknown, next: string, run: string | undefined): unknown {
    const failure = failureOf(error);
    if (!this.mayRest) return this.#state === 'unknown' && failure.code === INTERRUPTED ? unseen(error) : error;
    if (failure.exitCode === EXIT.ordersRemain) return error;
    const reason = failure.exitCode === EXIT.bug ? failure.text.trimEnd() : failure.message;
    return new MmbotError({
      code: failure.code,
      exitCode: EXIT.ordersRemain,
      message: `ORDERS MAY REMAIN: ${reason}; an earlier run did not stop cleanly, and its orders were not canceled yet: ${this.#named()}`,
      hint: failure.hint === undefined ? next : `${failure.hint}; ${next}`,
      run,
      cause: error,
    });
  }

  #named(): string {
    if (this.#isUnread) return 'unknown, because its journal cannot be read';
    return this.#open.length === 0 ? 'none according to its journal' : this.openIds.join(', ');
  }
}

function unseen(error: unknown): unknown {
  if (!(error instanceof MmbotError)) return error;
  const { code, exitCode, message } = error;
  return new MmbotError({ code, exitCode, message: `${message}, before it had checked for open orders of an earlier run` });
}
