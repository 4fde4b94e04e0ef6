import type { Settings } from '../config/fields.ts';

/** What the guards watch on one symbol. */
export interface GuardInputs {
  /** bps per sample. */
  readonly volatilityBps: number;
  /** How far the mid has come in the last risk.moveWindowMs, bps. */
  readonly moveBps: number;
  readonly latencyP95Ms: number;
  /** |position| over the maximum position. */
  readonly inventoryRatio: number;
  /** In the last 15 minutes. */
  readonly takerFills: number;
}

type Level = 'none' | 'soft' | 'hard';

/** The level that each guard was at: one that was reached is left only well below where it was entered. */
export interface GuardLevels {
  readonly volatility: Level;
  readonly move: Level;
  readonly latency: Level;
  readonly inventory: Level;
  readonly takerFills: Level;
}

export const CALM: GuardLevels = { volatility: 'none', move: 'none', latency: 'none', inventory: 'none', takerFills: 'none' };

/** `hard`: quote nothing; `reducing`: only the side that shrinks the position; `soft`: smaller and wider. */
export interface GuardVerdict {
  readonly level: 'none' | 'soft' | 'reducing' | 'hard';
  /** The guard that decided; undefined for `none`. */
  readonly reason: string | undefined;
  /** For the next verdict. */
  readonly levels: GuardLevels;
}

/** The most severe of all guards. A value that is not a number counts as HARD: what cannot be measured cannot be trusted. */
export function judgeGuards(inputs: GuardInputs, limits: Settings['risk'], before: GuardLevels): GuardVerdict {
  const release = limits.guardReleaseRatio;
  const { volatilityBps, moveBps, latencyP95Ms, inventoryRatio, takerFills } = inputs;
  const now: GuardLevels = {
    volatility: levelOf(volatilityBps, limits.softVolatilityBps, limits.hardVolatilityBps, release, before.volatility),
    move: levelOf(moveBps, limits.softMoveBps, limits.hardMoveBps, release, before.move),
    latency: levelOf(latencyP95Ms, limits.softLatencyP95Ms, limits.hardLatencyP95Ms, release, before.latency),
    inventory: levelOf(inventoryRatio, limits.softInventoryRatio, limits.hardInventoryRatio, release, before.inventory),
    takerFills: levelOf(takerFills, limits.softTakerFills, limits.hardTakerFills, release, before.takerFills),
  };
  const levels = isSame(before, now) ? before : now;
  if (now.volatility === 'hard') return { level: 'hard', reason: reasonOf('volatility', volatilityBps), levels };
  if (now.move === 'hard') return { level: 'hard', reason: reasonOf('move', moveBps), levels };
  if (now.latency === 'hard') return { level: 'hard', reason: reasonOf('latency', latencyP95Ms), levels };
  if (now.takerFills === 'hard') return { level: 'hard', reason: reasonOf('taker_fills', takerFills), levels };
  if (now.inventory === 'hard') {
    // Stopping both sides would keep the position for ever.
    return { level: Number.isNaN(inventoryRatio) ? 'hard' : 'reducing', reason: reasonOf('inventory', inventoryRatio), levels };
  }
  const soft = softest(levels);
  return { level: soft === undefined ? 'none' : 'soft', reason: soft, levels };
}

function levelOf(value: number, soft: number, hard: number, release: number, before: Level): Level {
  if (Number.isNaN(value) || value >= (before === 'hard' ? hard * release : hard)) return 'hard';
  return value >= (before === 'none' ? soft : soft * release) ? 'soft' : 'none';
}

function reasonOf(guard: string, value: number): string {
  return Number.isNaN(value) ? `${guard}_unknown` : `${guard}_hard`;
}

function softest({ volatility, move, latency, inventory, takerFills }: GuardLevels): string | undefined {
  if (volatility === 'soft') return 'volatility_soft';
  if (move === 'soft') return 'move_soft';
  if (latency === 'soft') return 'latency_soft';
  if (inventory === 'soft') return 'inventory_soft';
  return takerFills === 'soft' ? 'taker_fills_soft' : undefined;
}

function isSame(before: GuardLevels, { volatility, move, latency, inventory, takerFills }: GuardLevels): boolean {
  const isSameMarket = before.volatility === volatility && before.move === move;
  return isSameMarket && before.latency === latency && before.inventory === inventory && before.takerFills === takerFills;
}
