import { describe, expect, it } from 'vitest';
import { positionIn, walletIn } from '../../../../src/exchange/bybit/codec/codec.ts';
import { PositionLots } from '../../../../src/exchange/bybit/codec/position-lots.ts';
import { grid } from '../../../../src/model/grid.ts';
import type { JsonObject } from '../../../../src/util/json.ts';
import { BTC } from '../../../support/builders/builders.ts';

const UNREADABLE = { name: 'ExchangeError', kind: 'unavailable', outcome: 'unknown' };

describe('a position row', () => {
  it('has a signed quantity', () => {
    const row = { symbol: 'BTCUSDT', side: 'Sell', size: '0.010', avgPrice: '50000.10', markPrice: '50010.04' };
    expect(positionIn(row, BTC)).toEqual({ symbol: 'BTCUSDT', quantity: -10, entryPrice: 50_000.1, markPrice: 500_100 });
    expect(positionIn({ ...row, side: 'Buy', avgPrice: undefined, entryPrice: '1' }, BTC)).toMatchObject({ quantity: 10, entryPrice: 1 });
    expect(positionIn({ side: '', size: '0', avgPrice: '', markPrice: '' }, BTC)).toMatchObject({ quantity: 0, markPrice: undefined });
  });
});

describe('a position off the lot grid', () => {
  const TEN = { ...BTC, lot: grid('0.010') };
  const row = (side: string, size: string): JsonObject => ({ symbol: 'BTCUSDT', side, size, avgPrice: '50000.10' });

  it('is not flat: it counts as the next lot, and is kept as it was written', () => {
    expect(positionIn(row('Buy', '0.003'), TEN)).toMatchObject({ quantity: 1, exact: '0.003' });
    expect(positionIn(row('Sell', '0.003'), TEN)).toMatchObject({ quantity: -1, exact: '-0.003' });
    expect(positionIn(row('Sell', '0.023'), TEN)).toMatchObject({ quantity: -3, exact: '-0.023' });
  });

  it('changes by a lot with each lot that is traded, also through zero', () => {
    const counted = new PositionLots();
    const sizes = ['0.003', '0.013', '0.003', '-0.007', '-0.017', '0.003'];
    const read = sizes.map((size) => positionIn(row(size.startsWith('-') ? 'Sell' : 'Buy', size.replace('-', '')), TEN, counted).quantity);
    expect(read).toEqual([1, 2, 1, 0, -1, 1]);
    expect(positionIn(row('', '0'), TEN, counted)).toMatchObject({ quantity: 0 });
    expect(positionIn(row('Buy', '0.020'), TEN, counted)).toEqual(positionIn(row('Buy', '0.020'), TEN));
  });

  it.each([
    { size: 'NaN' },
    { size: '-0.010' },
    { size: '1e2' },
    { size: '9'.repeat(40) },
    { side: '' },
    { avgPrice: '-1' },
    { avgPrice: 1e300 },
  ])('cannot be read with %j', (changes) => {
    expect(() => positionIn({ ...row('Buy', '0.010'), ...changes }, BTC)).toThrow(expect.objectContaining(UNREADABLE));
  });
});

describe('a wallet row', () => {
  const coin = { coin: 'USDT', equity: '10000.5', walletBalance: '10000', totalOrderIM: '600', totalPositionIM: '400', locked: '0' };

  it('is read for the settle coin', () => {
    const row = { totalAvailableBalance: '9000', coin: [{ coin: 'BTC', equity: '1' }, coin] };
    const read = walletIn(row, 'USDT');
    expect(read).toEqual({ settleCoin: 'USDT', balance: 1_000_000_000_000, equity: 1_000_050_000_000, available: 900_000_000_000 });
  });

  it('computes the free balance when the exchange does not report it', () => {
    expect(walletIn({ totalAvailableBalance: '', coin: [coin] }, 'USDT').available).toBe(900_050_000_000);
  });

  it('is empty for a coin that the account does not hold, and unreadable without coins', () => {
    expect(walletIn({ coin: [] }, 'USDT')).toMatchObject({ balance: 0, equity: 0 });
    expect(() => walletIn({ coin: null }, 'USDT')).toThrow(expect.objectContaining(UNREADABLE));
  });
});
