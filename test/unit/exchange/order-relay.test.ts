import { expect, it } from 'vitest';
import type { RestingOrder } from '../../../src/exchange/cancel-port.ts';
import { OrderRelay } from '../../../src/exchange/order-relay.ts';

const ORDER: RestingOrder = {
  category: 'inverse',
  symbol: 'BTCUSD',
  exchangeOrderId: 'x',
  clientOrderId: '',
  kind: 'plain',
  side: 'buy',
  price: '1',
  quantity: undefined,
  filled: undefined,
};

function heardBy(relay: OrderRelay) {
  const heard: string[] = [];
  const stop = relay.listen({
    onState: (state) => heard.push(state),
    onNews: ({ order, isOpen }) => heard.push(`${order.exchangeOrderId} ${isOpen ? 'open' : 'ended'}`),
  });
  return { heard, stop };
}

it('each listener hears what comes, and first what was before it began', () => {
  const relay = new OrderRelay();
  const first = heardBy(relay);
  relay.state('up');
  relay.heard({ order: ORDER, isOpen: true });
  const second = heardBy(relay);
  relay.heard({ order: ORDER, isOpen: false });
  first.stop();
  relay.state('down');
  expect(first.heard).toEqual(['up', 'x open', 'x ended']);
  expect(second.heard).toEqual(['up', 'x open', 'x ended', 'down']);
  expect(heardBy(relay).heard).toEqual([]);
});

it('an order without an id of the exchange’s may come again under its name', () => {
  const relay = new OrderRelay();
  const order = { ...ORDER, exchangeOrderId: '', clientOrderId: 'mm-1' };
  for (const isOpen of [true, false, true]) relay.heard({ order, isOpen });
  expect(heardBy(relay).heard).toEqual([' open']);
});
