import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import type { BotEvent } from '../../../../src/execution/events.ts';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import { OrderGateway } from '../../../../src/execution/orders/order-gateway.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { approved } from '../../../support/approved.ts';
import { newOrder } from '../../../support/builders.ts';
import { NO_JOURNAL } from '../../../support/journals.ts';

describe('an order that the exchange’s adapter would not send', () => {
  it('is dropped with its reason, and is no refusal', async () => {
    const clock = new VirtualClock(0);
    const store = new OrderStore();
    const events: BotEvent[] = [];
    const records: JournalRecord[] = [];
    const unsent = () => Promise.reject(new ExchangeError('rejected', 'not-applied', 'another grid', { unsent: 'grid_changed' }));
    const gateway = new OrderGateway({
      exchange: { place: unsent, amend: unsent, cancel: unsent, entries: () => ['http'] },
      store,
      journal: { ...NO_JOURNAL, append: (...added) => void records.push(...added) },
      limiter: { acquire: () => Promise.resolve(true) } as never,
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
    gateway.execute({ cancels: [], amends: [], places: [approved(newOrder())] });
    await clock.run(gateway.drained());
    expect(store.get('mm-t-1')?.state).toEqual({ tag: 'neverAccepted' });
    expect(events.map(({ type }) => type)).toEqual(['orderSent', 'requestDropped']);
    expect(events.at(-1)).toMatchObject({ kind: 'place', reason: 'grid_changed' });
    expect(records).toMatchObject([{ type: 'placeIntent', order: { grid: { tick: '0.1', lot: '0.001' } } }, { outcome: 'dropped' }]);
  });
});
