import { expect, test } from 'vitest';
import { VIP0 } from '../../../src/simulator/fee-rates.ts';
import { openVenue } from '../../../src/wiring/live-venue.ts';
import { testHost } from '../../support/program/test-host.ts';

test('a place that was given by its address is called by its host', async () => {
  const host = testHost({ env: { BYBIT_API_KEY: 'anyKeyOfTen', BYBIT_API_SECRET: 'anySecretOfTwenty000' } });
  const place = { venue: 'embedded', restUrl: 'http://127.0.0.1:8099' } as const;
  const choice = { ...place, symbols: ['BTCUSDT'], market: 'btc', fees: VIP0 } as const;
  await using venue = await openVenue(host, choice);
  expect(venue.name).toBe('127.0.0.1:8099');
});
