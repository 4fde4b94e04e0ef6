import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import type { Ack, OrderRef } from '../../../../src/exchange/exchange.ts';
import type { BotEvent } from '../../../../src/execution/events.ts';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import { OrderGateway, type GatewayParts } from '../../../../src/execution/orders/order-gateway.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import type { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import type { Order } from '../../../../src/model/order.ts';
import { orderLanesOpen, tradingLimiter } from '../../../../src/wiring/limiters.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { approved } from '../../../support/builders/approved.ts';
import { newOrder } from '../../../support/builders/builders.ts';
import { NO_JOURNAL } from '../../../../src/store/no-journal.ts';

interface Doors {
  readonly clock: VirtualClock;
  readonly store: OrderStore;
  readonly exchange: Omit<GatewayParts['exchange'], 'together' | 'entries'> & Partial<GatewayParts['exchange']>;
  readonly events?: BotEvent[];
  readonly records?: JournalRecord[];
  readonly limiter?: RateLimiter;
}

function gatewayOf({ clock, store, exchange, events = [], records = [], limiter = orderLanesOpen(clock, 10) }: Doors): OrderGateway {
  return new OrderGateway({
    exchange: { together: (send) => send(), entries: () => ['http'], ...exchange },
    store,
    journal: { ...NO_JOURNAL, append: (...added) => void records.push(...added) },
    limiter,
    breakers: { forChange: () => 'http', forCancel: () => 'http' },
    clock,
    record: (event) => void events.push(event),
    queueDeadlineMs: 1000,
    askAbout: () => undefined,
    confirmWithinMs: 1000,
    onFault: (error) => {
      throw error;
    },
  });
}

describe('an order that the exchange’s adapter would not send', () => {
  it('is dropped with its reason, and is no refusal', async () => {
    const clock = new VirtualClock(0);
    const store = new OrderStore();
    const events: BotEvent[] = [];
    const records: JournalRecord[] = [];
    const unsent = () => Promise.reject(new ExchangeError('rejected', 'not-applied', 'another grid', { unsent: 'grid_changed' }));
    const gateway = gatewayOf({ clock, store, events, records, exchange: { place: unsent, amend: unsent, cancel: unsent } });
    gateway.execute({ cancels: [], amends: [], places: [approved(newOrder())] });
    await clock.run(gateway.drained());
    expect(store.get('mm-t-1')?.state).toEqual({ tag: 'neverAccepted' });
    expect(events.map(({ type }) => type)).toEqual(['orderSent', 'requestDropped']);
    expect(events.at(-1)).toMatchObject({ kind: 'place', reason: 'grid_changed' });
    expect(records).toMatchObject([{ type: 'placeIntent', order: { grid: { tick: '0.1', lot: '0.001' } } }, { outcome: 'dropped' }]);
  });
});

describe('a cancel', () => {
  const scene = (): { readonly sent: string[]; readonly gateway: OrderGateway; readonly orders: readonly Order[] } => {
    const clock = new VirtualClock(0);
    const store = new OrderStore();
    const sent: string[] = [];
    const place = () => Promise.reject(new Error('not expected'));
    const cancel = ({ clientOrderId }: OrderRef): Promise<Ack> => {
      sent.push(clientOrderId);
      return new Promise(() => undefined);
    };
    const limiter = tradingLimiter(clock, 2);
    const together = (send: () => void): void => {
      send();
      sent.push('on the wire');
    };
    const gateway = gatewayOf({ clock, store, limiter, exchange: { place, amend: place, cancel, together } });
    const ids = ['mm-t-1', 'mm-t-2', 'mm-t-3'];
    for (const clientOrderId of ids) store.intend(approved(newOrder({ clientOrderId })), 0);
    return { sent, gateway, orders: store.live() };
  };

  it('is sent when `cancel` returns, if its lane has room: what the caller does next does not delay it', () => {
    const { sent, gateway, orders } = scene();
    for (const order of orders.slice(0, 2)) gateway.cancel(order);
    expect(sent).toEqual(['mm-t-1', 'on the wire', 'mm-t-2', 'on the wire']);
  });

  it('of a plan or of a freeze leaves together with the others', () => {
    const [first, second] = [scene(), scene()];
    first.gateway.execute({ cancels: first.orders.slice(0, 2), amends: [], places: [] });
    second.gateway.cancel(...second.orders.slice(0, 2));
    for (const { sent } of [first, second]) expect(sent).toEqual(['mm-t-1', 'mm-t-2', 'on the wire']);
  });

  it('waits for its lane when that is full', async () => {
    const { sent, gateway, orders } = scene();
    gateway.cancel(...orders);
    await Promise.resolve();
    expect(sent).toEqual(['mm-t-1', 'mm-t-2', 'on the wire']);
  });
});
