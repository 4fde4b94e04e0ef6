import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Position } from '../../model/position.ts';
import type { Excuse } from '../../simulator/faults/fault-table.ts';
import type { Ledger } from '../../simulator/ledger/ledger.ts';
import type { Suffered } from './fault-watch.ts';

/** What the run left behind, on both sides: mmbot's picture, and the exchange's own record as the oracle. */
export interface Aftermath {
  readonly ledger: Ledger;
  /** Our orders' ids begin with it; others on the account are a person's. */
  readonly idPrefix: string;
  /** Undefined without faults. */
  readonly suffered: Suffered | undefined;
  readonly stop: CancelReport | undefined;
  readonly positions: ReadonlyMap<string, { readonly instrument: Instrument; readonly position: Position }>;
  /** Orders of ours that our own store still holds for live or in doubt. */
  readonly liveInStore: number;
  readonly frozen: string | undefined;
  /** What mmbot counted. */
  readonly counted: Counted;
  readonly fault: unknown;
}

/** Figures of the report that the ledger or the wire can confirm. */
export interface Counted {
  readonly ordersSent: number;
  readonly amendsSent: number;
}

/** Whether a fault of the run makes it impossible to keep an invariant: its row in the table says so. */
export function isExcused({ suffered }: Aftermath, excuse: Excuse): boolean {
  return suffered?.excuses.has(excuse) === true;
}
