import type { CancelReport } from '../../execution/cancel/cancel-report.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Position } from '../../model/position.ts';
import type { Excuse } from '../../simulator/faults/fault-table.ts';
import type { Ledger } from '../../simulator/ledger/ledger.ts';
import type { Suffered } from './fault-watch.ts';

/** The state after a run on both sides: mmbot’s own view, and the exchange’s record that it is compared with. */
export interface Aftermath {
  readonly ledger: Ledger;
  /** Prefix of our order ids; all other orders on the account belong to other clients. */
  readonly idPrefix: string;
  /** Undefined without faults. */
  readonly suffered: Suffered | undefined;
  readonly stop: CancelReport | undefined;
  readonly positions: ReadonlyMap<string, { readonly instrument: Instrument; readonly position: Position }>;
  /** Number of own orders that our store still considers live or in doubt. */
  readonly liveInStore: number;
  readonly frozen: string | undefined;
  /** Figures that mmbot counted. */
  readonly counted: Counted;
  readonly fault: unknown;
}

/** Figures of the report that the ledger or the wire can confirm. */
export interface Counted {
  readonly ordersSent: number;
  readonly amendsSent: number;
}

/** True when a fault of the run makes it impossible to keep an invariant, as its row in the table of faults says. */
export function isExcused({ suffered }: Aftermath, excuse: Excuse): boolean {
  return suffered?.excuses.has(excuse) === true;
}
