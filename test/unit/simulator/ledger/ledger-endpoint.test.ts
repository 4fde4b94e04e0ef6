import { describe, expect, test } from 'vitest';
import { withLedgerDoor } from '../../../../src/simulator/ledger/ledger-endpoint.ts';
import type { LedgerEvent } from '../../../../src/simulator/ledger/ledger.ts';
import { at } from '../../../../src/util/array.ts';
import { testExchange } from '../../../support/exchange/exchange-client.ts';

const ITEM = { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '64900', timeInForce: 'PostOnly' };
const ORDER = { category: 'linear', ...ITEM };

function scene() {
  const exchange = testExchange({ accounts: 2 });
  const surface = withLedgerDoor(exchange.embedded, exchange.clock);
  const ask = async (query = '', { method = 'GET', address = '127.0.0.1' } = {}) => {
    const response = await surface.http({ method, path: '/admin/ledger', query, headers: {}, body: '', address });
    return { status: response.status, json: JSON.parse(response.body) as { accounts: readonly Record<string, unknown>[] } };
  };
  return { ...exchange, surface, ask };
}

describe('the ledger endpoint', () => {
  test('returns open orders, trades and the counts of each limit from the exchange’s own records', async () => {
    const { ask, post, embedded, pass } = scene();
    embedded.start();
    await pass(2000);
    await post('/v5/order/create', { ...ORDER, orderLinkId: 'rests' });
    await post('/v5/order/create', { ...ORDER, orderType: 'Market', timeInForce: 'IOC' });
    await post('/v5/order/create-batch', { category: 'linear', request: Array.from({ length: 12 }, () => ITEM) });
    const { accounts } = (await ask(`apiKey=${at(embedded.keys, 0).apiKey}`)).json;
    expect(accounts).toHaveLength(1);
    const ledger = embedded.venue.ledger(0);
    expect(accounts[0]).toEqual({
      apiKey: at(embedded.keys, 0).apiKey,
      openOrders: ledger.openOrders(),
      executions: ledger.executions(),
      positions: ledger.positions(),
      wallet: ledger.wallet(),
      counts: ledger.counts(),
    });
    expect(ledger.openOrders()).toHaveLength(11);
    expect(accounts[0]?.['counts']).toMatchObject({
      rateLimited: 2,
      buckets: [
        { endpoint: '/v5/order/create', product: 'futures', limit: 10, arrived: 2, passed: 2, refused: 0, worstRollingSecond: 2 },
        { endpoint: '/v5/order/create-batch', product: 'futures', limit: 10, arrived: 12, passed: 10, refused: 2, worstRollingSecond: 12 },
      ],
    });
    expect((await ask()).json.accounts).toHaveLength(2);
  });

  test('returns the changes of an account one by one, each with the mark price at that time', async () => {
    const { surface, post, embedded } = scene();
    const changes = async (query = '') => {
      const request = { method: 'GET', path: '/admin/ledger/events', query, headers: {}, body: '', address: '127.0.0.1' };
      const { status, body } = await surface.http(request);
      return { status, events: (JSON.parse(body) as { events?: readonly LedgerEvent[] }).events ?? [] };
    };
    await post('/v5/order/create', { ...ORDER, orderLinkId: 'rests' });
    await post('/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'rests' });
    await post('/v5/order/create', { ...ORDER, orderType: 'Market', timeInForce: 'IOC', qty: '0.001' });
    const { events } = await changes();
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events[0]).toMatchObject({ type: 'order', order: { orderLinkId: 'rests', status: 'New', isOpen: true, quantity: '0.010' } });
    expect(events[1]).toMatchObject({ type: 'order', order: { orderLinkId: 'rests', status: 'Cancelled', isOpen: false } });
    expect(Number(events[0]?.markPrice)).toBeGreaterThan(0);
    expect((await changes('after=1')).events).toEqual(events.slice(1));
    expect((await changes(`apiKey=${at(embedded.keys, 1).apiKey}`)).events).toEqual([]);
    expect((await changes('apiKey=nobody')).status).toBe(404);
  });

  test('opens to reading from this machine alone, at once and outside every limit', async () => {
    const { ask, embedded } = scene();
    expect((await ask('', { address: '192.0.2.1' })).status).toBe(403);
    expect((await ask('', { address: '::ffff:127.0.0.1' })).status).toBe(200);
    expect((await ask('', { method: 'POST' })).status).toBe(405);
    expect((await ask('apiKey=nobody')).status).toBe(404);
    for (let i = 0; i < 700; i += 1) await ask();
    expect(embedded.rateLimits.addresses()).toEqual([]);
  });
});
