import type { RestingOrder } from '../../exchange/cancel-port.ts';
import { whole } from '../../exchange/complete.ts';
import { sleep } from '../../util/clock.ts';
import { check, type Check, type PreflightParts } from './preflight-check.ts';
import { counted } from '../../util/counted.ts';

/** A running bot changes its orders within this time; orders that were left behind do not change. */
const WATCH_MS = 2000;

/** Checks who placed the open orders of the account. */
export async function orderChecks(parts: PreflightParts): Promise<readonly Check[]> {
  const orders = await plainOrders(parts);
  const own = orders.filter(({ clientOrderId }) => clientOrderId.startsWith(parts.ownPrefix));
  return [foreignCheck(parts, orders.length - own.length), await instancesCheck(parts, own)];
}

function foreignCheck({ foreignOrders }: PreflightParts, count: number): Check {
  return check(
    'foreign-orders',
    count === 0 ? 'ok' : foreignOrders === 'refuse' ? 'fail' : 'warn',
    `${counted(count, 'open order')} not placed by mmbot`,
    'give mmbot an account of its own, or use --foreign-orders ignore: mmbot never touches these orders',
  );
}

/**
 * An mmbot on another machine holds no lock here, but its orders change. Both bots would cancel each other's orders and quote
 * without knowing of the other.
 */
async function instancesCheck(parts: PreflightParts, own: readonly RestingOrder[]): Promise<Check> {
  if (own.length === 0) return check('other-instances', 'ok', 'none seen', '');
  await sleep(parts.clock, WATCH_MS);
  const before = new Set(own.map(stateOf));
  const now = (await plainOrders(parts)).filter(({ clientOrderId }) => clientOrderId.startsWith(parts.ownPrefix));
  const changed = now.filter((order) => !before.has(stateOf(order))).length;
  return check(
    'other-instances',
    changed === 0 ? 'ok' : 'fail',
    changed === 0
      ? `none seen; ${counted(own.length, 'order')} of an earlier run`
      : `placed by mmbot and new or moved within ${WATCH_MS} ms: ${counted(changed, 'order')}`,
    'another mmbot trades on this account, perhaps on another machine: stop it first',
  );
}

async function plainOrders({ exchange: { cancelPort } }: PreflightParts): Promise<readonly RestingOrder[]> {
  const { value } = whole(await cancelPort.resting(cancelPort.traded));
  return value.filter(({ kind }) => kind === 'plain');
}

/** Leaves out the quantity: a partial fill is not a change by the order's owner. */
function stateOf({ exchangeOrderId, price }: RestingOrder): string {
  return `${exchangeOrderId} ${price}`;
}
