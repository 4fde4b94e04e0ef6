import { adviceFor, groupsOf } from '../../config/symbol-groups.ts';
import type { KeyFacts } from '../../exchange/exchange.ts';
import { check, type Check, type PreflightParts } from './preflight-check.ts';
import { marketChecks } from './preflight-market.ts';
import { orderChecks } from './preflight-orders.ts';
import { counted } from '../../util/counted.ts';

const MOST_OFFSET_MS = 800;
const NOTED_OFFSET_MS = 300;
const CLOCK_SAMPLES = 3;
const EXPIRES_SOON_DAYS = 7;
/** An ordinary account may cancel this many orders per second, and an emergency cancel should take at most 5 s. */
const CANCELS_PER_SECOND = 10;
const CANCELS_IN_EMERGENCY = 50;

/** Checks the account and the market without sending orders. Rejects with ExchangeError when the exchange cannot be queried. */
export async function preflight(parts: PreflightParts): Promise<readonly Check[]> {
  const { exchange } = parts;
  return [
    await clockCheck(parts),
    ...keyChecks(await exchange.keyFacts()),
    ...(await marketChecks(parts)),
    await fundsCheck(parts),
    cancelTimeCheck(parts),
    ...(await orderChecks(parts)),
  ];
}

/** Requests are signed with the exchange's time, which corrects an offset; a large one shows that the local clock is not reliable. */
async function clockCheck({ exchange, clock }: PreflightParts): Promise<Check> {
  let best = { roundTripMs: Number.POSITIVE_INFINITY, offset: 0 };
  // The first request includes opening the connection, and any may be retried: the fastest sample is the most accurate.
  for (let sample = 0; sample < CLOCK_SAMPLES; sample += 1) {
    const askedAt = clock.monotonic();
    const theirs = await exchange.serverTime();
    const roundTripMs = clock.monotonic() - askedAt;
    if (roundTripMs < best.roundTripMs) best = { roundTripMs, offset: theirs + roundTripMs / 2 - clock.now() };
  }
  const { offset } = best;
  const distance = Math.abs(offset);
  const result = distance >= MOST_OFFSET_MS ? 'fail' : distance >= NOTED_OFFSET_MS ? 'warn' : 'ok';
  const found = `this clock is ${Math.round(distance)} ms ${offset > 0 ? 'behind' : 'ahead of'} the exchange's`;
  return check('clock', result, found, 'synchronize the clock of this machine (NTP)');
}

function keyChecks({ canTrade, canWithdraw, boundAddresses, daysLeft, isUnified }: KeyFacts): Check[] {
  const lasts = daysLeft === undefined ? 'does not expire' : `expires in ${counted(daysLeft, 'day')}`;
  return [
    check(
      'key-trade',
      canTrade ? 'ok' : 'fail',
      canTrade ? 'the key may trade contracts' : 'the key may not trade contracts, or is read-only',
      'give the key the permission Contract: Orders and Positions, read-write',
    ),
    check(
      'key-withdraw',
      canWithdraw ? 'fail' : 'ok',
      canWithdraw ? 'the key may withdraw' : 'the key may not withdraw',
      'use a key without the permission Withdraw',
    ),
    check(
      'key-address',
      boundAddresses > 0 ? 'ok' : 'warn',
      `bound to ${counted(boundAddresses, 'address', 'addresses')}`,
      'bind the key to the IP address of this machine: otherwise anyone who has the key can use it from anywhere',
    ),
    check('key-expiry', daysLeft === undefined || daysLeft >= EXPIRES_SOON_DAYS ? 'ok' : 'warn', lasts, 'renew the key'),
    check(
      'account',
      isUnified ? 'ok' : 'fail',
      isUnified ? 'unified account' : 'not a unified account',
      'upgrade the account to a unified trading account',
    ),
  ];
}

async function fundsCheck({ exchange, settings, symbols }: PreflightParts): Promise<Check> {
  const { available, settleCoin } = await exchange.wallet();
  const availableUsd = available / 1e8;
  const needed = groupsOf(settings, symbols).toSorted((a, b) => b.settings.quoting.orderSizeUsd - a.settings.quoting.orderSizeUsd)[0];
  const orderUsd = needed?.settings.quoting.orderSizeUsd ?? 0;
  const isEnough = availableUsd >= orderUsd;
  return check(
    'funds',
    isEnough ? 'ok' : 'fail',
    `${availableUsd.toFixed(2)} ${settleCoin} available`,
    `deposit, or lower ${needed === undefined ? '' : adviceFor(needed, 'quoting.orderSizeUsd')} (${orderUsd})`,
  );
}

/** How long an emergency cancel takes when only single cancels are available. */
function cancelTimeCheck({ settings }: PreflightParts): Check {
  const { maxOpenOrders } = settings.risk;
  return check(
    'cancel-time',
    maxOpenOrders <= CANCELS_IN_EMERGENCY ? 'ok' : 'warn',
    `${maxOpenOrders} orders may be open, ${Math.ceil(maxOpenOrders / CANCELS_PER_SECOND)} s to cancel them one by one`,
    `lower risk.maxOpenOrders to ${CANCELS_IN_EMERGENCY}`,
  );
}

export function hasFailed(checks: readonly Check[]): boolean {
  return checks.some(({ result }) => result === 'fail');
}
