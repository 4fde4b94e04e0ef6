import { commonSeeds, runsOf, type Runs } from './edge.ts';
import { combine, estimateOf, intervalOf, type Estimate } from './estimate.ts';
import type { Interval } from './sample.ts';
import type { Axis, Settings, Value } from './search-space.ts';

export interface Tried {
  readonly settings: Settings;
  readonly runs: Runs;
}

/** What one value of a key does to the net edge, bps, against the mean of all values of the key. */
export interface Effect {
  readonly value: Value;
  readonly bps: number;
  /** 95 %, for each value alone. */
  readonly interval: Interval | undefined;
}

export interface Sensitivity {
  readonly key: string;
  /** Combinations of the other keys that were tried, and traded, with every value of this key; nothing can be said without one. */
  readonly combinations: number;
  /** Seeds that all of these setups have. */
  readonly seeds: number;
  readonly effects: readonly Effect[];
}

/**
 * How much each varied key matters. Values are compared where the other keys and the seed are the same, so it is made for a full grid: of
 * other sets of setups it uses the combinations that are complete.
 */
export function sensitivityOf(axes: readonly Axis[], tried: readonly Tried[]): Sensitivity[] {
  return axes.map((axis) => ofKey(axis, axes, tried));
}

function ofKey(axis: Axis, axes: readonly Axis[], tried: readonly Tried[]): Sensitivity {
  const nameOf = (settings: Settings): string => JSON.stringify(axes.map(({ key }) => settings[key]));
  const runs = new Map(tried.map((setup) => [nameOf(setup.settings), setup.runs]));
  // Of those that were tried: a full grid may be far larger than what was tried of it.
  const others = new Map(tried.map(({ settings }) => [nameOf({ ...settings, [axis.key]: '' }), settings]));
  const rows = [...others.values()].flatMap((settings) =>
    complete(axis.values.map((value) => runs.get(nameOf({ ...settings, [axis.key]: value })))),
  );
  const seeds = commonSeeds(rows.flat());
  const estimates = rows.flatMap((row) => complete(row.map((each) => estimateOf(runsOf(each, seeds)))));
  return {
    key: axis.key,
    combinations: estimates.length,
    seeds: seeds.length,
    effects: estimates.length === 0 ? [] : axis.values.map((value, place) => effectOf(value, place, estimates)),
  };
}

/** Each row has one estimate for each value of the key. */
function effectOf(value: Value, place: number, rows: readonly (readonly Estimate[])[]): Effect {
  const parts = rows.flatMap((row) =>
    row.map((estimate, i) => [((i === place ? 1 : 0) - 1 / row.length) / rows.length, estimate] as const),
  );
  const effect = combine(parts);
  return { value, bps: effect.bps, interval: intervalOf(effect) };
}

/** The row, or nothing when something is missing in it. */
function complete<T>(row: readonly (T | undefined)[]): T[][] {
  const known = row.filter((each) => each !== undefined);
  return known.length === row.length ? [known] : [];
}
