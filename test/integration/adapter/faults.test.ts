import { describe, expect, it } from 'vitest';
import { lots } from '../../../src/model/units.ts';
import { startServer } from '../../../src/simulator/server.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, type Clock } from '../../../src/util/clock.ts';
import { approved } from '../../support/builders/approved.ts';
import { faultyWire, noFaults, type Faults } from './faulty-wire.ts';
import { connected, withExchange, type Setting, type WireName } from './setting.ts';

const WIRES: readonly WireName[] = ['in process', 'sockets'];

function withFaults(wireName: WireName, scenario: (setting: Setting, faults: Faults) => Promise<void>): Promise<void> {
  const faults = noFaults();
  return withExchange(wireName, (setting) => scenario(setting, faults), {
    decorate: (wire, clock) => faultyWire(wire, clock, faults),
    // Short, because lost answers are waited for; on real sockets long enough for a busy machine.
    adapter: () => ({ requestTimeoutMs: wireName === 'sockets' ? 1000 : 300 }),
  });
}

/** Every stream is up and the book is back. */
async function recovered({ until, events }: Setting, from: number): Promise<void> {
  const since = () => events.slice(from);
  for (const stream of ['public', 'private', 'trade']) {
    await until(`${stream} up`, () => since().some((event) => event.type === 'stream' && event.stream === stream && event.state === 'up'));
  }
  await until('the book', () => since().some((event) => event.type === 'book' && event.symbol === 'BTCUSDT'));
}

describe.each(WIRES)('the adapter on the %s wire', (wire) => {
  it('says that it is cut off, and comes back by itself', () =>
    withFaults(wire, async (setting, faults) => {
      await connected(setting);
      const { exchange, order, of, until, clock, events } = setting;
      faults.isDown = true;
      await until('every stream down', () => of('stream').filter(({ state }) => state === 'down').length >= 3);
      await until('every book lost', () => of('bookLost').length === 2);
      await expect(exchange.place(approved(order()))).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
      await expect(exchange.openOrders()).rejects.toMatchObject({ kind: 'unavailable' });
      await sleep(clock, 500);
      const from = events.length;
      faults.isDown = false;
      await recovered(setting, from);
      const placed = order();
      await exchange.place(approved(placed));
      await until('the order', () => of('order').some(({ report }) => report.clientOrderId === placed.clientOrderId));
    }));

  it('does not know what became of an order whose reply is lost, and finds it', () =>
    withFaults(wire, async (setting, faults) => {
      await connected(setting);
      const { exchange, order } = setting;
      faults.hears = (url) => !url.endsWith('/v5/trade');
      const placed = order();
      await expect(exchange.place(approved(placed))).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
      expect((await exchange.findOrder(placed)).value).toMatchObject({ status: 'open', clientOrderId: placed.clientOrderId });
      expect(setting.embedded.venue.ledger(0).counts().created).toBe(1);
    }));

  it.each([
    ['a page of HTML', (body: string) => `<html>${body}</html>`],
    ['nothing', () => ''],
    ['a cut-off body', (body: string) => body.slice(0, -10)],
    ['a body without an id', () => '{"retCode":0,"result":{}}'],
  ])('does not take %s for an accepted order', (_, spoil) =>
    withFaults(wire, async ({ exchange, order, embedded }, faults) => {
      await exchange.instruments(['BTCUSDT']);
      faults.answer = ({ url }, response) => (url.includes('/v5/order/') ? { ...response, body: spoil(response.body) } : response);
      const placed = order();
      const { symbol, clientOrderId, price } = placed;
      await expect(exchange.place(approved(placed))).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
      const change = approved({ symbol, clientOrderId, price, quantity: lots(20) });
      await expect(exchange.amend(change)).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
      await expect(exchange.openOrders()).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
      await expect(exchange.findOrder(placed)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(embedded.venue.ledger(0).openOrders()).toMatchObject([{ orderLinkId: clientOrderId, quantity: '0.020' }]);
      await expect(exchange.cancelPort.cancelBulk({ category: 'linear', symbol }, false)).rejects.toMatchObject({
        kind: 'unavailable',
        outcome: 'unknown',
      });
      faults.answer = undefined;
      expect((await exchange.openOrders()).value).toEqual([]);
    }),
  );

  it('signs by the exchange’s clock when its own is wrong', () =>
    withExchange(
      wire,
      async (setting) => {
        await connected(setting);
        const { exchange, order } = setting;
        await exchange.place(approved(order()));
        expect((await exchange.openOrders()).value).toHaveLength(1);
        await exchange.cancelPort.cancelBulk({ category: 'linear', settleCoin: 'USDT' }, false);
      },
      { adapter: (clock) => ({ clock: skewed(clock, 5000) }) },
    ));
});

function skewed(clock: Clock, byMs: number): Clock {
  return {
    now: () => clock.now() + byMs,
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, task) => clock.schedule(delayMs, task),
  };
}

describe('the adapter on real sockets', () => {
  it('comes back after the server was away', () =>
    withExchange('sockets', async (setting) => {
      await connected(setting);
      const { until, of, events, exchange, order, embedded } = setting;
      const server = defined(setting.server, 'server');
      await server.close();
      await until('every stream down', () => of('stream').filter(({ state }) => state === 'down').length >= 3);
      await expect(exchange.openOrders()).rejects.toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
      const from = events.length;
      const again = await startServer(embedded.surface, { host: '127.0.0.1', port: Number(new URL(server.restUrl).port) });
      try {
        await recovered(setting, from);
        const placed = order();
        await exchange.place(approved(placed));
        await until('the order', () => of('order').some(({ report }) => report.clientOrderId === placed.clientOrderId));
      } finally {
        await exchange.close();
        await again.close();
      }
    }));
});
