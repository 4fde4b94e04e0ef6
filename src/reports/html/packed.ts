/** Numbers stored as differences between neighbors, in whole steps: short in JSON. */
export interface Packed {
  /** Decimal places of a step. */
  readonly decimals: number;
  readonly steps: readonly (number | null)[];
}

const MOST_DECIMALS = 8;

/** Exact up to eight decimal places. A null stays null; the next difference is to the last number before it. */
export function pack(values: readonly (number | null | undefined)[]): Packed {
  const decimals = Math.min(MOST_DECIMALS, Math.max(0, ...values.map(decimalsOf)));
  let last = 0;
  const steps = values.map((value) => {
    if (value === null || value === undefined) return null;
    const whole = Math.round(value * 10 ** decimals);
    const step = whole - last;
    last = whole;
    return step;
  });
  return { decimals, steps };
}

export function unpack({ decimals, steps }: Packed): (number | null)[] {
  let whole = 0;
  return steps.map((step) => {
    if (step === null) return null;
    whole += step;
    return whole / 10 ** decimals;
  });
}

function decimalsOf(value: number | null | undefined): number {
  const text = String(value ?? 0);
  if (text.includes('e')) return MOST_DECIMALS;
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}
