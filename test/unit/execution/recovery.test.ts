import { describe, expect, test } from 'vitest';
import { OrderStore } from '../../../src/execution/order-store.ts';
import { adoptPositions } from '../../../src/execution/recovery.ts';
import type { PositionReport } from '../../../src/exchange/exchange.ts';
import type { Fill } from '../../../src/model/order.ts';
import { lots } from '../../../src/model/units.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { BTC, fillOf, newOrder, positionOf } from '../../support/builders.ts';

const LEFT = newOrder({ clientOrderId: 'mm-earlier-1', side: 'sell' });

interface Account {
  /** The list, and the one row that the exchange has of a symbol when it is asked by name. */
  readonly listed?: readonly PositionReport[];
  readonly named?: readonly PositionReport[];
  readonly executions?: readonly Fill[];
  /** What the streams brought before the lists were read. */
  readonly fills?: readonly Fill[];
  readonly heard?: readonly PositionReport[];
  /** Of orders that were left open: recorded when these were settled. */
  readonly recovered?: readonly Fill[];
}

async function adopted({ listed = [], named = [], executions = [], fills = [], heard = [], recovered = [] }: Account): Promise<OrderStore> {
  const store = new OrderStore();
  for (const fill of fills) store.fill(fill, 0);
  for (const report of heard) store.hear(report);
  for (const { fillId } of recovered) store.knowFill(fillId);
  const exchange = {
    positions: (scope?: { readonly symbol: string }) => Promise.resolve({ value: scope === undefined ? listed : named, at: 1000 }),
    fills: () => Promise.resolve({ value: executions, at: 1000 }),
  };
  await adoptPositions({ exchange, store, clock: new VirtualClock(0) }, [BTC], 0);
  return store;
}

const SOLD = fillOf(LEFT, 'f1', 5, { sequence: 20 });

describe('the position that a run begins with', () => {
  test.each<[string, Account, number]>([
    ['the list names it', { listed: [positionOf(5, { sequence: 9 })] }, 5],
    ['the list does not name it', {}, 0],
    ['an order left behind filled while the streams were up, and the list does not name it', { fills: [SOLD], executions: [SOLD] }, 0],
    ['the same, and the list of executions lags', { fills: [SOLD] }, 0],
    ['and asked by name it is flat', { fills: [SOLD], named: [positionOf(0, { sequence: 20 })] }, 0],
    ['the list is from before that execution', { fills: [SOLD], listed: [positionOf(5, { sequence: 9 })] }, 0],
    ['it is, and the streams have missed it', { executions: [SOLD], listed: [positionOf(5, { sequence: 9 })] }, 0],
    ['it is, and it was recovered', { recovered: [SOLD], executions: [SOLD], listed: [positionOf(5, { sequence: 9 })] }, 0],
    ['it has what was recovered', { recovered: [SOLD], executions: [SOLD], listed: [positionOf(-2, { sequence: 20 })] }, -2],
    [
      'it is, and only the position stream has shown it',
      { listed: [positionOf(5, { sequence: 9 })], heard: [positionOf(0, { sequence: 20 })] },
      0,
    ],
    ['without any sequence the list has the last word', { fills: [SOLD], listed: [positionOf(-3)] }, -3],
  ])('%s', async (_, account, quantity) => {
    const store = await adopted(account);
    expect(store.position('BTCUSDT').quantity).toBe(quantity);
    expect(store.differs('BTCUSDT')).toBe(false);
    // Nothing from before excuses a difference from now on.
    expect(store.heldLately('BTCUSDT', lots(quantity - 5), 0)).toBe(false);
  });

  test('does not change when an execution that is in it arrives late', async () => {
    const store = await adopted({ listed: [positionOf(-2, { sequence: 20 })] });
    expect(store.fill(SOLD, 1).isNew).toBe(false);
    expect(store.position('BTCUSDT').quantity).toBe(-2);
    expect(store.fill(fillOf(LEFT, 'f2', 5, { sequence: 21 }), 1).isNew).toBe(true);
    expect(store.position('BTCUSDT').quantity).toBe(-7);
  });
});
