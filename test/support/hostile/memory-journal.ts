import type { Journal, JournalRecord, JournalState } from '../../../src/execution/journal.ts';
import { JournalFold } from '../../../src/store/journal-state.ts';

/** A journal that outlives its run: what was not synced when the run was killed may be lost. */
export class MemoryJournal implements Journal {
  readonly #records: JournalRecord[] = [];
  readonly #intended = new Set<string>();
  #durable = 0;

  append(...records: readonly JournalRecord[]): void {
    this.#records.push(...records);
  }

  synced(): Promise<void> {
    for (const record of this.#records.slice(this.#durable))
      if (record.type === 'placeIntent') this.#intended.add(record.order.clientOrderId);
    this.#durable = this.#records.length;
    return Promise.resolve();
  }

  close(): void {
    // Nothing to close.
  }

  /** Its intent would survive a crash of the machine. */
  isIntended(clientOrderId: string): boolean {
    return this.#intended.has(clientOrderId);
  }

  /** The machine has crashed: `share` of what was not synced is on the disk all the same. */
  crash(share: number): void {
    this.#records.length = this.#durable + Math.floor((this.#records.length - this.#durable) * share);
  }

  history(): JournalState {
    const fold = new JournalFold();
    for (const record of this.#records) fold.add(record);
    return fold.state;
  }
}
