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
import { OWN_SCOPE } from '../cancel/cancel-own.ts';
import type { CancelReport } from '../cancel/cancel-report.ts';
import type { IntendedOrder, JournalState } from '../journal.ts';
import type { OrderStore } from '../orders/order-store.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { settledAfterMs } from '../orders/unknown-orders.ts';

const MAX_TRIES = 5;
/** Executions before the start that may still arrive by a stream or a list that lags. */
const LOOK_BACK_MS = 60_000;
type JournalEnd = Pick<JournalState, 'lastIntentAt' | 'lastAt'>;

/** Canceling and proving may take so long beyond the time that is waited anyway. */
const CLEARING_MS = 30_000;

export interface RecoveryParts {
  /** The exchange's, with the streams as a witness. */
  readonly port: CancelPort;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** No create of an earlier run can land after this monotonic time. */
  readonly quietAt: number;
  /** Since when the private stream is up, monotonic; undefined while it is down. */
  readonly watchedSince: () => number | undefined;
}

/**
 * How long after `now` (exchange time) creates of earlier runs may still land, ms; less than nothing when none can any more. Where no run
 * has recorded anything (a new folder, a container without a volume) nobody knows what was there a moment ago.
 */
export function mayLandForMs({ lastIntentAt, lastAt }: JournalEnd, now: number, recvWindowMs: number): number {
  const sentAt = lastIntentAt ?? (lastAt === undefined ? now : Number.NEGATIVE_INFINITY);
  // An exchange whose clock was put back in between proves nothing: at most the whole time is waited.
  return settledAfterMs(recvWindowMs) - Math.max(0, now - sentAt);
}

/**
 * Orders of earlier runs are not adopted: nobody watches them any more, so they are canceled, with proof, before the first
 * quote; those that the journal knows by their ids, whether a list shows them or not. Undefined when there were none. Throws MmbotError
 * (exit 4) when some may remain.
 */
export async function clearLeftovers(parts: RecoveryParts, leftOpen: readonly IntendedOrder[]): Promise<CancelReport | undefined> {
  const { port, clock, limiter, quietAt, watchedSince } = parts;
  const known = leftOpen.filter(({ filledAtEnd }) => filledAtEnd === null);
  if (known.length === 0 && clock.monotonic() >= quietAt + READS_LATE_MS) {
    const list = await port.resting(OWN_SCOPE);
    if (isComplete(list) && list.value.every((order) => isOwn(order) === false)) return undefined;
  }
  const deadlineMs = Math.max(0, quietAt - clock.monotonic()) + READS_LATE_MS + CLEARING_MS;
  const request = { trigger: 'start', scopes: [OWN_SCOPE], isTarget: isOwn, includeStops: false, perOrder: false } as const;
  const [report] = await Promise.all([
    cancelAll({ ...request, quietAt, watchedSince, deadlineMs }, { port, clock, limiter }).catch((error: unknown) => {
      // Nothing could be read: only where nothing is known to be open is that no more than an exchange that does not answer.
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
  if (placedMeanwhile > 0)
    throw leftovers(`somebody is placing orders of mmbot's on this account: ${placedMeanwhile} appeared meanwhile`, []);
  const ids = report.remaining.map(({ clientOrderId, exchangeOrderId }) => clientOrderId || exchangeOrderId);
  const lateS = (readsMayBeLateMs / 1000).toFixed(1);
  const unproven = `none is listed any more, but lists may be ${lateS} s late, and the time for a proof is over`;
  throw leftovers(report.unreadable ?? (ids.length === 0 ? unproven : `${ids.length} are open`), ids);
}

function leftovers(why: string, ids: readonly string[]): MmbotError {
  return new MmbotError({
    code: 'leftovers',
    exitCode: EXIT.ordersRemain,
    message: [`orders of an earlier run may remain: ${why}`, ...(ids.length === 0 ? [] : [ids.join(', ')])].join('; '),
    hint: 'stop whoever else trades as mmbot on this account, then mmbot cancel-all --force',
  });
}

export interface AdoptionParts {
  readonly exchange: Pick<Exchange, 'fills' | 'positions'>;
  readonly store: OrderStore;
  readonly clock: Clock;
}

/** Lists may be late: what the journal knows is canceled unseen. What came of it, lists and records tell. */
async function cancelKnown({ port, limiter }: RecoveryParts, known: readonly IntendedOrder[]): Promise<void> {
  const sent: Promise<void>[] = [];
  for (const { symbol, clientOrderId } of known) {
    await limiter.acquire('cancel');
    const order = { category: 'linear', symbol, clientOrderId, exchangeOrderId: '', kind: 'plain' } as const;
    sent.push(port.cancelOne(order).catch(ignoreExchangeError));
  }
  await Promise.all(sent);
}

/** The positions that the account has, together with the executions that are in them: those must not be counted again. */
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
    // An execution in between would be in one list and perhaps not in the other: look again.
    if (idsOf(before.value) !== idsOf(after.value)) continue;
    for (const instrument of instruments) adopt({ store, clock }, instrument, positions, after.value);
    return;
  }
  throw new MmbotError({
    code: 'busy_account',
    exitCode: EXIT.exchange,
    message: `the account traded between every two of ${MAX_TRIES} looks at it, though no order of mmbot's is open`,
    hint: 'stop the other traders of this account, or give mmbot an account of its own',
  });
}

/** The list leaves out what is flat: asked for by its symbol, it is told with the execution that made it so. */
async function allPositions(exchange: AdoptionParts['exchange'], instruments: readonly Instrument[]): Promise<readonly PositionReport[]> {
  const { value: listed } = await exchange.positions();
  const flat = instruments.filter(({ symbol }) => !listed.some((report) => report.symbol === symbol));
  const asked = await Promise.all(flat.map(({ symbol }) => exchange.positions({ symbol })));
  return [...listed, ...asked.flatMap(({ value }) => value)];
}

/** A list may lag behind the other one, or behind a stream that is up already: where the exchange says as of when, the newest counts. */
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

/** The exchange's average entry is rounded: the cost, and PnL from before, is as exact as that. */
function positionOf(quantity: Lots, entryPrice: number, { tick }: Instrument): Position {
  return { ...FLAT, quantity, cost: tickLots(Math.round((entryPrice / tick.size) * quantity)) };
}
