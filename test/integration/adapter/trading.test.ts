import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { atoms, lots, ticks } from '../../../src/model/units.ts';
import { sleep } from '../../../src/util/clock.ts';
import { approved } from '../../support/builders/approved.ts';
import { connected, withExchange, type WireName } from './setting.ts';

const WIRES: readonly WireName[] = ['in process', 'sockets'];

describe.each(WIRES)('the adapter on the %s wire', (wire) => {
  it('reads instruments, fee rates and the time', () =>
    withExchange(wire, async ({ exchange, clock }) => {
      const [btc, eth] = await exchange.instruments(['BTCUSDT', 'ETHUSDT']);
      expect(btc).toMatchObject({ symbol: 'BTCUSDT', baseCoin: 'BTC', settleCoin: 'USDT', status: 'trading', minQuantity: 1 });
      expect(btc?.tick.decimals).toBe(2);
      expect(eth?.symbol).toBe('ETHUSDT');
      expect((await exchange.feeRates('BTCUSDT')).maker).toBeGreaterThan(0);
      expect(Math.abs((await exchange.serverTime()) - clock.now())).toBeLessThan(1000);
      await expect(exchange.instruments(['NOPEUSDT'])).rejects.toMatchObject({ kind: 'rejected', outcome: 'not-applied' });
    }));

  it('brings up every stream, and books that are not crossed', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { of, until } = setting;
      expect(
        of('stream')
          .map(({ stream, state }) => `${stream} ${state}`)
          .sort(),
      ).toEqual(['private up', 'public up', 'trade up']);
      await until('books', () => of('book').length > 40);
      await until('a ticker', () => of('ticker').some(({ ticker }) => ticker.markPrice !== undefined));
      await until('trades', () => of('trades').length > 0);
      expect(of('bookLost')).toEqual([]);
      expect(setting.touch().bid.price).toBeLessThan(setting.touch().ask.price);
    }));

  it('places, amends and cancels an order, and receives an event for each', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { exchange, of, until, order } = setting;
      const placed = order();
      const { symbol, clientOrderId, price } = placed;
      const ack = await exchange.place(approved(placed));
      expect(ack.clientOrderId).toBe(clientOrderId);
      const reports = () => of('order').flatMap(({ report }) => (report.clientOrderId === clientOrderId ? [report] : []));
      const open = await until('the order', () => reports().find(({ status }) => status === 'open'));
      expect(open).toMatchObject({ ...placed, exchangeOrderId: ack.exchangeOrderId, filled: 0, kind: 'plain' });

      const moved = ticks(price - 10);
      await exchange.amend(approved({ symbol, clientOrderId, price: moved, quantity: lots(20) }));
      await until('the amend', () => reports().find((report) => report.price === moved && report.quantity === 20));
      const listed = await exchange.openOrders({ symbol });
      expect(listed.value).toMatchObject([{ clientOrderId, price: moved, quantity: 20, postOnly: true }]);

      await exchange.cancel({ symbol, clientOrderId, exchangeOrderId: ack.exchangeOrderId });
      const closed = await until('the cancel', () => reports().find(({ status }) => status === 'canceled'));
      expect(closed.reason).toBe('CancelByUser');
      expect((await exchange.openOrders()).value).toEqual([]);
      const found = await exchange.findOrder({ symbol, clientOrderId });
      expect(found.value).toMatchObject({ status: 'canceled', clientOrderId });
      expect(found.at).toBeGreaterThanOrEqual(closed.updatedAt);
      await expect(exchange.cancel({ symbol, clientOrderId })).rejects.toMatchObject({ kind: 'gone', outcome: 'not-applied' });
      expect((await exchange.findOrder({ symbol, clientOrderId: 'mm-never' })).value).toBeUndefined();
    }));

  it('receives the rejection of a post-only order that would have taken liquidity', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { exchange, of, until, order, touch } = setting;
      const crossing = order({ price: ticks(touch().ask.price + 50) });
      await exchange.place(approved(crossing));
      const report = await until('the cancel', () => of('order').find((event) => event.report.status === 'canceled')?.report);
      expect(report).toMatchObject({ clientOrderId: crossing.clientOrderId, reason: 'EC_PostOnlyWillTakeLiquidity', filled: 0 });
    }));

  it('reports the fills, the position and the wallet of an order that crosses', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { exchange, of, until, order, touch } = setting;
      const since = await exchange.serverTime();
      const taking = order({ price: ticks(touch().ask.price + 50), quantity: lots(30), postOnly: false });
      await exchange.place(approved(taking));
      const filled = (): number => of('fill').reduce((sum, { fill }) => sum + fill.quantity, 0);
      await until('the fills', () => filled() === 30);
      await until('the order', () => of('order').some(({ report }) => report.status === 'filled'));
      await until('the position', () => of('position').some(({ report }) => report.quantity === 30));
      await until('the wallet', () => of('wallet').length > 0);

      const fills = await exchange.fills({ symbol: 'BTCUSDT', since });
      expect(fills.value.map(({ fillId }) => fillId).sort()).toEqual(
        of('fill')
          .map(({ fill }) => fill.fillId)
          .sort(),
      );
      expect(fills.value.every(({ maker, side, fee }) => !maker && side === 'buy' && fee > 0)).toBe(true);
      expect((await exchange.positions()).value).toMatchObject([{ symbol: 'BTCUSDT', quantity: 30 }]);
      const wallet = await exchange.wallet();
      const paid = fills.value.reduce((sum, { fee }) => sum + fee, 0);
      const { deposit } = setting.embedded.venue.ledger(0).wallet();
      expect(wallet.balance).toBe(atoms(Math.round(Number(deposit) * 1e8) - paid));
      expect(wallet.available).toBeLessThan(wallet.equity);
    }));

  it('cancels everything with one call, and reads every page of what is open', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { exchange, until, order, touch, clock } = setting;
      const { price } = touch().bid;
      for (let i = 0; i < 21; i += 1) {
        if (i % 10 === 0 && i > 0) await sleep(clock, 1200);
        await exchange.place(approved(order({ price: ticks(price - 300 - i) })));
      }
      const open = await exchange.openOrders({ settleCoin: 'USDT' });
      expect(new Set(open.value.map(({ clientOrderId }) => clientOrderId)).size).toBe(21);
      const scope = { category: 'linear', symbol: 'BTCUSDT' } as const;
      const resting = await exchange.cancelPort.resting(scope);
      expect(resting.value.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(
        open.value.map(({ clientOrderId }) => clientOrderId).sort(),
      );
      await exchange.cancelPort.cancelBulk(scope, false);
      await until('the cancels', () => setting.embedded.venue.ledger(0).openOrders().length === 0);
      expect((await exchange.openOrders()).value).toEqual([]);
      expect((await exchange.cancelPort.resting({ category: 'linear', settleCoin: 'USDT' })).value).toEqual([]);
    }));

  it('says when it asked too much, on both ways', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { exchange, of, order } = setting;
      const requests = await Promise.allSettled(Array.from({ length: 14 }, () => exchange.place(approved(order()))));
      const refused = requests.flatMap((request) => (request.status === 'rejected' ? [request.reason as unknown] : []));
      expect(refused).toHaveLength(4);
      for (const error of refused) {
        expect(error).toBeInstanceOf(ExchangeError);
        expect(error).toMatchObject({ kind: 'throttled', outcome: 'not-applied', retCode: 10006 });
        expect(error).toHaveProperty('resetAt', expect.any(Number));
      }
      const observations = of('limit').map(({ observation }) => observation);
      expect(observations.filter(({ exceeded }) => exceeded)).toHaveLength(4);
      expect(observations[0]).toMatchObject({ class: 'create', limit: 10, exceeded: false });
      const bulk = await Promise.allSettled(
        Array.from({ length: 12 }, () => exchange.cancelPort.cancelBulk({ category: 'linear', symbol: 'BTCUSDT' }, false)),
      );
      expect(bulk.filter(({ status }) => status === 'rejected')).toHaveLength(2);
      expect(of('limit').some(({ observation }) => observation.class === 'cancelAll' && observation.exceeded)).toBe(true);
    }));

  it('takes a repeated id for an order that may be live', () =>
    withExchange(wire, async (setting) => {
      await connected(setting);
      const { exchange, order } = setting;
      const once = order();
      await exchange.place(approved(once));
      await expect(exchange.place(approved(once))).rejects.toMatchObject({ kind: 'duplicate', outcome: 'unknown' });
    }));

  it('refuses wrong keys as keys, on every way', () =>
    withExchange(
      wire,
      async ({ exchange, connect }) => {
        await expect(exchange.openOrders()).rejects.toMatchObject({ kind: 'auth', outcome: 'not-applied' });
        await expect(connect()).rejects.toMatchObject({ kind: 'auth' });
      },
      { adapter: () => ({ credentials: { apiKey: 'nobodys-key', secret: 'nobodys-secret' } }) },
    ));
});
