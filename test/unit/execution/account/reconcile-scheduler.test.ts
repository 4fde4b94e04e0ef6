import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../../src/execution/events.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import { ReconcileScheduler, UNRECONCILED } from '../../../../src/execution/account/reconcile-scheduler.ts';
import type { PositionReport } from '../../../../src/exchange/exchange.ts';
import type { OrderReport } from '../../../../src/model/order.ts';
import { lots } from '../../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { fillOf, newOrder, positionOf, reportOf } from '../../../support/builders/builders.ts';
import { completeOf } from '../../../support/builders/complete.ts';
import { observerOf } from '../../../support/builders/observers.ts';

const READ_MS = 100;

/** An exchange whose lists are slow and show `positions()` and `open()`; it refuses the cancels of `stuck`. */
function scene(positions: () => readonly PositionReport[] = () => [], open: () => readonly OrderReport[] = () => []) {
  const clock = new VirtualClock(1_800_000);
  const store = new OrderStore();
  const blocks = new Set<string>();
  const mismatchedSymbols = new Set<string>();
  const beganAt: number[] = [];
  const freezes: string[] = [];
  const events: BotEvent[] = [];
  const canceled: string[] = [];
  const stuck = new Set<string>();
  const read = async <T>(value: T): Promise<{ value: T; at: number }> => {
    await sleep(clock, READ_MS);
    return { value, at: clock.now() };
  };
  const exchange = {
    openOrders: async () => {
      beganAt.push(clock.monotonic());
      return completeOf<OrderReport>(open(), (await read(undefined)).at);
    },
    findOrder: () => read(undefined),
    fills: () => read([]),
    funding: () => read([]),
    positions: () => read(positions()),
    cancel: ({ clientOrderId }: { readonly clientOrderId: string }) => {
      canceled.push(clientOrderId);
      return stuck.has(clientOrderId)
        ? Promise.reject(new ExchangeError('rejected', 'not-applied', `${clientOrderId} is refused`))
        : Promise.resolve({ exchangeOrderId: `x-${clientOrderId}`, clientOrderId });
    },
  };
  const observer = observerOf({ exchange: clock, store, clock });
  const reconciling = new ReconcileScheduler({
    exchange,
    store,
    clock,
    limiter: { acquire: () => Promise.resolve(true) },
    symbols: ['BTCUSDT'],
    idPrefix: 'mm-t-',
    observer,
    unknown: { resolve: () => undefined },
    record: (event) => events.push(event),
    blocks,
    mismatchedSymbols,
    onPassed: () => undefined,
    freeze: (reason) => freezes.push(reason),
    onFault: (error) => {
      throw error;
    },
  });
  const run = (steps: () => Promise<void>): Promise<void> =>
    clock.run(
      (async () => {
        await reconciling.begin(clock.now());
        await steps();
      })(),
    );
  return { clock, store, blocks, mismatchedSymbols, beganAt, freezes, events, canceled, stuck, reconciling, run };
}

describe('reconciling', () => {
  test('a pass clears only what was in doubt before it began, and what came after it gets a pass of its own', async () => {
    const { clock, blocks, beganAt, reconciling, run } = scene();
    await run(async () => {
      reconciling.soon();
      await sleep(clock, READ_MS / 2);
      // The private stream was down for a moment.
      reconciling.doubt();
      reconciling.soon();
      reconciling.soon();
      await sleep(clock, 3 * READ_MS);
      expect([beganAt.length, [...blocks]]).toEqual([3, [UNRECONCILED]]);
      await sleep(clock, 3 * READ_MS);
      expect([beganAt.length, [...blocks]]).toEqual([3, []]);
    });
  });

  test('what came into doubt during the very first pass gets another one too', async () => {
    const { clock, blocks, beganAt, reconciling, run } = scene();
    clock.schedule(READ_MS / 2, () => {
      reconciling.doubt();
      reconciling.soon();
    });
    await run(async () => {
      expect([...blocks]).toEqual([UNRECONCILED]);
      await sleep(clock, 4 * READ_MS);
      expect([beganAt.length, [...blocks]]).toEqual([2, []]);
    });
  });

  test('passes that are slower than they are wanted end a doubt all the same', async () => {
    const { clock, blocks, reconciling, run } = scene();
    await run(async () => {
      reconciling.doubt();
      for (let i = 0; i < 20; i += 1) {
        reconciling.soon();
        await sleep(clock, READ_MS / 2);
      }
      expect([...blocks]).toEqual([]);
    });
  });

  test('a position that is not the exchange’s is in doubt at once, whatever was held lately, where the exchange says as of when', async () => {
    let theirs: readonly PositionReport[] = [];
    const { clock, store, mismatchedSymbols, reconciling, run } = scene(() => theirs);
    await run(async () => {
      store.fill(fillOf(newOrder(), 'f1', 5, { sequence: 3 }), clock.monotonic());
      store.fill(fillOf(newOrder(), 'f2', 5, { sequence: 5 }), clock.monotonic());
      for (const [report, isDoubtful] of [
        [positionOf(10, { sequence: 5 }), false],
        // A lagging list.
        [positionOf(5, { sequence: 4 }), false],
        [positionOf(5, { sequence: 5 }), true],
        [positionOf(10, { sequence: 6 }), false],
        [positionOf(12, { sequence: 7 }), true],
        // The report has no sequence, and the position was five a moment ago.
        [positionOf(5), false],
        [positionOf(6), true],
      ] as const) {
        theirs = [report];
        reconciling.soon();
        await sleep(clock, 6 * READ_MS);
        expect([report.quantity, report.sequence, mismatchedSymbols.has('BTCUSDT')]).toEqual([
          report.quantity,
          report.sequence,
          isDoubtful,
        ]);
      }
    });
  });

  test('a symbol that the list does not name is flat, and a position there is one that differs', async () => {
    const { clock, store, freezes, reconciling, run } = scene();
    await run(async () => {
      store.startFrom('BTCUSDT', { ...store.position('BTCUSDT'), quantity: lots(-5) }, undefined);
      for (let seconds = 0; seconds <= 22; seconds += 1) {
        reconciling.soon();
        await sleep(clock, 1000);
      }
    });
    expect([...new Set(freezes)]).toEqual(["position of BTCUSDT differs from the exchange's"]);
  });

  test('a word on the position that no list bears out for half a minute is believed no more', async () => {
    const { clock, store, reconciling, run } = scene();
    await run(async () => {
      store.hear(positionOf(900, { sequence: 1e12 }));
      const differs: boolean[] = [];
      for (let i = 0; i < 4; i += 1) {
        reconciling.soon();
        await sleep(clock, 11_000);
        differs.push(store.differs('BTCUSDT'));
      }
      expect(differs).toEqual([true, true, true, false]);
      store.hear(positionOf(0, { sequence: 7 }));
      expect(store.differs('BTCUSDT')).toBe(false);
    });
  });

  test('an orphan whose cancel is refused prevents neither the cancel of the next one nor the check of positions', async () => {
    let rows: readonly OrderReport[] = [];
    const { clock, blocks, freezes, events, canceled, stuck, reconciling, run } = scene(
      () => [positionOf(5, { sequence: 7 })],
      () => rows,
    );
    await run(async () => {
      rows = ['a', 'b'].map((name) => reportOf(newOrder({ clientOrderId: `mm-earlier-${name}` })));
      stuck.add('mm-earlier-a');
      for (let seconds = 0; seconds <= 22; seconds += 1) {
        reconciling.soon();
        await sleep(clock, 1000);
      }
      expect([...new Set(canceled)]).toEqual(['mm-earlier-a', 'mm-earlier-b']);
      expect(events.findLast(({ type }) => type === 'reconciled')).toEqual({
        type: 'reconciled',
        divergences: ['orphan mm-earlier-a', 'orphan mm-earlier-b', 'position BTCUSDT'],
      });
      expect(events.findLast(({ type }) => type === 'reconcileFailed')).toMatchObject({ error: { message: 'mm-earlier-a is refused' } });
      expect([[...blocks], [...new Set(freezes)]]).toEqual([[UNRECONCILED], ["position of BTCUSDT differs from the exchange's"]]);
      stuck.clear();
      reconciling.soon();
      await sleep(clock, 1000);
      expect([...blocks]).toEqual([]);
    });
  });
});
