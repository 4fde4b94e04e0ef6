/** An axis of a drawing that the report makes itself; places on it are shares of its length, %. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Decimal places of the ticks. */
  readonly digits: number;
}

const MOST_TICKS = 6;
/** Free space at each end, as a share of what is shown. */
const MARGIN = 0.04;
/** Less is a rounding error. */
const LEAST_SPAN = 1e-9;

/** Covers the values; `most`: how many ticks there is room for. */
export function scaleOf(values: readonly number[], most = MOST_TICKS): Scale {
  const [lowest, highest] = values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
  const span = [highest - lowest, Math.abs(highest)].find((length) => length > LEAST_SPAN * Math.max(1, Math.abs(highest))) ?? 1;
  const [low, high] = [lowest - MARGIN * span, highest + MARGIN * span];
  const step = stepOf((high - low) / most);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) ticks.push(i * step);
  return { low, high, ticks, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/**
 * What matters decides the scale, so that one value far away does not squeeze all others together: of `others` it covers what is not
 * farther from `main` than `reach` times its width.
 */
export function scaleAround(main: readonly number[], others: readonly number[], reach: number, most = MOST_TICKS): Scale {
  const [low, high] = main.length === 0 ? [0, 0] : [Math.min(...main), Math.max(...main)];
  const room = reach * (high - low);
  if (room === 0) return scaleOf([...main, ...others], most);
  return scaleOf([...main, ...others.map((value) => Math.min(high + room, Math.max(low - room, value)))], most);
}

export function placeOn({ low, high }: Scale, value: number): number {
  return Number(((100 * (value - low)) / (high - low)).toFixed(1));
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}
