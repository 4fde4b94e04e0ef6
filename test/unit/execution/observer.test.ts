import { describe, expect, it } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import { Observer } from '../../../src/execution/observer.ts';
import { OrderStore } from '../../../src/execution/order-store.ts';
import type { OrderReport } from '../../../src/model/order.ts';
import { ticks } from '../../../src/model/units.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { newOrder, reportOf } from '../../support/builders.ts';
import { NO_JOURNAL } from '../../support/journals.ts';

const ORDER = newOrder();

/** An order of ours, sent, and what is recorded when rows about it arrive. */
function watching() {
  const store = new OrderStore();
  const events: BotEvent[] = [];
  const observer = new Observer({
    exchange: { now: () => 0 },
    store,
    states: new Map(),
    journal: NO_JOURNAL,
    clock: new VirtualClock(0),
    record: (event) => events.push(event),
    onChanged: () => undefined,
  });
  store.intend(ORDER, 0);
  const row = (terms: Partial<OrderReport>): void => observer.applyReport(reportOf(ORDER, terms));
  const alarms = () => events.filter(({ type }) => type === 'priceDiverged');
  return { store, row, alarms };
}

describe('a row at another price than ours', () => {
  it('is believed, and raises an alarm once', () => {
    const { store, row, alarms } = watching();
    row({ price: ticks(599_000) });
    row({ price: ticks(599_000) });
    expect(store.get(ORDER.clientOrderId)?.price).toBe(599_000);
    expect(alarms()).toEqual([
      { type: 'priceDiverged', symbol: 'BTCUSDT', clientOrderId: ORDER.clientOrderId, asked: 600_000, found: 599_000 },
    ]);
  });

  it('is no alarm while an amend of ours is on its way', () => {
    const { store, row, alarms } = watching();
    row({});
    store.apply(ORDER.clientOrderId, { type: 'amendSent', terms: { price: ticks(600_001), quantity: ORDER.quantity } }, 0);
    row({ price: ticks(600_001) });
    row({ price: ticks(600_001) });
    expect(alarms()).toEqual([]);
  });

  it('is no alarm while a cancel overtakes that amend', () => {
    const { store, row, alarms } = watching();
    row({});
    store.apply(ORDER.clientOrderId, { type: 'amendSent', terms: { price: ticks(600_001), quantity: ORDER.quantity } }, 0);
    store.apply(ORDER.clientOrderId, { type: 'cancelSent' }, 0);
    row({ price: ticks(600_001) });
    expect(alarms()).toEqual([]);
    row({ price: ticks(600_002) });
    expect(alarms()).toHaveLength(1);
  });
});
