import { EXIT, MmbotError } from '../../errors.ts';
import type { CancelPort } from '../../exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../exchange/complete.ts';
import { ExchangeError } from '../../exchange/errors.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { OrderReport, OrderState } from '../../model/order.ts';
import { lots, ticks } from '../../model/units.ts';
import { sleep, type Clock } from '../../util/clock.ts';
import type { Recorder } from '../events.ts';
import type { IntendedOrder, Journal } from '../journal.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { OrderStore } from '../orders/order-store.ts';
import { cancelKnown } from './recovery.ts';

const BETWEEN_READS_MS = 1000;
/** Lists of executions may lag. */
const EXECUTION_READS = 10;
/** An order that is still open must be gone within this time, or the start fails. */
const SETTLING_MS = 30_000;
/** Tolerance for dates of intents: they use our estimate of the exchange's clock or, in older versions, the local clock. */
const CLOCK_DOUBT_MS = 60_000;

export interface LeftOpenParts {
  readonly exchange: Pick<Exchange, 'findOrder' | 'fills'>;
  readonly port: Pick<CancelPort, 'cancelOne' | 'presenceOf'>;
  /** The streams are up already, and their events are recorded. */
  readonly store: Pick<OrderStore, 'knowsFill' | 'knowFill'>;
  readonly journal: Journal;
  readonly record: Recorder;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** After this monotonic time the exchange can no longer accept a create of an earlier run. */
  readonly lateCreateDeadline: number;
}

/**
 * Determines, after the orders of earlier runs were canceled, how those orders ended whose end the journal does not contain, and
 * records it: every intent gets an outcome, and no execution is missing. Rejects with ExchangeError; throws MmbotError (exit 4) when
 * an order stays open.
 */
export async function settleLeftOpen(parts: LeftOpenParts, open: readonly IntendedOrder[]): Promise<void> {
  const { clock } = parts;
  const filled = new Map<string, number>();
  const gone: IntendedOrder[] = [];
  const deadline = Math.max(clock.monotonic(), absenceCountsAt(parts)) + SETTLING_MS;
  let waiting = open;
  let absent: ReadonlySet<string> = new Set();
  for (;;) {
    const counts = clock.monotonic() >= absenceCountsAt(parts);
    const look = await lookFor(parts, waiting, filled);
    const isGone = ({ clientOrderId }: IntendedOrder): boolean => counts && absent.has(clientOrderId);
    gone.push(...look.absent.filter(isGone));
    const late = look.absent.filter((order) => !isGone(order));
    waiting = [...look.resting, ...late, ...look.unknown.keys()];
    if (waiting.length === 0) break;
    if (clock.monotonic() >= deadline) throw mayRemain(look, late);
    absent = new Set(look.absent.map(({ clientOrderId }) => clientOrderId));
    await cancelKnown(parts, look.resting);
    await sleep(clock, BETWEEN_READS_MS);
  }
  const executed = await recordExecutions(parts, open, filled, gone.length > 0);
  for (const order of gone) {
    const total = lots(executed.get(order.clientOrderId) ?? order.executed);
    settled(parts, order, { tag: 'canceled', reason: 'no list of the exchange has it' }, { filled: total });
  }
}

/** Lists and records may be late: absence counts only after this monotonic time, and only in two looks in a row. */
function absenceCountsAt({ lateCreateDeadline }: LeftOpenParts): number {
  return lateCreateDeadline + READS_LATE_MS;
}

interface LeftOpenLook {
  /** Open according to a query of the order itself, even when the list of open orders does not show them. */
  readonly resting: readonly IntendedOrder[];
  /** Orders that no list contains. */
  readonly absent: readonly IntendedOrder[];
  /** Orders that could not be looked up, with the error: their state is unknown. */
  readonly unknown: ReadonlyMap<IntendedOrder, ExchangeError>;
}

/** Looks up `orders` and records how the closed ones ended; their filled quantities, in lots, are added to `filled`. */
async function lookFor(parts: LeftOpenParts, orders: readonly IntendedOrder[], filled: Map<string, number>): Promise<LeftOpenLook> {
  const resting: IntendedOrder[] = [];
  const absent: IntendedOrder[] = [];
  const unknown = new Map<IntendedOrder, ExchangeError>();
  for (const order of orders) {
    const report = await recordOf(order, parts);
    if (report === undefined) absent.push(order);
    else if (report instanceof ExchangeError) unknown.set(order, report);
    else if (report.status === 'open') resting.push(order);
    else {
      settled(parts, order, stateOf(report), report);
      filled.set(order.clientOrderId, report.filled);
    }
  }
  return { resting, absent, unknown };
}

function mayRemain({ resting, unknown }: LeftOpenLook, late: readonly IntendedOrder[]): MmbotError {
  const named = (what: string, orders: readonly IntendedOrder[], why = ''): string[] =>
    orders.length === 0 ? [] : [`${what}: ${orders.map(({ clientOrderId }) => clientOrderId).join(', ')}${why}`];
  const [refusal] = unknown.values();
  const known = [
    ...named('still open according to their order record', resting),
    ...named('missing from the lists, but not for long enough to count as gone', late),
    ...named('could not be looked up', [...unknown.keys()], ` (${refusal?.message ?? ''})`),
  ];
  return new MmbotError({
    code: 'leftovers',
    exitCode: EXIT.ordersRemain,
    message: `orders of an earlier run may remain: ${known.join('; ')}`,
  });
}

/**
 * Undefined when no list contains the order, or when the exchange refuses the query because it no longer lists the symbol: no order
 * can rest there. Any other refusal proves nothing about the order and is returned.
 */
async function recordOf(order: IntendedOrder, { exchange, port }: LeftOpenParts): Promise<OrderReport | ExchangeError | undefined> {
  try {
    return (await exchange.findOrder(order)).value;
  } catch (error) {
    if (!(error instanceof ExchangeError && error.kind === 'rejected')) throw error;
    const isUnlisted = error.isExchangesWord && (await port.presenceOf({ category: 'linear', symbol: order.symbol })) === 'unlisted';
    return isUnlisted ? undefined : error;
  }
}

/**
 * Records executions until they add up to the filled quantities that the exchange reports; reads them at least once with
 * `looksAnyway`. Executions that are still missing are left to the next start. Returns the recorded quantity per order, in lots.
 */
async function recordExecutions(
  { exchange, store, journal, record, clock }: LeftOpenParts,
  open: readonly IntendedOrder[],
  filled: ReadonlyMap<string, number>,
  looksAnyway: boolean,
): Promise<ReadonlyMap<string, number>> {
  const known = new Set(open.flatMap(({ fillIds }) => fillIds));
  const missing = new Map(
    open.map(({ clientOrderId, executed }) => [clientOrderId, Math.max(0, (filled.get(clientOrderId) ?? 0) - executed)]),
  );
  const total = new Map(open.map(({ clientOrderId, executed }) => [clientOrderId, executed]));
  const grids = new Map(open.map(({ clientOrderId, grid }) => [clientOrderId, grid]));
  const since = Math.min(...open.map(({ at }) => at)) - CLOCK_DOUBT_MS;
  const isWanted = (read: number): boolean => (read === 1 && looksAnyway) || [...missing.values()].some((quantity) => quantity > 0);
  for (let reads = 1; isWanted(reads) && reads <= EXECUTION_READS; reads += 1) {
    if (reads > 1) await sleep(clock, BETWEEN_READS_MS);
    for (const fill of (await exchange.fills({ since, gridOf: (id) => grids.get(id) })).value) {
      const { fillId, clientOrderId, quantity } = fill;
      const left = missing.get(clientOrderId);
      if (left === undefined || known.has(fillId)) continue;
      known.add(fillId);
      missing.set(clientOrderId, left - quantity);
      total.set(clientOrderId, (total.get(clientOrderId) ?? 0) + quantity);
      if (store.knowsFill(fillId)) continue;
      store.knowFill(fillId);
      const grid = grids.get(clientOrderId);
      journal.append({ type: 'fill', at: clock.now(), fill, ...(grid === undefined ? {} : { grid }) });
      record({ type: 'fillRecovered', fill });
    }
  }
  return total;
}

function settled(
  { journal, record, clock }: LeftOpenParts,
  order: IntendedOrder,
  state: OrderState,
  report: Pick<OrderReport, 'filled'> & Partial<OrderReport>,
): void {
  const { clientOrderId, symbol } = order;
  const { exchangeOrderId = '', price = ticks(0), quantity = lots(0), filled } = report;
  journal.append({ type: 'order', at: clock.now(), clientOrderId, exchangeOrderId, state, price, quantity, filled });
  record({ type: 'leftoverSettled', clientOrderId, symbol, state, filled });
}

function stateOf({ status, reason }: OrderReport): OrderState {
  return status === 'open' || status === 'filled' ? { tag: status } : { tag: status, reason };
}
