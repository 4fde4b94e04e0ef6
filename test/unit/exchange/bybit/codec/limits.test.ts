import { describe, expect, it } from 'vitest';
import { classOfPath, limitObservation } from '../../../../../src/exchange/bybit/codec/limits.ts';

const WHEN = { sentAt: 7, now: 5000 };
const HEADERS = { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '4', 'X-Bapi-Limit-Reset-Timestamp': '1672738134824', Timenow: '4990' };

describe('limit headers', () => {
  it('are read in any case, from text', () => {
    const expected = { class: 'create', sentAt: 7, at: 4990, limit: 10, remaining: 4, exceeded: false, resetAt: 1_672_738_134_824 };
    expect(limitObservation('create', HEADERS, false, WHEN)).toEqual(expected);
    const lower = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name.toLowerCase(), value]));
    expect(limitObservation('create', lower, false, WHEN)).toEqual(expected);
  });

  it('say no limit and no time when they are missing; a refused request has a second to wait', () => {
    expect(limitObservation('amend', {}, false, WHEN)).toMatchObject({ limit: Number.POSITIVE_INFINITY, at: undefined, exceeded: false });
    expect(limitObservation('amend', {}, true, WHEN)).toMatchObject({ exceeded: true, remaining: 0, resetAt: 6000 });
    expect(limitObservation('create', { Timenow: '4990' }, true, WHEN)).toMatchObject({ at: 4990, resetAt: 5990 });
  });

  it('belong to the counter of their endpoint', () => {
    expect(classOfPath('v5/order/create')).toBe('create');
    expect(classOfPath('v5/order/cancel-all')).toBe('cancelAll');
    expect(classOfPath('v5/position/list')).toBe('query');
    expect(classOfPath('v5/account/fee-rate')).toBeUndefined();
    expect(classOfPath('v5/market/time')).toBeUndefined();
  });
});
