/** A question that a campaign answers by yes, no or undecided: `net > 0`, `s1 > conservative`, `s1/levels=2 > -0.5`. */
export interface Expectation {
  readonly text: string;
  /** Name of a setup; `net` is the best one. */
  readonly left: string;
  readonly atLeast: boolean;
  /** Name of a setup, or bps. */
  readonly right: string | number;
}

const QUESTION = /^\s*(.+?)\s*([<>])\s*(.+?)\s*$/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
/** The best setup. */
export const BEST = 'net';

/** Undefined when it is no question. Whether the setups exist is another one. */
export function expectationIn(text: string): Expectation | undefined {
  const [, left, sign, right] = QUESTION.exec(text) ?? [];
  if (left === undefined || right === undefined || /[<>]/.test(right) || NUMBER.test(left)) return undefined;
  return { text: text.trim(), left, atLeast: sign === '>', right: NUMBER.test(right) ? Number(right) : right };
}

/** The names of setups in it. */
export function namesIn({ left, right }: Expectation): string[] {
  return [left, right].filter((side) => typeof side === 'string').filter((name) => name !== BEST);
}

/** Whether a question about a setup of this name can mean only that. */
export function canBeAsked(name: string): boolean {
  return name !== BEST && !NUMBER.test(name) && !/[<>]/.test(name);
}
