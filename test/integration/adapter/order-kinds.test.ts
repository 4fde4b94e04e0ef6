import { describe, expect, test } from 'vitest';
import { lots, ticks } from '../../../src/model/units.ts';
import type { PlaceRequest } from '../../../src/simulator/venue/requests.ts';
import { approved } from '../../support/builders/approved.ts';
import { connected, withExchange } from './setting.ts';

const BASE = { symbol: 'BTCUSDT', side: 'buy', timeInForce: 'GTC', reduceOnly: false } as const;

describe('orders that we did not place', () => {
  test('are told apart by kind: plain, conditional, stops of a position; a cancel of all spares stops unless told', async () => {
    await withExchange('in process', async (setting) => {
      await connected(setting);
      const { embedded, exchange, touch, until, of } = setting;
      const price = ticks(touch().bid.price - 3000);
      const place = (orderLinkId: string, more: Partial<PlaceRequest>) =>
        embedded.venue.place(0, { ...BASE, type: 'limit', price, quantity: lots(10), orderLinkId, ...more });
      place('plain', {});
      place('conditional', { trigger: { price: ticks(touch().ask.price + 5000), direction: 'rise', by: 'last' } });
      place('market', {
        type: 'market',
        price: undefined,
        timeInForce: 'IOC',
        takeProfit: { price: ticks(touch().ask.price + 9000), by: 'last' },
      });
      const kinds = async () =>
        Object.fromEntries(
          (await exchange.openOrders()).value.map(({ clientOrderId, kind, status }) => [clientOrderId, `${kind} ${status}`]),
        );
      expect(await kinds()).toEqual({ plain: 'plain open', conditional: 'conditional open', '': 'tpsl open' });
      await until('reports of all three kinds', () => new Set(of('order').map(({ report }) => report.kind)).size === 3);
      const scope = { category: 'linear', symbol: 'BTCUSDT' } as const;
      await exchange.cancelPort.cancelBulk(scope, false);
      expect((await exchange.cancelPort.resting(scope)).value.map(({ kind }) => kind).toSorted()).toEqual(['conditional', 'tpsl']);
      await exchange.cancelPort.cancelBulk(scope, true);
      expect(await kinds()).toEqual({});
    });
  });
});

describe('a prepared account', () => {
  test('has prices outside the limits refused instead of moved', async () => {
    await withExchange('in process', async (setting) => {
      await connected(setting);
      const { exchange, embedded, order, touch } = setting;
      const far = (): ReturnType<typeof order> =>
        order({ price: ticks(Math.round(touch().ask.price * 1.2)), side: 'buy', postOnly: false });
      await exchange.place(approved(far()));
      expect(embedded.venue.closedOrders(0)[0]?.price).toBeLessThan(touch().ask.price * 1.02);
      await exchange.prepareAccount();
      await exchange.prepareAccount();
      await expect(exchange.place(approved(far()))).rejects.toMatchObject({ outcome: 'not-applied', retCode: 110003 });
    });
  });
});
