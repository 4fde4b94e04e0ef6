import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type Pair, type YAMLMap } from 'yaml';
import { parseJson } from '../util/json.ts';
import { SECTIONS } from './fields.ts';
import { isSymbolName, keyNamed, SYMBOL_SECTIONS } from './keys.ts';
import { isTooDeep, MOST_LEVELS } from './yaml-depth.ts';
import { shown, unknownKey, type Entry, type Reading } from './layers.ts';

const SYMBOLS = 'symbols';
const OF_SYMBOL = /^symbols\.([^.]+)\./;

/**
 * Reads a profile or override file: YAML, or strict JSON when `name` ends in `.json`. Keys are nested (`quoting: { baseSpreadBps: 1 }`)
 * or dotted (`quoting.baseSpreadBps: 1`); those of one symbol are below `symbols` and its name. `name`: the file as shown in messages.
 */
export function parseFile(content: string, name: string): Reading {
  const refused = (what: string): Reading => ({ entries: [], problems: [`${name}: expected ${what} (from ${name})`] });
  if (content.includes('\0') || content.includes('\ufffd')) return refused('UTF-8 text');
  const text = content.replace(/^\ufeff/, '');
  if (isTooDeep(text)) return refused(`at most ${MOST_LEVELS} levels of nesting`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return {
      entries: [],
      problems: faults.map((fault) => `${name}: expected YAML or JSON, was ${fault.message} (from ${place(fault.pos[0])})`),
    };
  }
  if (name.endsWith('.json') && parseJson(text) === undefined) return refused('strict JSON, because its name ends in .json');
  const entries: Entry[] = [];
  const problems: string[] = [];
  if (!isMap(document.contents)) return refused('keys and values');
  readMap(document.contents, '', { entries, problems, place });
  return { entries, problems };
}

interface Found {
  readonly entries: Entry[];
  readonly problems: string[];
  place(offset: number): string;
}

function readMap(map: YAMLMap, prefix: string, found: Found): void {
  const seen = new Map<string, string>();
  for (const pair of map.items) {
    const { text, offset } = nameOf(pair);
    const key = `${prefix}${text}`;
    const source = found.place(offset);
    const earlier = seen.get(key);
    // A setting that is given twice is reported by `resolve`, which sees both the nested and the dotted form.
    if (earlier !== undefined && keyNamed(settingIn(key)) === undefined)
      found.problems.push(`${key}: expected once (from ${earlier} and ${source})`);
    seen.set(key, source);
    readPair(pair, key, source, found);
  }
}

function readPair({ value }: Pair, key: string, source: string, found: Found): void {
  const name = settingIn(key);
  const known = keyNamed(name);
  if (known !== undefined) {
    if (isScalar(value) && value.source !== undefined && value.tag === undefined) {
      const quoted = value.type !== Scalar.PLAIN;
      found.entries.push({ key: name, text: value.source, quoted, source: found.place(value.range?.[0] ?? 0) });
    } else found.problems.push(`${key}: expected ${known.field.expected}, was ${shapeOf(value)} (from ${source})`);
  } else if (!isSection(key)) found.problems.push(unknownKey(shown(name).slice(1, -1), source, [...SECTIONS, SYMBOLS]));
  else if (isMap(value)) readMap(value, `${key}.`, found);
  else found.problems.push(`${key}: expected the keys of this section, was ${shapeOf(value)} (from ${source})`);
}

/** `ETHUSDT:quoting.levels` for `symbols.ETHUSDT.quoting.levels`; other keys are as in the file. */
function settingIn(key: string): string {
  return key.replace(OF_SYMBOL, '$1:');
}

/** Whether keys stand below it: a section, `symbols`, a symbol there, or a section of one. */
function isSection(key: string): boolean {
  const [first, symbol, section, ...rest] = key.split('.');
  if (first !== SYMBOLS) return SECTIONS.includes(key);
  if (symbol === undefined) return true;
  return isSymbolName(symbol) && (section === undefined || (rest.length === 0 && SYMBOL_SECTIONS.includes(section)));
}

function nameOf({ key }: Pair): { text: string; offset: number } {
  if (isScalar(key)) return { text: key.source ?? '', offset: key.range?.[0] ?? 0 };
  const offset = isMap(key) || isSeq(key) || isAlias(key) ? (key.range?.[0] ?? 0) : 0;
  return { text: '(no text)', offset };
}

function shapeOf(value: unknown): string {
  if (isMap(value)) return 'a mapping';
  if (isSeq(value)) return 'a list';
  if (isAlias(value)) return 'an alias';
  if (isScalar(value) && value.tag !== undefined) return 'a value with a tag';
  // Not the value itself, which may be a secret in the wrong place.
  return isScalar(value) && value.source === '' && value.type === Scalar.PLAIN ? 'empty' : 'a single value';
}
