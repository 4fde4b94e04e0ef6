import { EXIT, MmbotError } from '../errors.ts';
import type { CancelScope } from '../exchange/cancel-port.ts';
import type { Exchange, PositionReport } from '../exchange/exchange.ts';
import type { Instrument } from '../model/instrument.ts';
import { OWN_PREFIX, type Fill } from '../model/order.ts';
import { FLAT, type Position } from '../model/position.ts';
import { tickLots, type Lots } from '../model/units.ts';
import type { Clock } from '../util/clock.ts';
import { cancelAll } from './cancel-all.ts';
import type { CancelReport } from './cancel-report.ts';
import type { OrderStore } from './order-store.ts';
import type { RateLimiter } from './rate-limiter.ts';

const MAX_TRIES = 5;
/** Executions before the start that may still arrive by a stream or a list that lags. */
const LOOK_BACK_MS = 60_000;
const ALL: CancelScope = { category: 'linear', settleCoin: 'USDT' };

export interface RecoveryParts {
  readonly exchange: Exchange;
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** No create of an earlier run can land after this monotonic time. */
  readonly quietAt: number;
  readonly deadlineMs: number;
}

/**
 * Orders of earlier runs are not adopted: nobody watches them any more, so they are canceled, with proof, before the first
 * quote. Undefined when there were none. Throws MmbotError (exit 4) when some may remain.
 */
export async function clearLeftovers({ exchange, clock, limiter, quietAt, deadlineMs }: RecoveryParts): Promise<CancelReport | undefined> {
  const isOurs = ({ clientOrderId }: { readonly clientOrderId: string }): boolean => clientOrderId.startsWith(OWN_PREFIX);
  const { value } = await exchange.cancelPort.resting(ALL);
  if (!value.some(isOurs) && clock.monotonic() >= quietAt) return undefined;
  const request = { trigger: 'start', scopes: [ALL], isTarget: isOurs, includeStops: false, perOrder: false, quietAt, deadlineMs } as const;
  const report = await cancelAll(request, { port: exchange.cancelPort, clock, limiter });
  if (report.verified) return report;
  throw new MmbotError({
    code: 'leftovers',
    exitCode: EXIT.ordersRemain,
    message: `${report.remaining.length} orders of an earlier run could not be canceled: ${report.remaining.map(({ clientOrderId }) => clientOrderId).join(', ')}`,
    hint: 'mmbot cancel-all --force',
  });
}

export interface AdoptionParts {
  readonly exchange: Pick<Exchange, 'fills' | 'positions'>;
  readonly store: OrderStore;
  readonly clock: Clock;
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
    if ((fill.sequence ?? 0) > (held?.sequence ?? Number.POSITIVE_INFINITY)) store.fill(fill, clock.monotonic());
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
