import { EXIT, failureOf, MmbotError } from '../../errors.ts';
import type { IntendedOrder } from '../../execution/journal.ts';
import type { JournalHistory } from '../../store/journal-folder.ts';

const INTERRUPTED = 'interrupted';

/**
 * What is known of the run before this one, until this one has recovered. Its orders may rest: then a start that ends early exits with 4,
 * for any reason.
 */
export class EarlierRun {
  #state: 'unknown' | 'ended_clean' | 'may_rest';
  #open: readonly IntendedOrder[] = [];
  #isGuardActing = false;
  #isUnread = false;

  /** `outlivesUs`: an exchange that begins with this process has nothing of an earlier run. */
  constructor({ outlivesUs }: { readonly outlivesUs: boolean }) {
    this.#state = outlivesUs ? 'unknown' : 'ended_clean';
  }

  get mayRest(): boolean {
    return this.#isGuardActing || this.#state === 'may_rest';
  }

  /** Its guard cancels what it left. */
  get isGuardActing(): boolean {
    return this.#isGuardActing;
  }

  /** Orders that its journal knows to be open. */
  get openIds(): readonly string[] {
    return this.#open.map(({ clientOrderId }) => clientOrderId);
  }

  /** The journal of the account; one that cannot be read does not say that it ended in order, and where there is none nothing is known. */
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

  /** What the key alone finds: the account may have another journal, of another key, so that a clean end says nothing yet. */
  learnByKey(read: () => JournalHistory): void {
    if (this.learn(read).endedClean) this.#state = 'unknown';
  }

  guardActs(): void {
    this.#isGuardActing = true;
  }

  guardIsDone(): void {
    this.#isGuardActing = false;
  }

  /** This run has canceled what it left, or is responsible for it. */
  recovered(): void {
    this.#state = 'ended_clean';
  }

  /** What a start ends with that `error` has ended. `next`: who cancels now, or who has to. */
  endedBy(error: unknown, next: string): unknown {
    const failure = failureOf(error);
    if (!this.mayRest) return this.#state === 'unknown' && failure.code === INTERRUPTED ? unseen(error) : error;
    if (failure.exitCode === EXIT.ordersRemain) return error;
    const reason = failure.exitCode === EXIT.bug ? failure.text.trimEnd() : failure.message;
    return new MmbotError({
      code: failure.code,
      exitCode: EXIT.ordersRemain,
      message: `ORDERS MAY REMAIN: ${reason}; that was before it had canceled what an earlier run left, which did not end in order: ${this.#named()}`,
      hint: failure.hint === undefined ? next : `${failure.hint}; ${next}`,
      cause: error,
    });
  }

  #named(): string {
    if (this.#isUnread) return 'which orders, its journal cannot tell';
    return this.#open.length === 0 ? 'the journal names no order' : this.openIds.join(', ');
  }
}

function unseen(error: unknown): unknown {
  if (!(error instanceof MmbotError)) return error;
  const { code, exitCode, message } = error;
  return new MmbotError({ code, exitCode, message: `${message}, and before it had looked at what an earlier run may have left` });
}
