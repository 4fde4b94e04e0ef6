import { describe, expect, it } from 'vitest';
import { instrumentIn, levelsIn, tradeIn } from '../../../../../src/exchange/bybit/codec/market-codec.ts';
import { formatSteps } from '../../../../../src/model/grid.ts';
import { listIn, objectIn } from '../../../../../src/util/json.ts';
import { BTC } from '../../../../support/builders/builders.ts';
import { fixtureJson, fixtureMessages } from '../../../../support/bybit/fixtures.ts';

const ROWS = listIn(objectIn(fixtureJson('bybit-capture/instruments_info_linear_10.json')['result'])['list']).map(objectIn);

describe('instruments as Bybit lists them', () => {
  it.each(ROWS.map((row) => [row['symbol'], row] as const))('%s is read exactly', (symbol, row) => {
    const instrument = instrumentIn(row);
    const lotSize = objectIn(row['lotSizeFilter']);
    expect(instrument).toMatchObject({ symbol, settleCoin: 'USDT', quoteCoin: 'USDT', status: 'trading' });
    expect(formatSteps(1, instrument.tick)).toBe(objectIn(row['priceFilter'])['tickSize']);
    expect(Number(formatSteps(instrument.minQuantity, instrument.lot))).toBe(Number(lotSize['minOrderQty']));
    expect(Number(formatSteps(instrument.maxQuantity, instrument.lot))).toBe(Number(lotSize['maxOrderQty']));
  });

  it('are unreadable without a grid', () => {
    const [row] = ROWS;
    expect(() => instrumentIn({ ...row, priceFilter: {} })).toThrow(expect.objectContaining({ kind: 'unavailable' }));
    expect(() => instrumentIn({ ...row, lotSizeFilter: null })).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });

  it('that do not trade say so', () => {
    expect(instrumentIn({ ...ROWS[0], status: 'Delivering' }).status).toBe('other');
  });
});

describe('book levels', () => {
  it('are whole ticks and lots; 0 deletes', () => {
    const levels = levelsIn(
      [
        ['65114.20', '0.006'],
        ['65114.10', '0'],
      ],
      BTC,
    );
    expect(levels).toEqual([
      { price: 651_142, quantity: 6 },
      { price: 651_141, quantity: 0 },
    ]);
  });

  it('that are missing are no change', () => {
    expect(levelsIn(undefined, BTC)).toEqual([]);
    expect(levelsIn(null, BTC)).toEqual([]);
  });

  it.each([[[['65114.25', '1']]], [[['x', '1']]], [[['65114.20']]], [[['65114.20', '-1']]], [['65114.20']], [[null]]])(
    '%j cannot be read',
    (side) => {
      expect(levelsIn(side, BTC)).toBeUndefined();
    },
  );
});

describe('trades', () => {
  it('of the capture are all read', () => {
    const rows = fixtureMessages('bybit-capture/linear_publicTrade_BTCUSDT.ndjson.gz').flatMap((message) => listIn(message['data']));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows.map(objectIn)) {
      const trade = tradeIn(row, BTC);
      expect(trade).toMatchObject({ side: row['S'] === 'Buy' ? 'buy' : 'sell', at: row['T'] });
      expect(formatSteps(trade?.price ?? 0, BTC.tick)).toBe(row['p']);
    }
  });

  it('away from the book, or unreadable, do not count', () => {
    const row = { T: 1, S: 'Buy', v: '0.001', p: '50000.20', BT: false };
    expect(tradeIn(row, BTC)).toBeDefined();
    for (const change of [{ BT: true }, { S: '' }, { v: 'x' }, { p: '' }, { T: null }])
      expect(tradeIn({ ...row, ...change }, BTC)).toBeUndefined();
  });
});
