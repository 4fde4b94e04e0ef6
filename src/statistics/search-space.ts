import { at } from '../util/array.ts';
import { sobolPoints } from './sobol.ts';

/** More points than any space needs that has as many setups as were asked for. */
const MOST_POINTS = 2 ** 20;

export type Value = string | number | boolean;

/** A key and what it may be. */
export interface Axis {
  readonly key: string;
  readonly values: readonly Value[];
}

/** Values of the varied keys, in the order of the axes. */
export type Settings = Readonly<Record<string, Value>>;

/** `steps` values at equal distances, both ends included; one step is `from`. */
export function evenValues(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => tidy(from + ((to - from) * i) / Math.max(1, steps - 1)));
}

export function gridSize(axes: readonly Axis[]): number {
  return axes.reduce((size, { values }) => size * values.length, 1);
}

/** Every combination; the last axis changes fastest. */
export function fullGrid(axes: readonly Axis[]): Settings[] {
  return axes.reduce<Settings[]>(
    (grid, { key, values }) => grid.flatMap((settings) => values.map((value) => ({ ...settings, [key]: value }))),
    [{}],
  );
}

/** `count` different setups, evenly over the space; the full grid when it has no more. */
export function spread(axes: readonly Axis[], count: number): Settings[] {
  if (gridSize(axes) <= count) return fullGrid(axes);
  const found = new Map<string, Settings>();
  // Points that fall on the same values are one setup, so it may take more points than setups.
  for (let points = count; found.size < count && points <= MOST_POINTS; points *= 2) {
    for (const point of sobolPoints(points, axes.length)) {
      const settings = Object.fromEntries(axes.map((axis, i) => [axis.key, valueAt(axis, at(point, i))]));
      if (found.size < count) found.set(JSON.stringify(settings), settings);
    }
  }
  return [...found.values()];
}

/** The value at a share of [0, 1) of an axis. */
function valueAt({ values }: Axis, share: number): Value {
  return at(values, Math.floor(share * values.length));
}

/** Without the last bits of a float, which would show in a configuration. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
