import type { KeyFacts } from '../../exchange/exchange.ts';
import { check, SETTLE_COIN, type Check, type PreflightParts } from './preflight-check.ts';
import { marketChecks } from './preflight-market.ts';
import { orderChecks } from './preflight-orders.ts';

const MOST_OFFSET_MS = 800;
const NOTED_OFFSET_MS = 300;
const CLOCK_SAMPLES = 3;
const EXPIRES_SOON_DAYS = 7;
/** An ordinary account may cancel so many a second, and nobody wants to wait longer than five. */
const CANCELS_PER_SECOND = 10;
const CANCELS_IN_EMERGENCY = 50;

/** Looks at the account and the market, and sends nothing. Rejects with ExchangeError when the exchange cannot be asked. */
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

/** Requests are signed with the exchange's time, so an offset is mended; a large one says that this machine's clock cannot be trusted. */
async function clockCheck({ exchange, clock }: PreflightParts): Promise<Check> {
  let best = { roundTripMs: Number.POSITIVE_INFINITY, offset: 0 };
  // The first one pays for the connection, and any may be lost and asked again: the quickest knows best.
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
  return check('clock', result, found, 'synchronise the clock of this machine (NTP)');
}

function keyChecks({ canTrade, canWithdraw, boundAddresses, daysLeft, isUnified }: KeyFacts): Check[] {
  const lasts = daysLeft === undefined ? 'does not expire' : `expires in ${daysLeft} days`;
  return [
    check(
      'key-trade',
      canTrade ? 'ok' : 'fail',
      canTrade ? 'the key may trade contracts' : 'the key may not trade contracts, or only read',
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
      `bound to ${boundAddresses} addresses`,
      'bind the key to the address of this machine: anybody who has it can use it from anywhere',
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

async function fundsCheck({ exchange, settings }: PreflightParts): Promise<Check> {
  const { available } = await exchange.wallet();
  const availableUsd = available / 1e8;
  const isEnough = availableUsd >= settings.quoting.orderSizeUsd;
  return check(
    'funds',
    isEnough ? 'ok' : 'fail',
    `${availableUsd.toFixed(2)} ${SETTLE_COIN} available`,
    `deposit, or lower quoting.orderSizeUsd (${settings.quoting.orderSizeUsd})`,
  );
}

/** What an emergency takes when only single cancels are left. */
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
