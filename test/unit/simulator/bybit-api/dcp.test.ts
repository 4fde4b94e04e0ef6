import { describe, expect, test } from 'vitest';
import { testExchange } from '../../../support/exchange/exchange-client.ts';

const ORDER = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '64000' };
const SET = '/v5/order/disconnected-cancel-all';

/** An order rests, a stop waits, and the account has asked for `windowS` unless it is undefined. */
async function protectedAccount(windowS: number | undefined, dcp = true) {
  const exchange = testExchange({ dcp });
  const { post, pass, embedded, authenticated } = exchange;
  embedded.start();
  await pass(1000);
  embedded.venue.stop();
  await post('/v5/order/create', ORDER);
  await post('/v5/order/create', { ...ORDER, triggerPrice: '70000', triggerDirection: 1 });
  if (windowS !== undefined) await post(SET, { product: 'DERIVATIVES', timeWindow: windowS });
  await pass(10_500);
  const watch = async (topic = 'dcp.future') => {
    const socket = await authenticated('/v5/private');
    socket.send({ op: 'subscribe', args: [topic, 'order'] });
    await pass(50);
    return socket;
  };
  const resting = (): number => embedded.venue.openOrders(0).filter(({ status }) => status === 'New').length;
  return { ...exchange, watch, resting };
}

describe('cancel on disconnect', () => {
  test('cancels what is active when the last subscribed connection has been dead for the window', async () => {
    const { watch, resting, pass, embedded } = await protectedAccount(5);
    const first = await watch();
    const second = await watch();
    first.close();
    await pass(20_000);
    expect(resting()).toBe(1);
    second.close();
    await pass(4900);
    expect(resting()).toBe(1);
    await pass(200);
    expect(resting()).toBe(0);
    expect(embedded.venue.closedOrders(0)[0]).toMatchObject({ status: 'Cancelled', cancelType: 'CancelByDCP' });
    expect(embedded.venue.openOrders(0).map(({ status }) => status)).toEqual(['Untriggered']);
  });

  test('starts again when a connection comes back in time', async () => {
    const { watch, resting, pass } = await protectedAccount(5);
    (await watch()).close();
    await pass(3000);
    const back = await watch();
    await pass(10_000);
    expect(resting()).toBe(1);
    back.send({ op: 'unsubscribe', args: ['dcp.future'] });
    await pass(6000);
    expect(resting()).toBe(0);
  });

  test('takes no notice of other connections, other topics, or accounts that have not asked', async () => {
    const { watch, resting, pass } = await protectedAccount(3);
    for (const topic of ['execution', 'dcp.spot']) (await watch(topic)).close();
    await pass(10_000);
    expect(resting()).toBe(1);
    const unasked = await protectedAccount(undefined);
    (await unasked.watch()).close();
    await unasked.pass(30_000);
    expect(unasked.resting()).toBe(1);
  });

  test('takes effect ten seconds after it was asked for', async () => {
    const { watch, resting, pass, post, get } = await protectedAccount(undefined);
    expect((await get('/v5/account/query-dcp-info')).result).toEqual({ dcpInfos: [] });
    const reply = await post(SET, { product: 'DERIVATIVES', timeWindow: 3 });
    expect(reply.json).toMatchObject({ retCode: 0, retMsg: 'success' });
    (await watch()).close();
    await pass(30_000);
    expect(resting()).toBe(1);
    expect((await get('/v5/account/query-dcp-info')).result).toEqual({
      dcpInfos: [{ product: 'DERIVATIVES', dcpStatus: 'ON', timeWindow: '3' }],
    });
    (await watch()).close();
    await pass(3100);
    expect(resting()).toBe(0);
  });

  test('is for options unless a product is named, and refuses other windows', async () => {
    const { post, get, pass } = await protectedAccount(undefined);
    for (const timeWindow of [2, 301, 3.5, 'x']) expect((await post(SET, { timeWindow })).retCode).toBe(10001);
    expect((await post(SET, { timeWindow: 10, product: 'MOON' })).retCode).toBe(10001);
    await pass(1000);
    expect((await post(SET, { timeWindow: '10' })).retCode).toBe(0);
    expect((await get('/v5/account/query-dcp-info')).result).toMatchObject({ dcpInfos: [{ product: 'OPTIONS' }] });
  });

  test('is refused to accounts that are no institutions', async () => {
    const { post, watch, pass, resting } = await protectedAccount(undefined, false);
    expect((await post(SET, { product: 'DERIVATIVES', timeWindow: 3 })).retCode).toBe(10005);
    (await watch()).close();
    await pass(30_000);
    expect(resting()).toBe(1);
  });
});
