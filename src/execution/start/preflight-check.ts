import type { Settings } from '../../config/fields.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Clock } from '../../util/clock.ts';

/** The result of one check before orders are sent. `id` is stable, for use by programs. */
export interface Check {
  readonly id: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** How to fix it; '' when the result is ok. */
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

export function check(id: string, result: Check['result'], found: string, fix: string): Check {
  return { id, result, found, fix: result === 'ok' ? '' : fix };
}
