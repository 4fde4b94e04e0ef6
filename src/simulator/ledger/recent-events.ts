import type { LedgerEvent } from './ledger.ts';

const MOST = 20_000;

/** The newest changes of an account’s record, for a process that polls them. */
export class RecentEvents {
  #events: LedgerEvent[] = [];

  add(event: LedgerEvent): void {
    this.#events.push(event);
    if (this.#events.length >= 2 * MOST) this.#events = this.#events.slice(-MOST);
  }

  /** Changes after number `sequence`. If the first one is not `sequence` + 1, older changes were dropped before they were read. */
  after(sequence: number): readonly LedgerEvent[] {
    return this.#events.filter((event) => event.sequence > sequence);
  }
}
