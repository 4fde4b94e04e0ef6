import { InvalidArgumentError } from 'commander';
import type { Settings } from '../../config/fields.ts';
import type { SlaBound } from '../../harness/load/sla.ts';
import { LISTED_SYMBOLS } from '../../simulator/instruments.ts';
import { parseSymbols, refuseRepeated } from '../options/symbols.ts';

const UNITS_PER_SECOND = { s: 1, m: 1 / 60, min: 1 / 60, h: 1 / 3600 } as const;
const RATE = /^(\d+(?:\.\d+)?)(?:\/(s|m|min|h))?$/;
const LEAST_PER_SECOND = 1 / 3600;
const MOST_PER_SECOND = 50_000;

/** A rate with its text on the command line. */
export interface NamedRate {
  readonly text: string;
  readonly perSecond: number;
}

/** Parser for commander: orders over all symbols, as `50` per minute, `50/s`, `100/min` or `3000/h`. */
export function parseRate(text: string): NamedRate {
  const [, count = '', unit = 'min'] = RATE.exec(text) ?? [];
  const perSecond = count === '' || !isUnit(unit) ? Number.NaN : Number(count) * UNITS_PER_SECOND[unit];
  if (perSecond >= LEAST_PER_SECOND && perSecond <= MOST_PER_SECOND) return { text, perSecond };
  throw new InvalidArgumentError(
    `Expected orders per minute (50) or with a unit (9/s, 100/min, 3000/h), up to ${MOST_PER_SECOND}/s, was '${text}'.`,
  );
}

function isUnit(unit: string): unit is keyof typeof UNITS_PER_SECOND {
  return unit in UNITS_PER_SECOND;
}

const BOUND = /^(p(\d{1,2}(?:\.\d{1,3})?)|max)=(\d+(?:\.\d+)?)(ms)?$/;
const LONGEST_BOUND_MS = 60_000;

/** Parser for commander: bounds in ms like `p95=340,p99=500`; also `p50`, `p99.9`, `max`. */
export function parseSla(text: string): readonly SlaBound[] {
  const bounds = text.split(',').map((word) => boundIn(word.trim()));
  refuseRepeated(bounds.map(({ name }) => name));
  return bounds;
}

function boundIn(word: string): SlaBound {
  const [, name = '', percent, bound = ''] = BOUND.exec(word) ?? [];
  // Parsed from text, because 99.9 / 100 is not exactly 0.999.
  const quantile = name === 'max' ? 1 : Number(`${percent}e-2`);
  const boundMs = Number(bound);
  if (name === '' || !(quantile > 0) || !(boundMs > 0 && boundMs <= LONGEST_BOUND_MS)) {
    throw new InvalidArgumentError(`Expected bounds in ms like p95=340,p99=500 (also p50, p99.9, max), was '${word}'.`);
  }
  return { name, quantile, boundMs, source: '--sla' };
}

/** The default SLA: the latency thresholds of the profile. */
export function slaOf({ orderLatencyP95Ms, orderLatencyP99Ms }: Settings['thresholds']): readonly SlaBound[] {
  return [
    { name: 'p95', quantile: 0.95, boundMs: orderLatencyP95Ms, source: 'thresholds.orderLatencyP95Ms' },
    { name: 'p99', quantile: 0.99, boundMs: orderLatencyP99Ms, source: 'thresholds.orderLatencyP99Ms' },
  ];
}

/** Parser for commander: symbols like `BTCUSDT,ETHUSDT`, or how many of the most liquid ones. */
export function parseLoadSymbols(text: string): readonly string[] {
  if (!/^\d+$/.test(text)) return parseSymbols(text);
  const count = Number(text);
  if (count >= 1 && count <= LISTED_SYMBOLS.length) return LISTED_SYMBOLS.slice(0, count);
  throw new InvalidArgumentError(`Expected symbols like BTCUSDT,ETHUSDT or a count from 1 to ${LISTED_SYMBOLS.length}, was '${text}'.`);
}

/** Parser for commander: a number from 0 to 1. */
export function parseRatio(text: string): number {
  const value = /^\d(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`Expected a share from 0 to 1, was '${text}'.`);
}

/** Parser for commander: `0`, or a time like `5` or `90s`, in ms. */
export function parseWarmUp(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(text);
  if (match !== null) return Math.round(Number(match[1]) * (match[2] === 'm' ? 60_000 : 1000));
  throw new InvalidArgumentError(`Expected seconds (5), a time like 90s or 2m, or 0 for none, was '${text}'.`);
}

/** Settings with very high limits on counts and amounts, for a load beyond the exchange's limits. The risk gate still checks every order. */
export function withoutCountLimits(settings: Settings): Settings {
  const most = { maxOpenOrders: 500, maxOpenNotionalUsd: 1e9, maxPositionUsd: 1e8, maxOrdersPerDay: 1e8 };
  const raised = (each: Settings): Settings => ({ ...each, risk: { ...each.risk, ...most } });
  const { bySymbol } = settings;
  return bySymbol === undefined
    ? raised(settings)
    : { ...raised(settings), bySymbol: new Map([...bySymbol].map(([symbol, own]) => [symbol, raised(own)])) };
}
