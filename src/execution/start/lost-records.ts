import type { Exchange } from '../../exchange/exchange.ts';
import { LOAD_PREFIX, OWN_PREFIX } from '../../model/order.ts';
import { isoTime } from '../../util/clock.ts';
import type { IntendedOrder } from '../journal.ts';

/** Records and executions are stamped by clocks that may differ by so much. */
const CLOCKS_MS = 10_000;
/** What is older is not asked for. */
const LOOK_BACK_MS = 86_400_000;

/**
 * Every order is in the journal before it leaves. So an execution after the last record, of an order of mmbot's that the journal does not
 * have as possibly open, proves that it is not all there: a copy, or another mmbot traded. What it says then, undefined without such
 * a proof. `journaledTo`: exchange time of the last record, ms; `now` too. Rejects with ExchangeError.
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
