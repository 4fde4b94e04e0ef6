import { EXIT, MmbotError } from '../../errors.ts';
import { isOwn, type CancelPort } from '../../exchange/cancel-port.ts';
import { isComplete, READS_LATE_MS } from '../../exchange/complete.ts';
import { ExchangeError, ignoreExchangeError } from '../../exchange/errors.ts';
import type { Exchange, PositionReport } from '../../exchange/exchange.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Fill } from '../../model/order.ts';
import { FLAT, type Position } from '../../model/position.ts';
import { tickLots, type Lots } from '../../model/units.ts';
import type { Clock } from '../../util/clock.ts';
import { within } from '../../util/promise.ts';
import { cancelAll } from '../cancel/cancel-all.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import type { IntendedOrder, JournalState } from '../journal.ts';
import type { OrderStore } from '../orders/order-store.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { settledAfterMs } from '../orders/unknown-orders.ts';

const MAX_TRIES = 5;
/** Executions from this long before the start may still arrive by the stream or a lagging list. */
const LOOK_BACK_MS = 60_000;
type JournalEnd = Pick<JournalState, 'lastIntentAt' | 'lastAt'>;

/** Time for canceling and proving, in addition to the waits that are needed anyway. */
const CLEARING_MS = 30_000;

export interface RecoveryParts {
  /** The exchange's port, with the private stream as a witness. */
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** After this monotonic time the exchange can no longer accept a create of an earlier run. */
  readonly lateCreateDeadline: number;
  /** Since when the private stream is up, monotonic; undefined while it is down. */
  readonly watchedSince: () => number | undefined;
  /** Others may have orders on this account, which must stay. */
  readonly isShared?: boolean | undefined;
}

/**
 * How long after `now` (exchange time) the exchange may still accept creates of earlier runs, ms; negative when it no longer can.
 * Without any record (a new folder, a container without a volume), an order may have been sent a moment ago.
 */
export function mayLandForMs({ lastIntentAt, lastAt }: JournalEnd, now: number, recvWindowMs: number): number {
  const sentAt = lastIntentAt ?? (lastAt === undefined ? now : Number.NEGATIVE_INFINITY);
  // If the exchange's clock was set back meanwhile, the difference proves nothing: wait at most the whole time.
  return settledAfterMs(recvWindowMs) - Math.max(0, now - sentAt);
}

/**
 * Cancels the orders of earlier runs, with proof, before the first quote: they are not adopted, because no bot manages them any more.
 * Orders that the journal knows are canceled by id, even when no list shows them. Undefined when there were none. Throws MmbotError
 * (exit 4) when some may remain.
 */
export async function clearLeftovers(parts: RecoveryParts, leftOpen: readonly IntendedOrder[]): Promise<CancelReport | undefined> {
  const { port, clock, limiter, isShared, lateCreateDeadline, watchedSince } = parts;
  const known = leftOpen.filter(({ filledAtEnd }) => filledAtEnd === null);
  if (known.length === 0 && clock.monotonic() >= lateCreateDeadline + READS_LATE_MS) {
    const list = await port.resting(port.traded);
    if (isComplete(list) && list.value.every((order) => isOwn(order) === false)) return undefined;
  }
  const deadlineMs = Math.max(0, lateCreateDeadline - clock.monotonic()) + READS_LATE_MS + CLEARING_MS;
  const request = { trigger: 'start', scopes: [port.traded], isTarget: isOwn, isShared, includeStops: false, perOrder: false } as const;
  const [report] = await Promise.all([
    cancelAll({ ...request, lateCreateDeadline, watchedSince, deadlineMs }, { port, clock, limiter }).catch((error: unknown) => {
      // No list could be read: orders that are known to be open may remain; without any, this is an ordinary exchange failure.
      if (error instanceof ExchangeError && known.length > 0)
        throw leftovers(
          `no list could be read: ${error.message}`,
          known.map(({ clientOrderId }) => clientOrderId),
        );
      throw error;
    }),
    within(clock, deadlineMs, cancelKnown(parts, known), () => undefined),
  ]);
  if (report.verified) return report;
  const { placedMeanwhile, readsMayBeLateMs } = report.evidence;
  if (placedMeanwhile > 0) throw leftovers(`another mmbot is placing orders on this account: ${placedMeanwhile} new ones appeared`, []);
  const ids = report.remaining.map(({ clientOrderId, exchangeOrderId }) => clientOrderId || exchangeOrderId);
  const lateS = (readsMayBeLateMs / 1000).toFixed(1);
  const unproven = `none is listed any more, but lists may be ${lateS} s late, and the time to prove it has run out`;
  throw leftovers(report.unreadable ?? (ids.length === 0 ? unproven : `${ids.length} are open`), ids);
}

function leftovers(why: string, ids: readonly string[]): MmbotError {
  return new MmbotError({
    code: 'leftovers',
    exitCode: EXIT.ordersRemain,
    message: [`orders of an earlier run may remain: ${why}`, ...(ids.length === 0 ? [] : [ids.join(', ')])].join('; '),
    hint: 'stop any other mmbot on this account',
  });
}

export interface AdoptionParts {
  readonly exchange: Pick<Exchange, 'fills' | 'positions'>;
  readonly store: OrderStore;
  readonly clock: Clock;
}

/** Lists may be late, so orders that the journal knows are canceled without being seen. Lists and records show the effect later. */
export async function cancelKnown(
  { port, limiter }: { readonly port: Pick<CancelPort, 'cancelOne'>; readonly limiter: RateLimiter },
  known: readonly IntendedOrder[],
): Promise<void> {
  const sent: Promise<void>[] = [];
  for (const { symbol, clientOrderId } of known) {
    await limiter.acquire('cancel');
    const order = { category: 'linear', symbol, clientOrderId, exchangeOrderId: '', kind: 'plain' } as const;
    sent.push(port.cancelOne(order).catch(ignoreExchangeError));
  }
  await Promise.all(sent);
}

/** Adopts the account's positions and marks the executions that they include as known, so that these are not counted again. */
export async function adoptPositions(
  { exchange, store, clock }: AdoptionParts,
  instruments: readonly Instrument[],
  startedAt: number,
): Promise<void> {
  const since = startedAt - LOOK_BACK_MS;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const before = await exchange.fills({ since });
    const positions = await allPositions(exchange, instruments);
    const after = await exchange.fills({ since });
    // An execution during the reads may or may not be included in the positions: read again.
    if (idsOf(before.value) !== idsOf(after.value)) continue;
    for (const instrument of instruments) adopt({ store, clock }, instrument, positions, after.value);
    return;
  }
  throw new MmbotError({
    code: 'busy_account',
    exitCode: EXIT.exchange,
    message: `the account traded during each of ${MAX_TRIES} attempts to read its positions, although no order of mmbot is open`,
    hint: 'stop the other clients of this account, or give mmbot an account of its own',
  });
}

/** The list omits flat positions. A query by symbol returns them too, with the sequence of the execution that closed them. */
async function allPositions(exchange: AdoptionParts['exchange'], instruments: readonly Instrument[]): Promise<readonly PositionReport[]> {
  const { value: listed } = await exchange.positions();
  const flat = instruments.filter(({ symbol }) => !listed.some((report) => report.symbol === symbol));
  const asked = await Promise.all(flat.map(({ symbol }) => exchange.positions({ symbol })));
  return [...listed, ...asked.flatMap(({ value }) => value)];
}

/** The lists may lag behind each other or behind the stream: when reports have a sequence or time, the newest counts. */
function adopt(
  { store, clock }: Pick<AdoptionParts, 'store' | 'clock'>,
  instrument: Instrument,
  positions: readonly PositionReport[],
  fills: readonly Fill[],
): void {
  const { symbol } = instrument;
  const listed = positions.find((report) => report.symbol === symbol);
  if (listed !== undefined) store.hear(listed);
  const held = store.witness(symbol) ?? listed;
  store.startFrom(symbol, held === undefined ? FLAT : positionOf(held.quantity, held.entryPrice, instrument), held);
  for (const fill of fills) {
    if (fill.symbol !== symbol) continue;
    if ((fill.sequence ?? 0) > (held?.sequence ?? Number.POSITIVE_INFINITY)) store.adoptFill(fill, clock.monotonic());
    else store.knowFill(fill.fillId);
  }
}

function idsOf(fills: readonly Fill[]): string {
  return fills.map(({ fillId }) => fillId).join();
}

/** The exchange's average entry price is rounded, so the cost, and PnL from before the start, is only that exact. */
export function positionOf(quantity: Lots, entryPrice: number, { tick }: Instrument): Position {
  return { ...FLAT, quantity, cost: tickLots(Math.round((entryPrice / tick.size) * quantity)) };
}
