import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type Pair, type YAMLMap } from 'yaml';
import { parseJson } from '../util/json.ts';
import { SECTIONS } from './fields.ts';
import { commonKey, isSymbolName, keyNamed, SYMBOL_SECTIONS } from './keys.ts';
import { isTooDeep, MOST_LEVELS } from './yaml-depth.ts';
import { shown, unknownKey, type Entry, type Reading } from './layers.ts';

const SYMBOLS = 'symbols';

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
  readMap(document.contents, { prefix: '' }, { entries, problems, place });
  return { entries, problems };
}

interface Found {
  readonly entries: Entry[];
  readonly problems: string[];
  place(offset: number): string;
}

/** Where the keys of a mapping stand. */
interface At {
  /** Of their full names: `quoting.`. */
  readonly prefix: string;
  /** Below `symbols`: whose settings they are. */
  readonly symbol?: string;
}

function readMap(map: YAMLMap, at: At, found: Found): void {
  const seen = new Map<string, string>();
  for (const pair of map.items) {
    const { text, offset } = nameOf(pair);
    const key = `${at.prefix}${text}`;
    const source = found.place(offset);
    const earlier = seen.get(key);
    // A setting that is given twice is reported by `resolve`, which sees both the nested and the dotted form.
    if (earlier !== undefined && commonKey(key) === undefined)
      found.problems.push(`${shownKey(key)}: expected once (from ${earlier} and ${source})`);
    seen.set(key, source);
    if (key === SYMBOLS && at.symbol === undefined) readSymbols(pair, source, found);
    else readPair(pair, key, { at, source }, found);
  }
}

function readSymbols({ value }: Pair, source: string, found: Found): void {
  if (!isMap(value)) {
    found.problems.push(`${SYMBOLS}: expected symbols and their settings, was ${shapeOf(value)} (from ${source})`);
    return;
  }
  const seen = new Set<string>();
  for (const pair of value.items) {
    const { text: symbol, offset } = nameOf(pair);
    const place = found.place(offset);
    const [name, problem] = [`${SYMBOLS}.${shownKey(symbol)}`, symbolProblem(symbol, pair.value, seen)];
    seen.add(symbol);
    if (problem !== undefined) found.problems.push(`${name}: ${problem} (from ${place})`);
    else if (isMap(pair.value)) readMap(pair.value, { prefix: '', symbol }, found);
  }
}

function symbolProblem(symbol: string, value: unknown, seen: ReadonlySet<string>): string | undefined {
  if (!isSymbolName(symbol)) return 'expected a symbol like ETHUSDT';
  if (seen.has(symbol)) return 'expected once';
  return isMap(value) ? undefined : `expected the settings of this symbol, was ${shapeOf(value)}`;
}

function readPair({ value }: Pair, key: string, { at, source }: { readonly at: At; readonly source: string }, found: Found): void {
  const { symbol } = at;
  const name = symbol === undefined ? key : `${symbol}:${key}`;
  const sections = symbol === undefined ? SECTIONS : SYMBOL_SECTIONS;
  // In a file a symbol stands below `symbols`, not before its keys.
  const known = commonKey(key) === undefined ? undefined : keyNamed(name);
  if (known !== undefined) {
    if (isScalar(value) && value.source !== undefined && value.tag === undefined) {
      const quoted = value.type !== Scalar.PLAIN;
      found.entries.push({ key: name, text: value.source, quoted, source: found.place(value.range?.[0] ?? 0) });
    } else found.problems.push(`${name}: expected ${known.field.expected}, was ${shapeOf(value)} (from ${source})`);
  } else if (symbol === undefined && ofSymbol(key) !== undefined)
    found.problems.push(`${shownKey(key)}: expected ${ofSymbol(key)} (from ${source})`);
  else if (!sections.includes(key)) found.problems.push(unknownKey(shownKey(name), source, [...SECTIONS, SYMBOLS]));
  else if (isMap(value)) readMap(value, { ...at, prefix: `${key}.` }, found);
  else found.problems.push(`${name}: expected the keys of this section, was ${shapeOf(value)} (from ${source})`);
}

/** How a file has the setting of a symbol that is named in the key itself; undefined for other keys. */
function ofSymbol(key: string): string | undefined {
  const [, symbol = '', common = ''] = /^(?:symbols\.)?([A-Z0-9-]+)[:.](.+)$/.exec(key) ?? [];
  return commonKey(common) === undefined || !isSymbolName(symbol)
    ? undefined
    : `it below the symbol, as symbols: { ${symbol}: { ${common}: ... } }`;
}

/** For a message. */
function shownKey(key: string): string {
  return shown(key).slice(1, -1);
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
