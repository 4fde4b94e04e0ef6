import { Parser, type CST } from 'yaml';

/** Settings and plans need fewer. */
export const MOST_LEVELS = 16;

/** The YAML composer recurses: a file with thousands of levels would overflow the stack. */
export function isTooDeep(text: string): boolean {
  return depthOf(text) > MOST_LEVELS;
}

/** Levels of nesting, found without recursion. */
function depthOf(text: string): number {
  let deepest = 0;
  const waiting: { token: CST.Token; depth: number }[] = [];
  for (const token of new Parser().parse(text)) waiting.push({ token, depth: 0 });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    deepest = Math.max(deepest, depth);
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      for (const child of [item.key, item.value])
        if (child !== undefined && child !== null) waiting.push({ token: child, depth: depth + 1 });
    }
  }
  return deepest;
}
