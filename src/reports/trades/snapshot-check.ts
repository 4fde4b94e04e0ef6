import { DayFold } from '../../execution/account/account-day.ts';
import type { AccountDay, SymbolDay } from '../../execution/account/day.ts';
import type { JournalRecord, Snapshot } from '../../execution/journal.ts';
import { isoTime } from '../../util/clock.ts';

/**
 * Every file of a journal begins with what all earlier records of the day come to. It is compared with what was read, so that a file that was
 * cut off, even at the end of a record, or replaced by an older copy is noticed. Records that come twice must be left out.
 */
export class SnapshotCheck {
  #day = new DayFold();
  /** Until when records are missing, in words. */
  readonly problems: string[] = [];

  add(record: JournalRecord): void {
    if (record.type !== 'snapshot') return this.#day.add(record);
    const { day } = withDay(record);
    if (day === undefined) return undefined;
    if (!this.#holds(day))
      this.problems.push(`records before ${isoTime(record.at).slice(0, 19)} UTC are missing: a file that was cut off, or an older copy`);
    this.#day = new DayFold(day);
    return undefined;
  }

  #holds(day: AccountDay): boolean {
    const read = this.#day.day === day.day ? this.#day.symbols : new Map<string, SymbolDay>();
    const names = new Set([...read.keys(), ...Object.keys(day.symbols)]);
    return [...names].every((symbol) => isSame(read.get(symbol), day.symbols[symbol]));
  }
}

/** Snapshots of earlier versions do not contain the day. */
function withDay(record: Snapshot): { readonly day?: AccountDay } {
  return record;
}

function isSame(a: SymbolDay | undefined, b: SymbolDay | undefined): boolean {
  return (['bought', 'received', 'paid'] as const).every((name) => Math.abs((a?.[name] ?? 0) - (b?.[name] ?? 0)) < 1e-6);
}
