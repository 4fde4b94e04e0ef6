import { afterAll, describe, expect, test } from 'vitest';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { TEN_SYMBOLS, type CancelCell } from './cancel-cells.ts';
import { cancelScene, type Scene } from './cancel-scene.ts';

/** One test for each cell with so many orders: ten symbols, virtual time. */
export function testCancelMatrix(cells: readonly (CancelCell & { readonly count: number })[]): void {
  const rows: object[] = [];
  afterAll(() => console.table(rows));

  describe('cancel-all leaves nothing, or names exactly what', () => {
    test.each(cells)(
      '$count orders, $name',
      async ({ name, count, fault, perOrder = false, deadSockets = false, endless = false, stays = () => false }) => {
        const scene = cancelScene(`matrix ${name} ${count}`, TEN_SYMBOLS, fault(), { deadSockets });
        scene.rest(count);
        const all = openIds(scene);
        const report = await scene.cancel({ perOrder, deadlineMs: 180_000 });
        if (report instanceof ExchangeError) throw report;
        const ledger = openIds(scene);
        const { found, canceled, remaining, verified, method, durationMs } = report;
        rows.push({
          name,
          found,
          canceled,
          remaining: remaining.length,
          ledger: ledger.length,
          verified,
          method,
          seconds: durationMs / 1000,
        });
        expect(remaining.map(({ exchangeOrderId }) => exchangeOrderId).toSorted()).toEqual(ledger);
        expect({ found, canceled, verified }).toEqual({ found: count, canceled: count - ledger.length, verified: !endless });
        expect(ledger).toEqual(all.filter(stays));
        expect(scene.ledger.counts().rateLimited).toBe(0);
      },
    );
  });
}

function openIds({ ledger }: Scene): string[] {
  return ledger
    .openOrders()
    .map(({ orderId }) => orderId)
    .toSorted();
}
