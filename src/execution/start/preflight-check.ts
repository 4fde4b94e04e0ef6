import type { Settings } from '../../config/fields.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Clock } from '../../util/clock.ts';

/** One thing that must be right before an order is sent. `id` is stable, for programs. */
export interface Check {
  readonly id: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What mends it; '' when nothing has to be. */
  readonly fix: string;
}

export interface PreflightParts {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly symbols: readonly string[];
  readonly settings: Settings;
  /** Client order ids that begin with it are ours. */
  readonly ownPrefix: string;
  readonly foreignOrders: 'refuse' | 'ignore';
}

export const SETTLE_COIN = 'USDT';

export function check(id: string, result: Check['result'], found: string, fix: string): Check {
  return { id, result, found, fix: result === 'ok' ? '' : fix };
}
