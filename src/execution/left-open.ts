import type { Exchange } from '../exchange/exchange.ts';
import type { OrderReport, OrderState } from '../model/order.ts';
import { lots, ticks } from '../model/units.ts';
import { sleep, type Clock } from '../util/clock.ts';
import type { Recorder } from './events.ts';
import type { IntendedOrder, Journal } from './journal.ts';

const BETWEEN_READS_MS = 1000;

export interface LeftOpenParts {
  readonly exchange: Pick<Exchange, 'findOrder'>;
  readonly journal: Journal;
  readonly record: Recorder;
  readonly clock: Clock;
}

/**
 * Finds out, after everything of earlier runs was canceled, how those orders ended whose end was never recorded, and records it: no
 * intent is ever without an outcome. Rejects with ExchangeError.
 */
export async function settleLeftOpen(parts: LeftOpenParts, open: readonly IntendedOrder[]): Promise<void> {
  const absent = await settleFound(parts, open);
  if (absent.length === 0) return;
  // Lists may lag: one absence proves nothing.
  await sleep(parts.clock, BETWEEN_READS_MS);
  for (const order of await settleFound(parts, absent)) {
    settled(parts, order, { tag: 'canceled', reason: 'no list of the exchange has it' }, undefined);
  }
}

/** Those that no list has. */
async function settleFound(parts: LeftOpenParts, open: readonly IntendedOrder[]): Promise<readonly IntendedOrder[]> {
  const absent: IntendedOrder[] = [];
  for (const order of open) {
    const { value: report } = await parts.exchange.findOrder(order);
    if (report === undefined) absent.push(order);
    else settled(parts, order, stateOf(report), report);
  }
  return absent;
}

function settled(
  { journal, record, clock }: LeftOpenParts,
  order: IntendedOrder,
  state: OrderState,
  report: OrderReport | undefined,
): void {
  const { clientOrderId, symbol } = order;
  const { exchangeOrderId = '', price = ticks(0), quantity = lots(0), filled = lots(0) } = report ?? {};
  journal.append({ type: 'order', at: clock.now(), clientOrderId, exchangeOrderId, state, price, quantity, filled });
  record({ type: 'leftoverSettled', clientOrderId, symbol, state, filled });
}

function stateOf({ status, reason }: OrderReport): OrderState {
  return status === 'open' || status === 'filled' ? { tag: status } : { tag: status, reason };
}
