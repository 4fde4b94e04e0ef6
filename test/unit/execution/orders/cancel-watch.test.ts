import { describe, expect, it } from 'vitest';
import type { CancelPort, OrderNews, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { CancelWatch } from '../../../../src/execution/orders/cancel-watch.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { fillOf, newOrder, reportOf } from '../../../support/builders/builders.ts';

const STRAY = newOrder({ clientOrderId: 'mm-oldrun-1' });

const other = (order: RestingOrder, isOpen: boolean) => ({ type: 'otherOrder', news: { order, isOpen } }) as const;
const row = (terms: Parameters<typeof reportOf>[1] = {}) => ({ type: 'order', report: reportOf(STRAY, terms), at: 0 }) as const;
const execution = { type: 'fill', fill: fillOf(STRAY, 'f1', 1), at: 0 } as const;

const HEARD: RestingOrder = {
  category: 'linear',
  symbol: 'BTCUSDT',
  exchangeOrderId: 'x-mm-oldrun-1',
  clientOrderId: 'mm-oldrun-1',
  kind: 'plain',
  side: 'buy',
  price: '',
  quantity: undefined,
  filled: undefined,
};

function watching() {
  const store = new OrderStore();
  const watch = new CancelWatch({ clock: new VirtualClock(0), store });
  /** The news that a cancel-all starting now receives. */
  const told = (): OrderNews[] => {
    const news: OrderNews[] = [];
    watch.port({} as CancelPort).listen?.({ onNews: (one) => news.push(one), onState: () => undefined });
    return news;
  };
  return { store, watch, told };
}

describe('a cancel-all that begins later', () => {
  it.each([
    ['a row of its symbol', row()],
    ['a row without its symbol’s grid', other(HEARD, true)],
    ['an execution', execution],
  ])('is told of an order of an earlier run that %s has shown', (_, event) => {
    const { watch, told } = watching();
    watch.observe(event);
    expect(told()).toMatchObject([{ order: { clientOrderId: 'mm-oldrun-1' }, isOpen: true }]);
  });

  it('receives orders whose owner cannot be read, but not those of others or of the store', () => {
    const { watch, told, store } = watching();
    store.intend(newOrder(), 0);
    watch.observe({ type: 'order', report: reportOf(newOrder()), at: 0 });
    watch.observe(other({ ...HEARD, exchangeOrderId: 'theirs', clientOrderId: 'theirs' }, true));
    watch.observe(other({ ...HEARD, exchangeOrderId: 'nobody', clientOrderId: '', hidesOwner: true }, true));
    expect(told()).toMatchObject([{ order: { exchangeOrderId: 'nobody' } }]);
  });

  it.each([
    ['a row of its symbol', row({ status: 'canceled' })],
    ['a row without its symbol’s grid', other(HEARD, false)],
  ])('is not told of one that %s has ended, and no late execution revives it', (_, end) => {
    for (const start of [row(), other(HEARD, true)]) {
      const { watch, told } = watching();
      watch.observe(start);
      watch.observe(end);
      expect(told()).toEqual([]);
      watch.observe(other(HEARD, true));
      watch.observe(execution);
      expect(told()).toEqual([]);
    }
  });

  it('receives the newest if there are more than can be kept, and the stream counts as interrupted', () => {
    const { watch, told } = watching();
    watch.state('up');
    watch.cleared();
    for (let i = 0; i < 10_000; i += 1) watch.observe(other({ ...HEARD, exchangeOrderId: `x-${i}` }, true));
    expect([told().length, watch.isUnbroken]).toEqual([10_000, true]);
    watch.observe(other({ ...HEARD, exchangeOrderId: 'one more' }, true));
    expect([told().length, watch.isUnbroken]).toEqual([10_000, false]);
    expect(told().at(-1)?.order.exchangeOrderId).toBe('one more');
  });
});
