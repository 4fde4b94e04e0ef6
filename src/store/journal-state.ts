import type { IntendedOrder, JournalRecord, JournalState, Snapshot } from '../execution/journal.ts';

/** Folds records into what they come to. A snapshot of it, read back, stands for all that was folded before. */
export class JournalFold {
  #frozen: JournalState['frozen'];
  #lastIntentAt: number | undefined;
  readonly #open = new Map<string, IntendedOrder>();
  #endedClean = true;

  add(record: JournalRecord): void {
    this.#endedClean = record.type === 'stop' && record.clean;
    switch (record.type) {
      case 'snapshot':
        return this.#startFrom(record);
      case 'placeIntent': {
        const { clientOrderId, symbol } = record.order;
        this.#open.set(clientOrderId, { clientOrderId, symbol });
        this.#lastIntentAt = record.at;
        return;
      }
      case 'amendIntent':
        this.#lastIntentAt = record.at;
        return;
      case 'answer':
        if (record.outcome === 'refused' || record.outcome === 'dropped') this.#open.delete(record.clientOrderId);
        return;
      case 'order':
        if (record.state.tag !== 'open' && record.state.tag !== 'pending' && record.state.tag !== 'unknown')
          this.#open.delete(record.clientOrderId);
        return;
      case 'freeze':
        this.#frozen = { reason: record.reason, at: record.at };
        return;
      case 'unfreeze':
        this.#frozen = undefined;
        return;
      case 'stop':
        // Everything was seen to be canceled: nothing of this run can land any more.
        if (record.clean) this.#lastIntentAt = undefined;
        return;
      default:
        return;
    }
  }

  get state(): JournalState {
    return { frozen: this.#frozen, lastIntentAt: this.#lastIntentAt, open: [...this.#open.values()] };
  }

  /** The last record says that everything was canceled and verified; true before the first. */
  get endedClean(): boolean {
    return this.#endedClean;
  }

  snapshot(at: number): Snapshot {
    return { type: 'snapshot', at, ...this.state };
  }

  #startFrom({ frozen, lastIntentAt, open }: JournalState): void {
    this.#frozen = frozen;
    this.#lastIntentAt = lastIntentAt;
    this.#open.clear();
    for (const order of open) this.#open.set(order.clientOrderId, order);
  }
}
