/** How a rate did. `judged`: with enough samples for every bound. */
export interface KneeAnswer {
  readonly isGood: boolean;
  readonly judged: boolean;
}

export interface Knee {
  /** Undefined: not even the lowest rate was good. */
  readonly lastGood: number | undefined;
  /** The lowest rate that broke; undefined when none did. */
  readonly firstBad: number | undefined;
}

export interface KneeSearch {
  /** Where it begins; per second, like all rates. */
  readonly first: number;
  readonly least: number;
  readonly most: number;
  /** It ends when the first bad rate is at most this much above the last good one: 0.05 is 5 %. */
  readonly precision: number;
  /** One rate for a while; undefined: the search is to end. `confirm`: for as long as a judgement takes. */
  readonly run: (perSecond: number, confirm: boolean) => Promise<KneeAnswer | undefined>;
}

/** Doubles the rate until it breaks, halves the gap until it is small, and confirms what is left where samples were too few. */
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
    // What a longer look broke was not good; what is good lies below.
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
