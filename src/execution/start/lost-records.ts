import type { Exchange } from '../../exchange/exchange.ts';
import { LOAD_PREFIX, OWN_PREFIX } from '../../model/order.ts';
import { isoTime } from '../../util/clock.ts';
import type { IntendedOrder } from '../journal.ts';

/** The clocks that date records and executions may differ by this much. */
const CLOCKS_MS = 10_000;
/** Older executions are not queried. */
const LOOK_BACK_MS = 86_400_000;

/**
 * Checks that the journal is complete. Every order is in the journal before it is sent, so an execution after the last record, of an
 * mmbot order that the journal does not know as possibly open, proves that records are missing: the journal is an older copy, or
 * another mmbot traded. Returns a message in that case, else undefined. `journaledTo` (time of the last record) and `now`: exchange
 * time, ms. Rejects with ExchangeError.
 */
export async function lostRecords(
  exchange: Pick<Exchange, 'fills'>,
  open: readonly IntendedOrder[],
  journaledTo: number,
  now: number,
): Promise<string | undefined> {
  const since = Math.max(journaledTo + CLOCKS_MS, now - LOOK_BACK_MS);
  if (since > now) return undefined;
  const known = new Set(open.map(({ clientOrderId }) => clientOrderId));
  const { value: fills } = await exchange.fills({ since });
  const isOfBot = (id: string): boolean => id.startsWith(OWN_PREFIX) && !id.startsWith(LOAD_PREFIX);
  const unknown = fills.find(({ clientOrderId }) => isOfBot(clientOrderId) && !known.has(clientOrderId));
  if (unknown === undefined) return undefined;
  return `the journal ends before order ${unknown.clientOrderId}, executed at ${isoTime(unknown.at)}: an older copy, or another mmbot traded`;
}
