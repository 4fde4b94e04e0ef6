import { expect, test } from 'vitest';
import type { RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { OrderWitness } from '../../../../src/execution/cancel/order-witness.ts';
import { decimal } from '../../../../src/util/decimal.ts';

const PLAIN: RestingOrder = {
  category: 'linear',
  symbol: 'BTCUSDT',
  exchangeOrderId: 'x-1',
  clientOrderId: 'mm-1',
  side: 'buy',
  kind: 'plain',
  price: '100',
  quantity: decimal('2'),
  filled: decimal('0'),
  createdAt: 1,
};

test('a stop that has been triggered is an order in the book from then on, first heard of when it was placed', () => {
  const witness = new OrderWitness();
  witness.heard({ order: { ...PLAIN, kind: 'conditional' }, isOpen: true }, 10);
  expect(witness.alive()[0]?.kind).toBe('conditional');
  witness.heard({ order: PLAIN, isOpen: true }, 20);
  witness.heard({ order: { ...PLAIN, kind: 'conditional' }, isOpen: true }, 30);
  expect(witness.aliveBefore(15)).toEqual([PLAIN]);
});
