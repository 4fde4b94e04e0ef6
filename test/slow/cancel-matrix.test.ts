import { afterAll, describe, expect, test } from 'vitest';
import { CANCEL_CELLS, ORDER_COUNTS, TEN_SYMBOLS } from '../support/cancel/cancel-cells.ts';
import { startFaultProxy } from '../support/wires/fault-proxy.ts';
import { restOrders } from '../support/cancel/resting-orders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startExchange, type RunningExchange } from '../support/program/running.ts';

const rows: object[] = [];
const cells = ORDER_COUNTS.flatMap((count) => CANCEL_CELLS.map((cell) => ({ ...cell, count })));

interface Result {
  readonly found: number;
  readonly canceled: number;
  readonly filledMeanwhile: number;
  readonly remaining: readonly { readonly exchangeOrderId: string }[];
  readonly method: string;
  readonly clearedMs?: number;
  readonly durationMs: number;
}

afterAll(() => console.table(rows));

/** The program against an exchange in a process of its own, over sockets, in real time; the fault stands between them. */
describe('cancel-all leaves nothing, or names exactly what', () => {
  test.each(cells)(
    '$count orders, $name',
    { timeout: 240_000 },
    async ({ name, count, fault, perOrder = false, deadSockets = false, endless = false, stays = () => false }) => {
      const exchange = await startExchange([
        '--symbols',
        TEN_SYMBOLS.join(','),
        '--market',
        'calm',
        '--limits',
        'off',
        '--deposit',
        '10000000',
      ]);
      await restOrders(exchange, count, TEN_SYMBOLS);
      const all = await openIds(exchange);
      const { restUrl } = await startFaultProxy(exchange.restUrl, { fault: fault(), refusesSocket: () => deadSockets });
      // Ten single cancels leave a second.
      const deadline = endless ? count / 10 + 20 : 220;
      const how = perOrder ? '--force' : '--yes';
      const args = ['cancel-all', '--rest-url', restUrl, '--json', '--quiet', '--deadline', String(deadline), how];
      const { exitCode, stdout } = await runMmbot(args, { env: exchange.env, timeoutMs: 230_000 });
      const { found, canceled, filledMeanwhile, remaining, method, clearedMs, durationMs } = JSON.parse(stdout) as Result;
      const ledger = await openIds(exchange);
      const seconds = { empty: (clearedMs ?? Number.NaN) / 1000, proven: durationMs / 1000 };
      rows.push({
        name,
        exit: exitCode,
        found,
        canceled,
        filled: filledMeanwhile,
        remaining: remaining.length,
        ledger: ledger.length,
        method,
        ...seconds,
      });
      expect(remaining.map(({ exchangeOrderId }) => exchangeOrderId).toSorted()).toEqual(ledger);
      expect({ found, gone: canceled + filledMeanwhile }).toEqual({ found: count, gone: count - ledger.length });
      expect(ledger).toEqual(all.filter(stays));
      expect(exitCode).toBe(endless ? 4 : 0);
    },
  );
});

async function openIds(exchange: RunningExchange): Promise<string[]> {
  return (await exchange.openOrders()).map(({ orderId }) => orderId).toSorted();
}
