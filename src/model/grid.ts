import { assert } from '../util/assert.ts';
import { decimal, fixedUnitsText, parseDecimal, toText, unitsAt, unitsText, type Decimal } from '../util/decimal.ts';

/** The step size of an instrument's prices or quantities. */
export interface Grid {
  /** One step, exactly. */
  readonly step: Decimal;
  /** One step as a float, for estimates and reports. */
  readonly size: number;
  /** The same as a fraction of whole numbers, `sizeUnits / sizeScale`. */
  readonly sizeUnits: number;
  readonly sizeScale: number;
  /** Decimals in which the exchange writes values (`65114.20` has 2, though the tick is 0.10). */
  readonly decimals: number;
  /** One step in units of the last of these decimals. */
  readonly unitsPerStep: number;
  /** One step as text without trailing zeros. */
  readonly text: string;
}

/** `step`: decimal text, positive; `decimals`: those of `step` unless the exchange writes more. */
export function grid(step: string, decimals?: number): Grid {
  const value = decimal(step);
  assert(value.units > 0n, `step ${step} must be positive`);
  const { units, scale } = value;
  const written = Math.max(decimals ?? 0, scale);
  return {
    step: value,
    size: Number(step),
    sizeUnits: Number(units),
    sizeScale: 10 ** scale,
    decimals: written,
    unitsPerStep: Number(unitsAt(value, written)),
    text: toText(value),
  };
}

/** Whole steps in decimal text; undefined when it is not a number or lies off the grid. Exact. */
export function parseSteps(text: string, { step }: Grid): number | undefined {
  const fast = parseShort(text, step);
  if (fast !== undefined) return fast;
  const value = parseDecimal(text);
  if (value === undefined) return undefined;
  const scale = Math.max(value.scale, step.scale);
  const units = unitsAt(value, scale);
  const stepUnits = unitsAt(step, scale);
  if (units % stepUnits !== 0n) return undefined;
  const steps = Number(units / stepUnits);
  return Number.isSafeInteger(steps) ? steps : undefined;
}

/** The exchange's text for `steps`, with all its decimals. Exact. */
export function formatSteps(steps: number, { step, decimals, unitsPerStep }: Grid): string {
  // The message is built only on failure: every price and quantity on the wire passes here.
  if (!Number.isSafeInteger(steps)) assert(false, `${steps} steps`);
  const units = steps * unitsPerStep;
  return fixedUnitsText(Number.isSafeInteger(units) ? units : BigInt(steps) * unitsAt(step, decimals), decimals);
}

/** The same without trailing zeros, for display. */
export function formatStepsShort(steps: number, { step, sizeUnits }: Grid): string {
  const units = steps * sizeUnits;
  return unitsText(Number.isSafeInteger(units) ? units : BigInt(steps) * step.units, step.scale);
}

/**
 * `steps` as a float: for estimates and reports, never for an order. The only rounding is that of the division, so that 65079.2 is not shown
 * as 65079.200000000004, which is 650792 * 0.1.
 */
export function stepsToNumber(steps: number, { sizeUnits, sizeScale }: Grid): number {
  return (steps * sizeUnits) / sizeScale;
}

const ZERO = 48;
const POINT = 46;

/** The common case without bigints: unsigned, on the step's own decimals, at most 15 digits. */
function parseShort(text: string, step: Decimal): number | undefined {
  if (text.length === 0 || text.length > 15) return undefined;
  let value = 0;
  let decimals = -1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === POINT) {
      if (decimals >= 0 || i === 0 || i === text.length - 1) return undefined;
      decimals = 0;
    } else if (code >= ZERO && code <= ZERO + 9) {
      value = value * 10 + (code - ZERO);
      if (decimals >= 0) decimals += 1;
    } else return undefined;
  }
  for (let scale = Math.max(decimals, 0); scale < step.scale; scale += 1) value *= 10;
  let stepUnits = Number(step.units);
  for (let scale = step.scale; scale < decimals; scale += 1) stepUnits *= 10;
  if (value > Number.MAX_SAFE_INTEGER || stepUnits > Number.MAX_SAFE_INTEGER || value % stepUnits !== 0) return undefined;
  return value / stepUnits;
}
