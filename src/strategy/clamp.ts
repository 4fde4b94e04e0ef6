import type { Side } from '../model/order.ts';
import { centiBps, type CentiBps } from '../model/units.ts';

/**
 * A price move of at most `max`, on the 0.01 bp grid. A bid's move is rounded down, an ask's up, so that rounding never makes
 * a quote more aggressive. The sign stays. Undefined when `deltaBps` is not finite: there is no safe move.
 */
export function clampReprice(side: Side, deltaBps: number, max: CentiBps): CentiBps | undefined {
  if (!Number.isFinite(deltaBps)) return undefined;
  const bounded = within(max / 100, deltaBps);
  return centiBps(within(max, side === 'buy' ? floorCenti(bounded) : ceilCenti(bounded)));
}

/**
 * The largest hundredth at or below `value`. Multiplying alone is inexact: 0.29 * 100 is 28.999999999999996. A quotient of whole
 * numbers is rounded correctly, so `29 / 100` is the same double as 0.29: the candidates are compared as quotients.
 */
function floorCenti(value: number): number {
  let steps = Math.floor(value * 100);
  while ((steps + 1) / 100 <= value) steps += 1;
  while (steps / 100 > value) steps -= 1;
  return steps;
}

function within(limit: number, value: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

function ceilCenti(value: number): number {
  return -floorCenti(-value);
}
