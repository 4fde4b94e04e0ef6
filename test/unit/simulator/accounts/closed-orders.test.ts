import { describe, expect, it } from 'vitest';
import { lots } from '../../../../src/model/units.ts';
import { ClosedOrders } from '../../../../src/simulator/accounts/closed-orders.ts';
import type { VenueOrder } from '../../../../src/simulator/venue/orders.ts';
import { accepted, quietVenue, START } from '../venues.ts';

const DAY_MS = 86_400_000;
const resting = accepted(quietVenue().place(0, 'buy', START - 10, 5));

function ended(orderId: string, updatedAt: number, filled = 0): VenueOrder {
  return { ...resting, orderId, updatedAt, filled: lots(filled), status: filled > 0 ? 'Filled' : 'Cancelled' };
}

describe('orders that are over', () => {
  it('are found by id and listed newest first', () => {
    const closed = new ClosedOrders();
    const [first, second] = [ended('a', 1), ended('b', 2)];
    closed.add(first);
    closed.add(second);
    expect(closed.find('a')).toBe(first);
    expect(closed.find('c')).toBeUndefined();
    expect(closed.newestFirst()).toEqual([second, first]);
  });

  it('are kept for a day, and for ever where something was filled', () => {
    const closed = new ClosedOrders();
    const days = [0, 1, 2].map((day) => {
      for (let i = 0; i < 20_000; i += 1) closed.add(ended(`${day}-${i}`, day * DAY_MS + i, i % 1000 === 0 ? 5 : 0));
      return closed.newestFirst().length;
    });
    // Never all that there were, never more than twice what has to be kept.
    expect(Math.max(...days)).toBeLessThan(42_000);
    expect(closed.find('0-0')?.filled).toBe(5);
    expect(closed.find('0-1')).toBeUndefined();
    expect(closed.find('2-1')?.orderId).toBe('2-1');
    const ids = closed.newestFirst().map(({ orderId }) => orderId);
    expect(ids.slice(0, 2)).toEqual(['2-19999', '2-19998']);
    expect(ids.filter((id) => id.startsWith('0-'))).toEqual(Array.from({ length: 20 }, (_, i) => `0-${(19 - i) * 1000}`));
  });
});
