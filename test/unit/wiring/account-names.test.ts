import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { earlierNames, isLocal, nameByKey, nameByUser } from '../../../src/wiring/account-names.ts';

/** URLs of each row lead to the same accounts. */
const SAME: readonly (readonly string[])[] = [
  [
    'https://api.bybit.com',
    'https://API.bybit.com',
    'https://api.bybit.com:443',
    'https://api.bybit.com/',
    'https://api.bybit.com.',
    'https://api.bytick.com',
  ],
  ['https://api-testnet.bybit.com', 'https://API-TESTNET.bybit.com:443'],
  ['https://api-demo.bybit.com', 'https://api-demo.bybit.com:443'],
  [
    'http://127.0.0.1:8099',
    'http://localhost:8099',
    'http://LOCALHOST:8099',
    'http://localhost.:8099',
    'http://[::1]:8099',
    'http://[::ffff:127.0.0.1]:8099',
    'http://127.1:8099',
    'http://2130706433:8099',
    'http://0x7f.1:8099',
    'http://127.0.0.2:8099',
    'http://0.0.0.0:8099',
    'http://[::]:8099',
    'http://bybit.localhost:8099',
  ],
  ['http://127.0.0.1:8100', 'http://localhost:8100'],
  ['http://127.0.0.1', 'http://localhost:80'],
  ['https://bybit.example', 'https://BYBIT.example:443', 'https://bybit.example.'],
  ['https://bybit.example:8443'],
  ['https://api.bybit.com.example'],
];

describe('the name of an account on this machine', () => {
  test('is the same for every spelling of a host, and another one for every other host', () => {
    const names = SAME.map((urls) => new Set(urls.map((restUrl) => nameByKey({ restUrl }, 'key'))));
    expect(names.map(({ size }) => size)).toEqual(SAME.map(() => 1));
    expect(new Set(names.flatMap((set) => [...set])).size).toBe(SAME.length);
  });

  test('by its user is the same for every key; what runs on this machine is one network', () => {
    const [mainnet, testnet, demo, here, hereToo] = SAME.map(([restUrl = '']) => nameByUser({ restUrl }, '1448939'));
    expect(nameByUser({ restUrl: 'https://api.bytick.com' }, '1448939')).toBe(mainnet);
    expect(hereToo).toBe(here);
    expect(new Set([mainnet, testnet, demo, here]).size).toBe(4);
    expect(nameByUser({ restUrl: 'https://api.bybit.com' }, '1448940')).not.toBe(mainnet);
  });

  test('does not reveal the key', () => {
    expect(nameByKey({ restUrl: 'https://api.bybit.com' }, 'key')).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([
    ['http://127.0.0.1:8099', 'http://localhost:8099'],
    ['http://localhost:8099', 'http://127.0.0.1:8099'],
    ['https://api.bybit.com', 'https://api.bytick.com'],
    ['https://api.bybit.com', 'https://API.bybit.com'],
    ['https://API.bybit.com:443', 'https://api.bybit.com'],
    ['https://Bybit.example', 'https://Bybit.example'],
    ['https://Bybit.example', 'https://bybit.example'],
  ])('at %s knows what an earlier version called it at %s', (restUrl, earlier) => {
    const old = createHash('sha256').update(`${earlier} key`).digest('hex').slice(0, 16);
    expect(earlierNames({ restUrl }, 'key')).toContain(old);
  });

  test('a host is of this machine by its name alone', () => {
    expect(SAME.map(([restUrl = '']) => isLocal(restUrl))).toEqual([false, false, false, true, true, true, false, false, false]);
  });
});
