import { InvalidArgumentError } from 'commander';

/** Parser for commander: a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}, was '${text}'.`);
  };
}

/** Parser for commander: a TCP port; 0 lets the system pick one. */
export const portNumber = wholeNumber(0, 65_535);
