import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../../../src/simulator/bybit-api/keys.ts';
import { authenticate, authenticateSocket, checkTime, sign } from '../../../../src/simulator/bybit-api/signature.ts';

const KEYS = new KeyRing([{ apiKey: 'testkey', secret: 'testsecret' }]);
const NOW = 1_700_000_000_000;
const BODY =
  '{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.01","price":"50000.1","timeInForce":"PostOnly","orderLinkId":"mm-1"}';

function request(method: string, { query = '', body = '', signature = '', key = 'testkey', time = NOW, window = '5000' }) {
  const headers = { 'x-bapi-api-key': key, 'x-bapi-timestamp': String(time), 'x-bapi-recv-window': window, 'x-bapi-sign': signature };
  return { method, path: '/v5/any', query, body, headers, address: 'test' };
}

describe('request signatures', () => {
  test.each([
    [
      'GET with a query',
      'GET',
      'category=linear&symbol=BTCUSDT&limit=50',
      '',
      '6355c7cc7dc003b9a53dc5d6097dab4fc80b3e54ab3859a4b6f0366129acecf0',
    ],
    ['GET without a query', 'GET', '', '', '2fc9e776b3f07b2ee447067e0f627438055b198bb14dba79e1a3d50e40a5bd8d'],
    ['POST', 'POST', '', BODY, '02929701ac21cb3203bf547b03d365e85754e91f4d75a0a3bd592351433d10f9'],
  ])('%s matches the published vector', (_, method, query, body, signature) => {
    expect(authenticate(request(method, { query, body, signature }), KEYS, NOW)).toEqual({ ok: true, account: 0 });
  });

  test('are over the bytes as received: a percent-encoded query is signed as it is', () => {
    const query = 'category=linear&cursor=a%253A1';
    const signature = sign('testsecret', `${NOW}testkey5000${query}`);
    expect(authenticate(request('GET', { query, signature }), KEYS, NOW)).toMatchObject({ ok: true });
    expect(authenticate(request('GET', { query: decodeURIComponent(query), signature }), KEYS, NOW)).toMatchObject({ code: 10004 });
  });

  test('fail with their own codes', () => {
    expect(authenticate(request('GET', { signature: 'f'.repeat(64) }), KEYS, NOW)).toMatchObject({ ok: false, code: 10004 });
    expect(authenticate(request('GET', { signature: 'x', key: 'other' }), KEYS, NOW)).toMatchObject({ ok: false, code: 10003 });
    expect(authenticate(request('GET', {}), KEYS, NOW)).toMatchObject({ ok: false, code: 10001 });
  });
});

describe('socket authentication', () => {
  const expires = 1_700_000_010_000;
  const signature = '6a806639d27b1c24c3808a191e9d0274d0c9d3a04a160233856d65840dfda2c8';

  test('matches the published vector, with the expiry as number or text', () => {
    expect(authenticateSocket(['testkey', expires, signature], KEYS, NOW)).toEqual({ ok: true, account: 0 });
    expect(authenticateSocket(['testkey', String(expires), signature], KEYS, NOW)).toEqual({ ok: true, account: 0 });
  });

  test('is over when it has expired', () => {
    expect(authenticateSocket(['testkey', expires, signature], KEYS, expires)).toMatchObject({ code: 10004 });
    expect(authenticateSocket(['testkey', expires, signature], KEYS, expires - 1)).toMatchObject({ ok: true });
  });
});

describe('the clock rule', () => {
  test.each([
    [NOW - 5000, 'the oldest that passes', undefined],
    [NOW - 5001, 'one ms too old', 10002],
    [NOW + 999, 'the newest that passes', undefined],
    [NOW + 1000, 'a full second ahead', 10002],
  ])('at a timestamp of %i: %s', (timestamp, _, code) => {
    expect(checkTime(String(timestamp), '5000', NOW)?.code).toBe(code);
  });

  test('a larger window does not help a clock that is ahead', () => {
    expect(checkTime(String(NOW + 1000), '60000', NOW)?.code).toBe(10002);
  });

  test('the window is 5 s when none is sent, and nonsense is a parameter error', () => {
    expect(checkTime(String(NOW - 5000), undefined, NOW)).toBeUndefined();
    expect(checkTime(String(NOW - 5001), undefined, NOW)?.code).toBe(10002);
    expect(checkTime('yesterday', '5000', NOW)?.code).toBe(10001);
    expect(checkTime(String(NOW), '-1', NOW)?.code).toBe(10001);
  });
});
