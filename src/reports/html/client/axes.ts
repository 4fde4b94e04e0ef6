import type uPlot from 'uplot';
import { unpack } from '../packed.ts';
import type { Plot } from '../plots.ts';
import { figureText, percentileText, TIME_STEPS, timeText } from './text.ts';
import { colorOf } from './theme.ts';
import type { Zoom } from './zoom.ts';

/** The same for all plots, so that their time axes line up. */
const AXIS_WIDTH = 66;
const SHARES = [1, 2, 4, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
const MOST_LABELS = 7;

export function xScale({ axis, x, lines }: Plot, zoom: Zoom): uPlot.Scale {
  if (axis === 'time') return { time: false, range: () => [zoom.span.min, zoom.span.max] };
  const all = unpack(x).map((value) => value ?? 1);
  const [first = 1, last = 10] = [all[0], all.at(-1)];
  if (axis === 'share') return { time: false, distr: 3, range: () => [1, Math.max(10, last)] };
  // Bins already leave room on the right: the last one is empty.
  const margin = lines.some(({ shape }) => shape === 'bars') ? 1 : 1.15;
  return { time: false, distr: 3, range: () => [first / margin, Math.max(last, first * 1.1) * margin] };
}

/** A log axis has room for the limits; on a linear axis they would squeeze the lines. */
export function yScale({ scale, atLeast, limits }: Plot): uPlot.Scale {
  const bounds = [...(atLeast ?? []), ...(scale === 'log' ? limits.map(({ value }) => value) : [])];
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  if (scale === 'log') {
    const range: uPlot.Range.Function = (_, min, max) => [0.8 * Math.max(0.01, Math.min(min ?? low, low)), 2 * Math.max(max ?? high, high)];
    return { distr: 3, range };
  }
  return {
    range: (_, min, max) => {
      const [from, to] = [Math.min(min ?? low, low), Math.max(max ?? high, high)];
      if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
      if (from === to) return [from - (from === low ? 0 : 1), to + 1];
      const margin = (to - from) * 0.06;
      // A bound set by the plot needs no margin.
      return [from === low ? from : from - margin, to === high ? to : to + margin];
    },
  };
}

export function xAxis({ axis }: Plot): uPlot.Axis {
  const common = { ...axisColors(), size: 28 };
  if (axis === 'time')
    return { ...common, incrs: TIME_STEPS, space: 72, values: (_, splits, __, ___, step) => splits.map((ms) => timeText(ms, step)) };
  if (axis === 'log')
    return {
      ...common,
      splits: (_, __, min, max) => logSteps(min, max),
      filter: (_, splits) => fewLabels(splits),
      values: (_, splits) => splits.map(logText),
    };
  return {
    ...common,
    splits: (u) => SHARES.filter((n) => n <= (u.scales['x']?.max ?? 10)),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map(percentileText),
  };
}

export function yAxis({ scale, lines }: Plot): uPlot.Axis {
  const digits = Math.max(...lines.map((line) => line.digits));
  const common = { ...axisColors(), size: AXIS_WIDTH };
  if (scale === 'linear')
    return { ...common, values: (_, splits, __, ___, step) => splits.map((value) => figureText(value, decimalsFor(step, digits))) };
  return {
    ...common,
    splits: (_, __, min, max) => logSteps(min, max),
    filter: (_, splits) => fewLabels(splits),
    values: (_, splits) => splits.map(logText),
  };
}

function fewLabels(splits: readonly number[]): (number | null)[] {
  return splits.map((value) => (splits.length <= MOST_LABELS || isTenfold(value) ? value : null));
}

function logText(value: number | null): string {
  return value === null ? '' : figureText(value, decimalsFor(value, 2));
}

const LEAST_LABELS = 3;

/** 1, 2 and 5 times each power of ten; in a narrow range, equal factors between its ends. */
function logSteps(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const tenfolds = Array.from({ length: Math.ceil(Math.log10(max)) - first + 1 }, (_, i) => first + i);
  const steps = tenfolds
    .flatMap((power) => [1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(1))))
    .filter((value) => value >= min && value <= max);
  if (steps.length >= LEAST_LABELS) return steps;
  const between = Array.from({ length: LEAST_LABELS }, (_, i) => min * (max / min) ** ((i + 0.5) / LEAST_LABELS));
  return [...new Set(between.map((value) => Number(value.toPrecision(2))))].filter((value) => value >= min && value <= max);
}

function axisColors(): uPlot.Axis {
  const grid = { stroke: () => colorOf('rule'), width: 1 };
  return { stroke: () => colorOf('dim'), grid, ticks: { ...grid, size: 4 }, font: '11px system-ui, sans-serif' };
}

/** As many decimals as the step between two labels needs: 0.025 has three. */
function decimalsFor(step: number, most: number): number {
  const isExact = (decimals: number): boolean => Math.abs(step - Number(step.toFixed(decimals))) < step * 1e-6;
  const needed = Array.from({ length: 9 }, (_, decimals) => decimals).find(isExact) ?? 8;
  return Math.min(needed, Math.max(most, 3));
}

function isTenfold(value: number): boolean {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}
