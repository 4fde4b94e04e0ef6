import { at } from '../util/array.ts';

/** ` (did you mean X?)` for the candidate that `word` most likely misspells, or ''. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = closest(word, candidates);
  return best === undefined ? '' : ` (did you mean ${best}?)`;
}

/** A name without its section is compared with the names of all sections. */
function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, 0.4 * word.length);
  const typed = word.toLowerCase();
  for (const candidate of candidates) {
    const whole = candidate.toLowerCase();
    const spellings = typed.includes('.') ? [whole] : [whole, whole.slice(whole.lastIndexOf('.') + 1)];
    const distance = Math.min(...spellings.map((spelling) => editDistance(typed, spelling)));
    if (distance > bestDistance || (distance === bestDistance && best !== undefined)) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swaps of neighbors from one to the other (Levenshtein, with swaps). Own code, because it is
 * short, commander does not export its own, and each package in a process that holds keys is one more to trust.
 */
function editDistance(from: string, to: string): number {
  // No typo is that long; this bounds the work on long input.
  if (Math.abs(from.length - to.length) > 40) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  let before = row;
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, to.length);
}
