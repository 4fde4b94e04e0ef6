import { RangeColumn } from '../../harness/series/columns.ts';
import { rounded } from '../../harness/series/rounded.ts';
import { Timeline } from '../../harness/series/timeline.ts';
import type { Side } from '../../model/order.ts';
import type { Figures } from '../html/plot-parts.ts';

const INTERVAL_MS = 1000;
const MOST = 1024;

/** What happened to an account at one instant. */
export interface Step {
  readonly at: number;
  readonly symbol: string;
  readonly netUsd: number;
  /** Paid. */
  readonly costUsd: number;
  /** After it, base coin. */
  readonly position: number;
  readonly price: number | undefined;
  /** Undefined for a payment or a new valuation. */
  readonly side: Side | undefined;
}

/** Columns of equal length, one element for each instant, ms since `from`. */
export interface HistoryColumns {
  readonly atMs: readonly number[];
  readonly netUsd: Figures;
  readonly grossUsd: Figures;
  readonly costUsd: Figures;
  readonly position: Figures;
  readonly price: Figures;
  readonly bought: Figures;
  readonly sold: Figures;
}

const NAMES = ['netUsd', 'grossUsd', 'costUsd', 'position', 'price', 'bought', 'sold'] as const;

/** Steps in the order of their time, thinned so that no extreme is lost. `from`: ms since the epoch. */
export function historyOf(steps: readonly Step[], from: number): HistoryColumns {
  const columns = new Map(NAMES.map((name) => [name, new RangeColumn(MOST)]));
  const timeline = new Timeline(INTERVAL_MS, MOST, [...columns.values()]);
  let [netUsd, costUsd] = [0, 0];
  for (const { at, price, side, position, ...step } of steps) {
    netUsd += step.netUsd;
    costUsd += step.costUsd;
    // The first execution may be dated by a clock that is behind the one that dated the start.
    const slot = timeline.slotAt(Math.max(0, at - from));
    const bought = side === 'buy' ? price : undefined;
    const sold = side === 'sell' ? price : undefined;
    const values = { netUsd, costUsd, grossUsd: netUsd + costUsd, position, price, bought, sold };
    for (const name of NAMES) {
      const value = values[name];
      if (value !== undefined) columns.get(name)?.add(slot, value);
    }
  }
  const figures = (name: (typeof NAMES)[number]): Figures =>
    timeline.starts.flatMap((_, slot) => columns.get(name)?.pair(slot) ?? []).map((value) => rounded(value, 8));
  const half = timeline.intervalMs / 2;
  return {
    atMs: timeline.starts.flatMap((start) => [start, start + half]),
    netUsd: figures('netUsd'),
    grossUsd: figures('grossUsd'),
    costUsd: figures('costUsd'),
    position: figures('position'),
    price: figures('price'),
    bought: figures('bought'),
    sold: figures('sold'),
  };
}

/** Largest fall of the net PnL from an earlier high, at the steps. */
export function drawdownOf(steps: readonly Step[]): number {
  let [net, high, fall] = [0, 0, 0];
  for (const { netUsd } of steps) {
    net += netUsd;
    high = Math.max(high, net);
    fall = Math.max(fall, high - net);
  }
  return fall;
}
