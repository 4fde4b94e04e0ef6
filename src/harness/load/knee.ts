/** Result of a rate. `judged`: there were enough samples for every bound. */
export interface KneeAnswer {
  readonly isGood: boolean;
  readonly judged: boolean;
}

export interface Knee {
  /** Undefined: even the lowest rate failed. */
  readonly lastGood: number | undefined;
  /** The lowest rate that failed; undefined when none did. */
  readonly firstBad: number | undefined;
}

export interface KneeSearch {
  /** The first rate; per second, like all rates. */
  readonly first: number;
  readonly least: number;
  readonly most: number;
  /** The search ends when the first bad rate is at most this much above the last good one: 0.05 is 5 %. */
  readonly precision: number;
  /** Runs one rate; undefined: end the search. `confirm`: run long enough to judge every bound. */
  readonly run: (perSecond: number, confirm: boolean) => Promise<KneeAnswer | undefined>;
}

/** Doubles the rate until it fails, then bisects down to `precision`, and confirms the result if it had too few samples. */
export async function findKnee({ first, least, most, precision, run }: KneeSearch): Promise<Knee> {
  let lastGood: number | undefined;
  let firstBad: number | undefined;
  let isJudged = true;
  for (let next: number | undefined = first; next !== undefined;) {
    const rate: number = next;
    const confirm: boolean = rate === lastGood;
    const answer = await run(rate, confirm);
    if (answer === undefined) break;
    if (answer.isGood) lastGood = rate;
    else firstBad = rate;
    if (answer.isGood) isJudged = answer.judged || confirm;
    // The longer run failed this rate after all; the result is below it.
    if (confirm && !answer.isGood) lastGood = undefined;
    next = nextRate({ lastGood, firstBad, least, most, precision });
    if (next === undefined && lastGood !== undefined && !isJudged) next = lastGood;
  }
  return { lastGood, firstBad };
}

type Found = Knee & Pick<KneeSearch, 'least' | 'most' | 'precision'>;

function nextRate({ lastGood, firstBad, least, most, precision }: Found): number | undefined {
  if (firstBad === undefined) return lastGood === undefined || lastGood >= most ? undefined : Math.min(most, lastGood * 2);
  if (lastGood === undefined) return firstBad <= least ? undefined : Math.max(least, firstBad / 2);
  return firstBad <= lastGood * (1 + precision) ? undefined : (lastGood + firstBad) / 2;
}
