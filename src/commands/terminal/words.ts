import { Help } from 'commander';
import stringWidth from 'string-width';

/** Commander's wrapping of its help, for a text of any width and any script. */
class Words extends Help {
  override minWidthToWrap = 1;

  override displayWidth(text: string): number {
    return widthOf(text);
  }
}

const WORDS = new Words();
/** Where a word that is longer than a line is broken: a path after a slash, then names after a dot and the like. */
const BREAKS: readonly RegExp[] = [/(?<=\/)/, /(?<=[._:=,-])/];
/** Control sequences of styles, which have no width, and characters. */
const CHARACTERS = new RegExp(String.raw`\u001B\[[\d;]*m|.`, 'gu');
/** Ways to break words, the gentlest first: `BREAKS` up to this number. */
export const WAYS: readonly number[] = [0, 1, 2];

/** Columns of a text without its styles. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Wraps at words. A word that is longer than a line stays whole, so that it can be copied. Further lines are indented by `indent` spaces. */
export function atWords(text: string, columns: number, indent = 0): string {
  return WORDS.boxWrap(text, columns - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** Breaks the words that are longer than `columns`. `text` may have styles. */
export function brokenWords(text: string, columns: number): string {
  return text.replaceAll(/\S+/g, (word) => partsOf(word, columns, BREAKS).join('\n'));
}

/** Columns of the longest part of a text that is broken in one of the `WAYS`. */
export function longestPart(text: string, way: number): number {
  const parts = BREAKS.slice(0, way).reduce((texts, at) => texts.flatMap((each) => each.split(at)), text.split(/\s+/));
  return Math.max(0, ...parts.map(widthOf));
}

function partsOf(word: string, columns: number, [at, ...others]: readonly RegExp[]): readonly string[] {
  if (widthOf(word) <= columns) return [word];
  const parts = at === undefined ? (word.match(CHARACTERS) ?? []) : word.split(at).flatMap((part) => partsOf(part, columns, others));
  return packed(parts, columns);
}

/** As many parts on each line as fit. */
function packed(parts: readonly string[], columns: number): readonly string[] {
  return parts.reduce<readonly string[]>((lines, part) => {
    const joined = (lines.at(-1) ?? '') + part;
    return lines.length > 0 && widthOf(joined) <= columns ? [...lines.slice(0, -1), joined] : [...lines, part];
  }, []);
}
