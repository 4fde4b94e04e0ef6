import { ExchangeError } from '../exchange/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { OrderReport, OrderState } from '../model/order.ts';
import { lots, ticks } from '../model/units.ts';
import { sleep, type Clock } from '../util/clock.ts';
import type { Recorder } from './events.ts';
import type { IntendedOrder, Journal } from './journal.ts';
import type { OrderStore } from './order-store.ts';

const BETWEEN_READS_MS = 1000;
/** Lists of executions may lag. */
const EXECUTION_READS = 10;
/** Our clock, which the intents are dated by, may be off by so much. */
const CLOCK_DOUBT_MS = 60_000;

export interface LeftOpenParts {
  readonly exchange: Pick<Exchange, 'findOrder' | 'fills'>;
  /** Its streams are up already: what they brought is recorded. */
  readonly store: Pick<OrderStore, 'knowsFill' | 'knowFill'>;
  readonly journal: Journal;
  readonly record: Recorder;
  readonly clock: Clock;
}

/**
 * Finds out, after everything of earlier runs was canceled, what became of the orders that the journal does not tell all of, and
 * records it: no intent is ever without an outcome, and no execution is missing. Rejects with ExchangeError.
 */
export async function settleLeftOpen(parts: LeftOpenParts, open: readonly IntendedOrder[]): Promise<void> {
  const filled = new Map<string, number>();
  const absent = await settleFound(parts, open, filled);
  if (absent.length > 0) {
    // Lists may lag: one absence proves nothing.
    await sleep(parts.clock, BETWEEN_READS_MS);
    for (const order of await settleFound(parts, absent, filled)) {
      settled(parts, order, { tag: 'canceled', reason: 'no list of the exchange has it' }, undefined);
    }
  }
  await recordExecutions(parts, open, filled);
}

/** Those that no list has. `filled` learns what was executed of the others, in lots. */
async function settleFound(
  parts: LeftOpenParts,
  open: readonly IntendedOrder[],
  filled: Map<string, number>,
): Promise<readonly IntendedOrder[]> {
  const absent: IntendedOrder[] = [];
  for (const order of open) {
    const report = await recordOf(order, parts);
    if (report === undefined) absent.push(order);
    else {
      settled(parts, order, stateOf(report), report);
      filled.set(order.clientOrderId, report.filled);
    }
  }
  return absent;
}

/** Undefined also where the exchange refuses to look, because it lists the symbol no more: nothing can rest there. */
async function recordOf(order: IntendedOrder, { exchange }: LeftOpenParts): Promise<OrderReport | undefined> {
  try {
    return (await exchange.findOrder(order)).value;
  } catch (error) {
    if (error instanceof ExchangeError && error.kind === 'rejected') return undefined;
    throw error;
  }
}

/** Until they add up to what the exchange says was filled. What is still missing then, the next start asks for again. */
async function recordExecutions(
  { exchange, store, journal, record, clock }: LeftOpenParts,
  open: readonly IntendedOrder[],
  filled: ReadonlyMap<string, number>,
): Promise<void> {
  const known = new Set(open.flatMap(({ fillIds }) => fillIds));
  const missing = new Map(
    open.map(({ clientOrderId, executed }) => [clientOrderId, Math.max(0, (filled.get(clientOrderId) ?? 0) - executed)]),
  );
  const grids = new Map(open.map(({ clientOrderId, grid }) => [clientOrderId, grid]));
  const since = Math.min(...open.map(({ at }) => at)) - CLOCK_DOUBT_MS;
  for (let reads = 1; [...missing.values()].some((quantity) => quantity > 0) && reads <= EXECUTION_READS; reads += 1) {
    if (reads > 1) await sleep(clock, BETWEEN_READS_MS);
    for (const fill of (await exchange.fills({ since, gridOf: (id) => grids.get(id) })).value) {
      const { fillId, clientOrderId, quantity } = fill;
      const left = missing.get(clientOrderId);
      if (left === undefined || known.has(fillId)) continue;
      known.add(fillId);
      missing.set(clientOrderId, left - quantity);
      if (store.knowsFill(fillId)) continue;
      store.knowFill(fillId);
      journal.append({ type: 'fill', at: clock.now(), fill });
      record({ type: 'fillRecovered', fill });
    }
  }
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
