import { describe, expect, test } from 'vitest';
import type { RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../../../src/exchange/complete.ts';
import type { Look } from '../../../../src/execution/cancel/open-order-scanner.ts';
import { ReadAge } from '../../../../src/execution/cancel/read-age.ts';
import { decimal } from '../../../../src/util/decimal.ts';

const SCOPE = { category: 'linear', symbol: 'BTCUSDT' } as const;
/** Exchange time at our time zero. */
const EPOCH = 1_000_000;

function resting(exchangeOrderId: string, createdAt: number): RestingOrder {
  const terms = { side: 'buy', kind: 'plain', price: '1', quantity: decimal('1'), filled: decimal('0'), clientOrderId: '' } as const;
  return { ...SCOPE, ...terms, exchangeOrderId, createdAt: EPOCH + createdAt };
}

function look(askedAt: number, read: readonly RestingOrder[], isRead = true): Look {
  const scopes = { readScopes: isRead ? [SCOPE] : [], unreadScopes: isRead ? [] : [SCOPE], failures: [] };
  return {
    read,
    unlisted: new Map(),
    remembered: [],
    lateScopes: [],
    late: new Set(),
    waitingSince: new Map(),
    ...scopes,
    scopesOf: () => [SCOPE],
    at: EPOCH + askedAt,
    askedAt,
  };
}

function ageAfter(looks: readonly Look[], takenAt: Readonly<Record<string, number>> = {}, seenMs = 0): ReadAge {
  const age = new ReadAge(seenMs);
  for (const each of looks) age.looked(each, new Map(Object.entries(takenAt)));
  return age;
}

describe('how late lists are', () => {
  const a = resting('a', -60_000);

  test('is taken to be the assumed time while nothing tells', () => {
    const age = ageAfter([look(0, []), look(250, [])]);
    expect([age.seenMs, age.boundMs]).toEqual([0, READS_LATE_MS]);
  });

  test('an order that is still listed after its cancel was accepted shows the delay, once it is gone', () => {
    const looks = [look(0, [a]), look(5000, [a]), look(20_000, [a]), look(20_250, [])];
    expect(ageAfter(looks, { a: 100 }).boundMs).toBe(19_900);
    // While the lists show it, it may really still rest.
    expect(ageAfter(looks.slice(0, 3), { a: 100 }).seenMs).toBe(0);
    expect(ageAfter(looks).seenMs).toBe(0);
  });

  test('one that is listed to the end tells the next attempt, which would cancel it again and take its own cancel for the one that took', () => {
    const age = ageAfter([look(0, [a]), look(15_000, [a])], { a: 100 });
    age.ended(new Map([['a', 100]]));
    expect(age.seenMs).toBe(14_900);
    expect(ageAfter([look(15_500, [a]), look(20_000, [])], { a: 15_600 }, age.seenMs).boundMs).toBe(14_900);
  });

  test('an exchange that answers slowly is not late for that', () => {
    expect(ageAfter([look(0, [a]), look(30_000, [])], { a: 29_000 }).seenMs).toBe(0);
  });

  test('an order that shows up long after it was created tells', () => {
    expect(ageAfter([look(0, []), look(12_000, []), look(12_250, [resting('b', 1000)])]).boundMs).toBe(11_000);
    expect(ageAfter([look(0, []), look(250, [resting('b', 200)])]).seenMs).toBe(0);
  });

  test('also where its list was not read in between', () => {
    const looks = [look(12_000, []), look(12_250, [], false), look(12_500, [resting('b', 1000)])];
    expect(ageAfter(looks).boundMs).toBe(11_000);
  });

  test('but not where its list could not be read before', () => {
    expect(ageAfter([look(0, [], false), look(250, [a])]).seenMs).toBe(0);
  });
});
