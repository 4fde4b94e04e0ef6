import { DayFold } from '../execution/account/account-day.ts';
import type { AccountDay } from '../execution/account/day.ts';
import type { IntendedOrder, JournalRecord, JournalState, Snapshot } from '../execution/journal.ts';
import type { Fill, OrderState } from '../model/order.ts';

/** Records that the loop does not write have timestamps of this machine's clock. */
const BY_COMMANDS: ReadonlySet<JournalRecord['type']> = new Set(['start', 'snapshot', 'unfreeze']);

/** The state that the records of a journal add up to. A snapshot of it replaces all earlier records. */
export class JournalFold {
  #frozen: JournalState['frozen'];
  #lastIntentAt: number | undefined;
  #lastAt: number | undefined;
  readonly #open = new Map<string, IntendedOrder>();
  #endedClean = true;
  #day = new DayFold();
  #knowsDay = true;

  add(record: JournalRecord): void {
    this.#endedClean = record.type === 'stop' && record.clean;
    this.#day.add(record);
    if (!BY_COMMANDS.has(record.type)) this.#lastAt = Math.max(this.#lastAt ?? 0, record.at);
    switch (record.type) {
      case 'snapshot':
        return this.#startFrom(record);
      case 'placeIntent': {
        const { clientOrderId, symbol, grid } = record.order;
        this.#lastIntentAt = record.at;
        const ofItsTime = grid === undefined ? {} : { grid };
        return this.#set({ clientOrderId, symbol, at: record.at, ...ofItsTime, fillIds: [], executed: 0, filledAtEnd: null });
      }
      case 'amendIntent':
        this.#lastIntentAt = record.at;
        return;
      case 'answer':
        if (record.outcome === 'refused' || record.outcome === 'dropped') this.#open.delete(record.clientOrderId);
        return;
      case 'order':
        return this.#changed(record.clientOrderId, record.state.tag, record.filled);
      case 'fill':
        return this.#executed(record.fill);
      case 'freeze':
        this.#frozen = { reason: record.reason, at: record.at };
        return;
      case 'unfreeze':
        this.#frozen = undefined;
        return;
      case 'stop':
        // All orders were verified as canceled: no order of this run can reach the exchange any more.
        if (record.clean) this.#lastIntentAt = undefined;
        return;
      default:
        return;
    }
  }

  get state(): JournalState {
    return {
      frozen: this.#frozen,
      lastIntentAt: this.#lastIntentAt,
      lastAt: this.#knowsDay ? this.#lastAt : undefined,
      open: [...this.#open.values()],
      day: this.#day.state,
    };
  }

  /** The last record says that all orders were canceled and verified; true before the first record. */
  get endedClean(): boolean {
    return this.#endedClean;
  }

  /** False when the records before this file have to tell what the day was like. */
  get knowsDay(): boolean {
    return this.#knowsDay;
  }

  snapshot(at: number): Snapshot {
    return { type: 'snapshot', at, ...this.state };
  }

  #changed(clientOrderId: string, state: OrderState['tag'], filled: number): void {
    const order = this.#open.get(clientOrderId);
    if (order === undefined || state === 'open' || state === 'pending' || state === 'unknown') return;
    this.#set({ ...order, filledAtEnd: filled });
  }

  #executed({ clientOrderId, fillId, quantity }: Fill): void {
    const order = this.#open.get(clientOrderId);
    if (order === undefined || order.fillIds.includes(fillId)) return;
    this.#set({ ...order, fillIds: [...order.fillIds, fillId], executed: order.executed + quantity });
  }

  /** An order is removed when its end and all its executions are recorded. */
  #set(order: IntendedOrder): void {
    const { clientOrderId, executed, filledAtEnd } = order;
    if (filledAtEnd !== null && executed >= filledAtEnd) this.#open.delete(clientOrderId);
    else this.#open.set(clientOrderId, order);
  }

  /** Snapshots of earlier versions do not contain the day. */
  #startFrom({ frozen, lastIntentAt, lastAt, open, day }: Omit<JournalState, 'day'> & { readonly day?: AccountDay }): void {
    this.#knowsDay = day !== undefined;
    this.#day = new DayFold(day);
    this.#frozen = frozen;
    this.#lastIntentAt = lastIntentAt;
    this.#lastAt = lastAt;
    this.#open.clear();
    for (const order of open) this.#open.set(order.clientOrderId, order);
  }
}
