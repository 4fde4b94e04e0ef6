import { describe, expect, it } from 'vitest';
import { classOfPath, limitObservation } from '../../../../src/exchange/bybit/limits.ts';

const HEADERS = { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '4', 'X-Bapi-Limit-Reset-Timestamp': '1672738134824' };

describe('limit headers', () => {
  it('are read in any case, from text', () => {
    const expected = { class: 'create', limit: 10, remaining: 4, exceeded: false, resetAt: 1_672_738_134_824 };
    expect(limitObservation('create', HEADERS, false, 0)).toEqual(expected);
    const lower = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name.toLowerCase(), value]));
    expect(limitObservation('create', lower, false, 0)).toEqual(expected);
  });

  it('say nothing when they are missing, unless the request was refused for the limit', () => {
    expect(limitObservation('amend', {}, false, 5000)).toBeUndefined();
    expect(limitObservation('amend', {}, true, 5000)).toMatchObject({ exceeded: true, remaining: 0, resetAt: 6000 });
  });

  it('belong to the counter of their endpoint', () => {
    expect(classOfPath('v5/order/create')).toBe('create');
    expect(classOfPath('v5/order/cancel-all')).toBe('cancelAll');
    expect(classOfPath('v5/position/list')).toBe('query');
    expect(classOfPath('v5/account/fee-rate')).toBeUndefined();
    expect(classOfPath('v5/market/time')).toBeUndefined();
  });
});
