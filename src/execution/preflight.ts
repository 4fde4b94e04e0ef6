import type { Settings } from '../config/fields.ts';
import type { Exchange, KeyFacts } from '../exchange/exchange.ts';
import type { Clock } from '../util/clock.ts';

/** One thing that must be right before an order is sent. `id` is stable, for programs. */
export interface Check {
  readonly id: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What mends it; '' when nothing has to be. */
  readonly fix: string;
}

export interface PreflightParts {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly symbols: readonly string[];
  readonly settings: Settings;
  /** Client order ids that begin with it are ours. */
  readonly ownPrefix: string;
  readonly foreignOrders: 'refuse' | 'ignore';
}

const MOST_OFFSET_MS = 800;
const NOTED_OFFSET_MS = 300;
const EXPIRES_SOON_DAYS = 7;
const SETTLE_COIN = 'USDT';

/** Looks at the account and the market, and sends nothing. Rejects with ExchangeError when the exchange cannot be asked. */
export async function preflight(parts: PreflightParts): Promise<readonly Check[]> {
  const { exchange } = parts;
  return [
    await clockCheck(parts),
    ...keyChecks(await exchange.keyFacts()),
    ...(await instrumentChecks(parts)),
    await fundsCheck(parts),
    await foreignCheck(parts),
  ];
}

/** Requests are signed with the exchange's time, so an offset is mended; a large one says that this machine's clock cannot be trusted. */
async function clockCheck({ exchange, clock }: PreflightParts): Promise<Check> {
  const askedAt = clock.now();
  const theirs = await exchange.serverTime();
  const offset = theirs - (askedAt + clock.now()) / 2;
  const found = `this clock is ${Math.abs(Math.round(offset))} ms ${offset > 0 ? 'behind' : 'ahead of'} the exchange's`;
  if (Math.abs(offset) >= MOST_OFFSET_MS) return { id: 'clock', result: 'fail', found, fix: 'synchronise the clock of this machine (NTP)' };
  return { id: 'clock', result: Math.abs(offset) >= NOTED_OFFSET_MS ? 'warn' : 'ok', found, fix: '' };
}

function keyChecks({ canTrade, canWithdraw, boundAddresses, daysLeft, isUnified }: KeyFacts): Check[] {
  const make = (id: string, isFine: boolean, bad: 'warn' | 'fail', found: string, fix: string): Check => ({
    id,
    result: isFine ? 'ok' : bad,
    found,
    fix: isFine ? '' : fix,
  });
  return [
    make(
      'key-trade',
      canTrade,
      'fail',
      canTrade ? 'the key may trade contracts' : 'the key may not trade contracts',
      'give the key the permission Contract: Orders and Positions, read-write',
    ),
    make(
      'key-withdraw',
      !canWithdraw,
      'fail',
      canWithdraw ? 'the key may withdraw' : 'the key may not withdraw',
      'use a key without the permission Withdraw',
    ),
    make(
      'key-address',
      boundAddresses > 0,
      'warn',
      `bound to ${boundAddresses} addresses`,
      'bind the key to the address of this machine: anybody who has it can use it from anywhere',
    ),
    make(
      'key-expiry',
      daysLeft === undefined || daysLeft >= EXPIRES_SOON_DAYS,
      'warn',
      daysLeft === undefined ? 'does not expire' : `expires in ${daysLeft} days`,
      'renew the key',
    ),
    make(
      'account',
      isUnified,
      'fail',
      isUnified ? 'unified account' : 'not a unified account',
      'upgrade the account to a unified trading account',
    ),
  ];
}

async function instrumentChecks({ exchange, symbols }: PreflightParts): Promise<Check[]> {
  const instruments = await exchange.instruments(symbols);
  return instruments.map(({ symbol, status, settleCoin }) => {
    const isFine = status === 'trading' && settleCoin === SETTLE_COIN;
    return {
      id: `instrument-${symbol}`,
      result: isFine ? 'ok' : 'fail',
      found: `${status}, settled in ${settleCoin}`,
      fix: isFine ? '' : `choose another symbol: only ${SETTLE_COIN} perpetuals that trade can be quoted`,
    };
  });
}

async function fundsCheck({ exchange, settings }: PreflightParts): Promise<Check> {
  const { available } = await exchange.wallet();
  const availableUsd = available / 1e8;
  const found = `${availableUsd.toFixed(2)} ${SETTLE_COIN} available`;
  const isFine = availableUsd >= settings.quoting.orderSizeUsd;
  return {
    id: 'funds',
    result: isFine ? 'ok' : 'fail',
    found,
    fix: isFine ? '' : `deposit, or lower quoting.orderSizeUsd (${settings.quoting.orderSizeUsd})`,
  };
}

async function foreignCheck({ exchange, ownPrefix, foreignOrders }: PreflightParts): Promise<Check> {
  const { value } = await exchange.cancelPort.resting({ category: 'linear', settleCoin: SETTLE_COIN });
  const foreign = value.filter(({ clientOrderId, kind }) => kind === 'plain' && !clientOrderId.startsWith(ownPrefix)).length;
  const found = `${foreign} open orders that are not mmbot's`;
  if (foreign === 0) return { id: 'foreign-orders', result: 'ok', found, fix: '' };
  return {
    id: 'foreign-orders',
    result: foreignOrders === 'refuse' ? 'fail' : 'warn',
    found,
    fix: 'give mmbot an account of its own, or say --foreign-orders ignore: it never touches them',
  };
}

export function hasFailed(checks: readonly Check[]): boolean {
  return checks.some(({ result }) => result === 'fail');
}
