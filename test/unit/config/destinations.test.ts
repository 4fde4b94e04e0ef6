import { describe, expect, test } from 'vitest';
import { destinationOf, type Destination } from '../../../src/config/destinations.ts';
import { VENUES } from '../../../src/config/venues.ts';

describe('a destination is known by its host alone', () => {
  test.each<[Destination, readonly string[]]>([
    [
      'loopback',
      [
        'http://127.0.0.1:8099',
        'ws://localhost',
        'https://[::1]:1/v5',
        'http://LOCALHOST.:80',
        'http://127.1',
        'http://[::ffff:127.9.9.9]',
      ],
    ],
    [
      'testnet',
      ['https://api-testnet.bybit.com', 'wss://stream-testnet.bybit.com:443', 'https://API-Testnet.Bybit.Com.', VENUES.testnet.restUrl],
    ],
    ['demo', ['https://api-demo.bybit.com', 'wss://stream-demo.bybit.com', VENUES.demo.wsUrl]],
    [
      'mainnet',
      [
        ...['com', 'eu', 'nl', 'tr', 'com.tr', 'kz', 'ae', 'id'].map((name) => `https://api.bybit.${name}`),
        ...['api.bytick.com', 'api.manepa.jp', 'api.byhkbit.com', 'api.bybitgeorgia.ge', 'API.BYBIT.COM.:8443'].map(
          (host) => `https://${host}`,
        ),
        // A sub-domain that nobody has listed, and names that only sound like a test.
        ...['bybit.com', 'api-testnet-2.bybit.com', 'demo.bybit.com', 'testnet.bytick.com'].map((host) => `https://${host}/testnet`),
        'https://127.0.0.1@api.bybit.com',
      ],
    ],
    [
      'unknown',
      [
        'https://api-testnet.bybit.com.example.org',
        'https://testnet.example.org',
        'https://my-testnet-api.net',
        'http://127.example.org',
        'http://localhost.example.org',
        'http://10.0.0.5:8099',
        'http://0.0.0.0:1',
        'https://xbybit.com',
        'https://api-testnet-bybit.com',
      ],
    ],
  ])('%s', (destination, urls) => {
    expect(urls.map((url) => [url, destinationOf(url)])).toEqual(urls.map((url) => [url, destination]));
  });
});
