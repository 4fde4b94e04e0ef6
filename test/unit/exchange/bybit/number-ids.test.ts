import { describe, expect, test } from 'vitest';
import { cancelCalls } from '../../../../src/exchange/bybit/cancel/cancel-calls.ts';
import { newsIn } from '../../../../src/exchange/bybit/codec/resting-rows.ts';
import { decimal } from '../../../../src/util/decimal.ts';
import { objectIn, parseJson, type JsonObject } from '../../../../src/util/json.ts';
import type { OrderName } from '../../../../src/exchange/cancel-port.ts';
import { execution, order, queries, START } from '../../../support/bybit/scripted-queries.ts';
import { answer } from '../../../support/bybit/scripted-wire.ts';

const NAME: OrderName = { category: 'linear', symbol: 'BTCUSDT', exchangeOrderId: '1234567', clientOrderId: '', kind: 'plain' };
const TOO_LONG = '1234567890123456789';

/** A client of an exchange whose list has this row, with these numbers in it. */
function calls(row: object, numbers: Readonly<Record<string, string>>) {
  const { body = '' } = answer({ list: [row], nextPageCursor: '' });
  const written = Object.entries(numbers).reduce((text, [name, digits]) => text.replace(`"${name}":"?"`, `"${name}":${digits}`), body);
  const scripted = () => ({ body: written });
  const made = queries({ 'order/realtime': scripted, 'order/history': scripted, 'execution/list': scripted });
  const port = cancelCalls(made.rest, () => Promise.reject(new Error('none')));
  return { ...made, port };
}

describe('an id that is written as a number', () => {
  test('names the order as long as it is exact', async () => {
    const { port, sut } = calls(order('?'), { orderId: '1234567' });
    expect((await port.resting({ category: 'linear' })).value).toMatchObject([{ exchangeOrderId: '1234567' }]);
    expect(await port.recordOf(NAME)).toBe('open');
    const found = await sut.findOrder({ symbol: 'BTCUSDT', clientOrderId: '', exchangeOrderId: '1234567' });
    expect(found.value).toMatchObject({ exchangeOrderId: '1234567' });
    const ours = calls(order('a', { orderLinkId: '?' }), { orderLinkId: '77' });
    expect(await ours.port.recordOf({ ...NAME, exchangeOrderId: '', clientOrderId: '77' })).toBe('open');
  });

  test('is exact in a list, however long it is', async () => {
    const { port } = calls(order('?'), { orderId: TOO_LONG });
    expect((await port.resting({ category: 'linear' })).value).toMatchObject([{ exchangeOrderId: TOO_LONG }]);
    expect(await port.recordOf({ ...NAME, exchangeOrderId: TOO_LONG })).toBe('open');
  });

  test('is none on the stream, where a number cannot hold it: the order stays, under no other one’s id', () => {
    const heard = (row: JsonObject) => newsIn('order', objectIn(parseJson(JSON.stringify(row).replace('"?"', TOO_LONG))));
    const row = { ...order('a'), category: 'linear' };
    expect(heard({ ...row, orderId: '?' })?.order).toMatchObject({ exchangeOrderId: '', clientOrderId: 'link-a' });
    expect(heard({ ...row, orderLinkId: '?' })?.order).toMatchObject({ exchangeOrderId: 'a', clientOrderId: '', hidesOwner: true });
  });
});

test('an execution on the stream tells how much of its order is left, which was in the book', () => {
  const row = { category: 'linear', symbol: 'BTCUSDT', orderId: 'a', orderLinkId: 'mm-a', side: 'Buy', execType: 'Trade' };
  const heard = (more: JsonObject) => newsIn('execution', { ...row, ...more });
  expect(heard({ orderQty: '10', leavesQty: '7', orderPrice: '5', execQty: '1' })).toMatchObject({
    isOpen: true,
    order: { kind: 'plain', quantity: decimal('10'), filled: decimal('3'), price: '5' },
  });
  expect(heard({ orderQty: '10', leavesQty: '0' })?.isOpen).toBe(false);
});

test('executions that cannot be distinguished are not counted as one', async () => {
  for (const name of ['execId', 'orderId']) {
    const { port } = calls(execution('e', START, { [name]: '' }), {});
    await expect(port.executed('linear', START)).rejects.toMatchObject({ kind: 'unavailable' });
  }
});
