import { describe, expect, it } from 'vitest';
import type { WireResponse } from '../../../../../src/exchange/bybit/wire/wire.ts';
import { sleep } from '../../../../../src/util/clock.ts';
import type { JsonObject } from '../../../../../src/util/json.ts';
import { execution, order, queries, START } from '../../../../support/bybit/scripted-queries.ts';
import { answer } from '../../../../support/bybit/scripted-wire.ts';

const DAY_MS = 24 * 3600 * 1000;

describe('open orders', () => {
  it('are every page, each order once and as it was read last', async () => {
    const { sut } = queries({
      'order/realtime': ({ cursor, settleCoin, limit, category }) => {
        expect({ settleCoin, limit, category }).toEqual({ settleCoin: 'USDT', limit: '50', category: 'linear' });
        if (cursor === undefined) return answer({ list: [order('a'), order('b'), order('c')], nextPageCursor: '1' });
        const list = [
          order('b', { orderStatus: 'PartiallyFilled', cumExecQty: '0.004' }),
          order('c', { orderStatus: 'Filled' }),
          order('d'),
        ];
        return answer({ list, nextPageCursor: '' }, { time: START + 9 });
      },
    });
    const { value, at } = await sut.openOrders({});
    expect(value.map(({ exchangeOrderId, filled }) => [exchangeOrderId, filled])).toEqual([
      ['a', 0],
      ['b', 4],
      ['d', 0],
    ]);
    expect(at).toBe(START + 9);
  });

  it('of one symbol are asked for by symbol', async () => {
    const { sut } = queries({
      'order/realtime': ({ symbol, settleCoin }) => {
        expect([symbol, settleCoin]).toEqual(['ETHUSDT', undefined]);
        return answer({ list: [], nextPageCursor: '' });
      },
    });
    expect((await sut.openOrders({ symbol: 'ETHUSDT' })).value).toEqual([]);
  });

  it('may be of symbols that nobody asked for: their grids are fetched once', async () => {
    const list = [order('a', { symbol: 'SOLUSDT', price: '77.260', qty: '5.9' }), order('b', { symbol: 'SOLUSDT', price: '1', qty: '1' })];
    const { sut, asked } = queries({ 'order/realtime': () => answer({ list, nextPageCursor: '' }) });
    const { value } = await sut.openOrders({});
    expect(value[0]).toMatchObject({ symbol: 'SOLUSDT', price: 7726, quantity: 59 });
    expect(asked).toEqual(['order/realtime', 'market/instruments-info']);
  });

  it('cannot be read when one of them cannot', async () => {
    const { sut } = queries({ 'order/realtime': () => answer({ list: [order('a'), order('b', { side: '' })], nextPageCursor: '' }) });
    await expect(sut.openOrders({})).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('one order', () => {
  const ref = { symbol: 'BTCUSDT', clientOrderId: 'link-a' };

  it('is looked for among the open ones, then among the closed', async () => {
    const { sut, asked } = queries({
      'order/realtime': ({ orderLinkId }) => answer({ list: orderLinkId === 'link-a' ? [] : [order('x')] }),
      'order/history': () => answer({ list: [order('a', { orderStatus: 'Cancelled' })] }, { time: START + 3 }),
    });
    expect(await sut.findOrder(ref)).toMatchObject({ value: { exchangeOrderId: 'a', status: 'canceled' }, at: START + 3 });
    expect(asked.slice(0, 2)).toEqual(['order/realtime', 'order/history']);
  });

  it('is not another one that the exchange answers with', async () => {
    const list = [order('b'), order('c')];
    const { sut } = queries({ 'order/realtime': () => answer({ list }), 'order/history': () => answer({ list }) });
    expect((await sut.findOrder(ref)).value).toBeUndefined();
  });

  it('without an id of ours is found by the exchange’s', async () => {
    const { sut } = queries({
      'order/realtime': ({ orderId, orderLinkId }) => {
        expect([orderId, orderLinkId]).toEqual(['a', undefined]);
        return answer({ list: [order('a', { orderLinkId: '' })] });
      },
    });
    const found = await sut.findOrder({ symbol: 'BTCUSDT', clientOrderId: '', exchangeOrderId: 'a' });
    expect(found.value?.exchangeOrderId).toBe('a');
  });

  it('is not absent when a list cannot be read', async () => {
    const { sut } = queries({ 'order/realtime': () => answer({ list: [] }), 'order/history': () => answer({}) });
    await expect(sut.findOrder(ref)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('one order of a symbol that is not traded here', () => {
  it('is there, though its row cannot be read', async () => {
    const list = [order('a', { symbol: 'ETHUSDT', side: '' })];
    const { sut, instruments } = queries({ 'order/realtime': () => answer({ list }), 'order/history': () => answer({ list: [] }) });
    await instruments.read('BTCUSDT');
    instruments.pin(['BTCUSDT']);
    for (const grid of [undefined, { tick: '0.01', lot: '0.01' }])
      await expect(sut.findOrder({ symbol: 'ETHUSDT', clientOrderId: 'link-a', grid })).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('ETHUSDT in the list of orders'),
      });
  });
});

describe('fills', () => {
  it('are the trades of every page, each once, oldest first', async () => {
    const { sut } = queries({
      'execution/list': ({ cursor, startTime, limit, execType }) => {
        expect({ startTime, limit, execType }).toEqual({ startTime: String(START - 5), limit: '100', execType: undefined });
        if (cursor === undefined) return answer({ list: [execution('4', START + 2), execution('3', START + 1)], nextPageCursor: 'n' });
        const list = [
          execution('3', START + 1),
          execution('2', START + 1),
          execution('f', START, { execType: 'Funding', execPrice: '', side: '' }),
          execution('1', START),
        ];
        return answer({ list, nextPageCursor: '' });
      },
    });
    const { value } = await sut.fills({ since: START - 4.5 });
    expect(value.map(({ fillId }) => fillId)).toEqual(['1', '2', '3', '4']);
  });

  it('of long ago are asked for a week at a time', async () => {
    const spans: (readonly [number, number | undefined])[] = [];
    const { sut } = queries({
      'execution/list': ({ startTime, endTime }) => {
        spans.push([Number(startTime), endTime === undefined ? undefined : Number(endTime)]);
        return answer({ list: [execution(String(startTime), Number(startTime))], nextPageCursor: '' });
      },
    });
    const since = START - 16 * DAY_MS;
    const { value } = await sut.fills({ since });
    expect(spans).toEqual([
      [since, since + 7 * DAY_MS - 1],
      [since + 7 * DAY_MS, since + 14 * DAY_MS - 1],
      [since + 14 * DAY_MS, undefined],
    ]);
    expect(value).toHaveLength(3);
  });
});

describe('funding', () => {
  it('is the payments of the same list, paid positive and received negative', async () => {
    const { sut } = queries({
      'execution/list': ({ execType }) => {
        expect(execType).toBe('Funding');
        const paid = execution('a', START, { execType: 'Funding', orderLinkId: '', execFee: '1.5' });
        const received = execution('b', START + 1, { execType: 'Funding', orderLinkId: '', execFee: '-0.25' });
        return answer({ list: [received, paid, execution('c', START)], nextPageCursor: '' });
      },
    });
    const { value } = await sut.funding({ since: START - 5 });
    expect(value).toEqual([
      { paymentId: 'a', symbol: 'BTCUSDT', amount: 150_000_000, at: START },
      { paymentId: 'b', symbol: 'BTCUSDT', amount: -25_000_000, at: START + 1 },
    ]);
  });
});

describe('positions, wallet and fee rates', () => {
  it('are net, one a symbol', async () => {
    const row = (symbol: string, positionIdx: number, side: string, size: string): JsonObject => ({ symbol, positionIdx, side, size });
    const { sut } = queries({
      'position/list': ({ settleCoin, limit }) => {
        expect([settleCoin, limit]).toEqual(['USDT', '200']);
        const list = [row('BTCUSDT', 1, 'Buy', '0.010'), row('BTCUSDT', 2, 'Sell', '0.004'), row('ETHUSDT', 0, 'Sell', '0.5')];
        return answer({ list, nextPageCursor: '' });
      },
    });
    const { value } = await sut.positions();
    expect(value.map(({ symbol, quantity }) => [symbol, quantity])).toEqual([
      ['BTCUSDT', 6],
      ['ETHUSDT', -50],
    ]);
  });

  it('come from the unified account', async () => {
    const account = { coin: [{ coin: 'USDT', walletBalance: '7', equity: '8' }], totalAvailableBalance: '6' };
    const { sut } = queries({ 'account/wallet-balance': () => answer({ list: [account] }) });
    expect(await sut.wallet()).toEqual({ settleCoin: 'USDT', balance: 7e8, equity: 8e8, available: 6e8 });
    const none = queries({ 'account/wallet-balance': () => answer({ list: [] }) });
    await expect(none.sut.wallet()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('are asked for at most four times a second', async () => {
    const times: number[] = [];
    const { sut, clock } = queries({
      'account/fee-rate': ({ symbol }) => {
        times.push(clock.monotonic());
        return answer({ list: [{ symbol, makerFeeRate: '0.0002', takerFeeRate: '0.00055' }] });
      },
    });
    await clock.run(Promise.all(['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((symbol) => sut.feeRates(symbol))));
    expect(times).toEqual([0, 250, 500]);
  });
});

describe('rows of symbols that are not traded here', () => {
  const refused = (symbol: string) => `${symbol} is not a linear instrument of the exchange`;
  const DATED = 'BTCUSDT-26DEC25';

  it('are left out of the positions and named once; what is ours still counts', async () => {
    const rows = [
      { symbol: 'DELISTEDUSDT', positionIdx: 0, side: 'Buy', size: '5' },
      { symbol: 'BTCUSDT', positionIdx: 0, side: 'Buy', size: '0.010' },
      { symbol: DATED, positionIdx: 0, side: '', size: '?' },
    ];
    const { sut, told, asked } = queries({ 'position/list': () => answer({ list: rows, nextPageCursor: '' }) });
    for (let i = 0; i < 3; i += 1) expect((await sut.positions()).value).toMatchObject([{ symbol: 'BTCUSDT', quantity: 10 }]);
    expect(told).toEqual([
      { list: 'position', symbol: 'DELISTEDUSDT', what: 'unknown_symbol', detail: refused('DELISTEDUSDT') },
      { list: 'position', symbol: DATED, what: 'unknown_symbol', detail: refused(DATED) },
    ]);
    expect(asked.filter((path) => path === 'market/instruments-info')).toHaveLength(3);
  });

  it('are left out of the open orders and of the executions', async () => {
    const { sut, told } = queries({
      'order/realtime': () => answer({ list: [order('x', { symbol: DATED }), order('a')], nextPageCursor: '' }),
      'execution/list': () =>
        answer({
          list: [
            execution('3', START + 3),
            execution('2', START + 2, { symbol: DATED, execType: 'Delivery', execPrice: '', side: '' }),
            execution('1', START + 1, { symbol: 'DELISTEDUSDT' }),
          ],
          nextPageCursor: '',
        }),
    });
    expect((await sut.openOrders({})).value).toMatchObject([{ exchangeOrderId: 'a' }]);
    expect((await sut.fills({ since: START })).value).toMatchObject([{ fillId: '3' }]);
    expect((await sut.funding({ since: START })).value).toEqual([]);
    expect(told.map(({ list, symbol, what }) => [list, symbol, what])).toEqual([
      ['order', DATED, 'unknown_symbol'],
      ['execution', 'DELISTEDUSDT', 'unknown_symbol'],
    ]);
  });

  it('may be unreadable while others are traded, whose own rows may not', async () => {
    let list = [order('s', { symbol: 'SOLUSDT', qty: 'NaN' }), order('a')];
    const { sut, told, instruments } = queries({ 'order/realtime': () => answer({ list, nextPageCursor: '' }) });
    await instruments.read('BTCUSDT');
    instruments.pin(['BTCUSDT']);
    expect((await sut.openOrders({})).value).toMatchObject([{ exchangeOrderId: 'a' }]);
    expect(told).toMatchObject([{ list: 'order', symbol: 'SOLUSDT', what: 'unreadable' }]);
    list = [order('a', { qty: 'NaN' })];
    await expect(sut.openOrders({})).rejects.toThrow('BTCUSDT in the list of orders: unreadable answer: order qty is "NaN"');
    list = [order('a', { symbol: '' })];
    await expect(sut.openOrders({})).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
  });

  describe('of which the exchange does not even say what they are', () => {
    function unanswered(response: Partial<WireResponse>) {
      const row = { positionIdx: 0, side: 'Buy', size: '0.010' };
      const list = [
        { ...row, symbol: 'ETHUSDT' },
        { ...row, symbol: 'BTCUSDT' },
      ];
      const made = queries({
        'position/list': () => answer({ list, nextPageCursor: '' }),
        'order/realtime': () => answer({ list: [order('a', { symbol: 'ETHUSDT', price: '2000.00', qty: '0.5', cumExecQty: '0.5' })] }),
      });
      const { wire } = made;
      const { request } = wire;
      const answers = { about: response as Partial<WireResponse> | undefined, asked: 0 };
      wire.request = (sent, signal) => {
        if (!/instruments-info.*ETHUSDT/.test(sent.url)) return request.call(wire, sent, signal);
        answers.asked += 1;
        const { about } = answers;
        return about === undefined ? request.call(wire, sent, signal) : Promise.resolve({ ...NO_PAGE, ...about });
      };
      const symbols = async () => (await made.sut.positions()).value.map(({ symbol }) => symbol);
      return { ...made, answers, symbols };
    }

    const NO_PAGE = { status: 200, statusText: '', headers: {}, body: '<html>' };
    const LOST = [
      ['a failing server', { status: 502 }],
      ['a page of a proxy', { status: 404 }],
      ['a limit', { body: '{"retCode":10006,"retMsg":"Too many visits"}' }],
      ['no list', answer({})],
    ] as const;

    it.each(LOST)('for %s, they cannot spoil the others, and it is asked again later', async (_, response) => {
      const { symbols, answers, clock } = unanswered(response);
      expect([await symbols(), await symbols(), answers.asked]).toEqual([['BTCUSDT'], ['BTCUSDT'], 1]);
      answers.about = undefined;
      await clock.run(sleep(clock, 10_000));
      expect(await symbols()).toEqual(['ETHUSDT', 'BTCUSDT']);
    });

    it.each(LOST)('for %s, an order of theirs is not read on a grid that is guessed', async (_, response) => {
      const { sut } = unanswered(response);
      await expect(sut.findOrder({ symbol: 'ETHUSDT', clientOrderId: 'link-a' })).rejects.toMatchObject({ kind: 'unavailable' });
    });

    it('an answer of the exchange is not queried again', async () => {
      for (const response of [
        answer({ list: [] }),
        answer({ list: [{ symbol: 'ETHUSDT' }] }),
        { body: '{"retCode":10001,"retMsg":"?"}' },
      ]) {
        const { symbols, answers, clock } = unanswered(response);
        expect(await symbols()).toEqual(['BTCUSDT']);
        await clock.run(sleep(clock, 60_000));
        expect([await symbols(), answers.asked]).toEqual([['BTCUSDT'], 1]);
      }
    });
  });
});

describe('what is older than the grid', () => {
  const ref = { symbol: 'BTCUSDT', clientOrderId: 'mm-old-1' };
  const old = { tick: '0.01', lot: '0.0001' };

  it('is rounded to the safe side, kept as written, and named', async () => {
    const row = execution('e', START, { execPrice: '64951.73', execQty: '0.0004' });
    const { sut, told } = queries({
      'execution/list': () => answer({ list: [row], nextPageCursor: '' }),
      'position/list': () => answer({ list: [{ symbol: 'BTCUSDT', positionIdx: 0, side: 'Sell', size: '0.0004' }], nextPageCursor: '' }),
    });
    const exact = { price: '64951.73', quantity: '0.0004' };
    expect((await sut.fills({ since: START })).value).toMatchObject([{ price: 649_517, quantity: 1, exact }]);
    expect((await sut.positions()).value).toMatchObject([{ quantity: -1, exact: '-0.0004' }]);
    expect(told.map(({ what, detail }) => `${what}: ${detail}`)).toEqual([
      'off_grid: execPrice 64951.73',
      'off_grid: execQty 0.0004',
      'off_grid: position size -0.0004, counted as -0.001',
    ]);
  });

  it('is read on the grid of its time, where that is known', async () => {
    const row = execution('e', START, { orderLinkId: 'mm-old-1', execPrice: '64951.73', execQty: '0.0004' });
    const { sut, told } = queries({
      'order/realtime': () => answer({ list: [order('o', { orderLinkId: 'mm-old-1', price: '64951.73', qty: '0.0007' })] }),
      'execution/list': () => answer({ list: [row], nextPageCursor: '' }),
    });
    const gridOf = (id: string) => (id === 'mm-old-1' ? old : undefined);
    expect((await sut.fills({ since: START, gridOf })).value).toMatchObject([{ price: 6_495_173, quantity: 4 }]);
    expect((await sut.findOrder({ ...ref, grid: old })).value).toMatchObject({ price: 6_495_173, quantity: 7 });
    expect(told).toEqual([]);
  });

  it('and of a symbol that is gone is read by the decimals that it is written with', async () => {
    const row = order('o', { orderLinkId: 'mm-old-1', symbol: 'DELISTEDUSDT', price: '1.25', qty: '30', cumExecQty: '0.5' });
    const { sut } = queries({ 'order/realtime': () => answer({ list: [row] }) });
    const { value } = await sut.findOrder({ ...ref, symbol: 'DELISTEDUSDT' });
    expect(value).toMatchObject({ price: 125, quantity: 300, filled: 5 });
  });
});
