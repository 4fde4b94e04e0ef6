import type { RestingOrder } from '../../exchange/cancel-port.ts';
import { whole } from '../../exchange/complete.ts';
import { sleep } from '../../util/clock.ts';
import { check, SETTLE_COIN, type Check, type PreflightParts } from './preflight-check.ts';

/** A bot that quotes changes its orders within this time; orders that were left behind stay as they are. */
const WATCH_MS = 2000;

/** Whose orders are on the account. */
export async function orderChecks(parts: PreflightParts): Promise<readonly Check[]> {
  const orders = await plainOrders(parts);
  const own = orders.filter(({ clientOrderId }) => clientOrderId.startsWith(parts.ownPrefix));
  return [foreignCheck(parts, orders.length - own.length), await instancesCheck(parts, own)];
}

function foreignCheck({ foreignOrders }: PreflightParts, count: number): Check {
  return check(
    'foreign-orders',
    count === 0 ? 'ok' : foreignOrders === 'refuse' ? 'fail' : 'warn',
    `${count} open orders that are not mmbot's`,
    'give mmbot an account of its own, or say --foreign-orders ignore: it never touches them',
  );
}

/** Another machine's mmbot holds no lock here, but its orders move: it would be canceled behind its back, and quote behind ours. */
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
      ? `none seen; ${own.length} orders of an earlier run`
      : `${changed} orders of mmbot's are new or moved within ${WATCH_MS} ms`,
    'another mmbot trades on this account, on another machine perhaps: stop it first, or cancel-all there',
  );
}

async function plainOrders({ exchange }: PreflightParts): Promise<readonly RestingOrder[]> {
  const { value } = whole(await exchange.cancelPort.resting({ category: 'linear', settleCoin: SETTLE_COIN }));
  return value.filter(({ kind }) => kind === 'plain');
}

/** A part that filled is no change of its owner's. */
function stateOf({ exchangeOrderId, price }: RestingOrder): string {
  return `${exchangeOrderId} ${price}`;
}
