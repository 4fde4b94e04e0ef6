import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { shown } from '../../config/layers.ts';
import { isTooDeep, MOST_LEVELS } from '../../config/yaml-depth.ts';
import { didYouMean } from '../../config/suggest.ts';
import { messageOf, usageError } from '../../errors.ts';
import { queueModelOf } from '../../simulator/replay/queue-models.ts';
import { durationIn } from '../options/durations.ts';
import { parseSymbols } from '../options/symbols.ts';
import type { CampaignInput, ScenarioInput, SetupInput, VaryInput } from './input.ts';
import { parseSeeds } from './seeds.ts';
import { textsIn } from './vary.ts';

/** Reads a key of a mapping; returns its value. Throws an error with what was expected. */
type Read = (node: unknown, at: string) => unknown;

/** A problem of the file: `KEY: expected ..., was ...`. */
class Problem extends Error {}

/**
 * Reads a plan file (YAML or JSON): the options of `mmbot campaign` that are long, as a document. `name`: the file as shown in messages.
 * Throws a usage error with every problem, each with its line and column.
 */
export function readPlan(content: string, name: string): CampaignInput {
  if (isTooDeep(content)) throw usageError(`${name}: expected at most ${MOST_LEVELS} levels of nesting`, { code: 'plan_invalid' });
  const lines = new LineCounter();
  const document = parseDocument(content.replace(/^\ufeff/, ''), { lineCounter: lines, prettyErrors: false });
  const problems: string[] = [];
  const place = (offset = 0): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  for (const fault of [...document.errors, ...document.warnings])
    problems.push(`${name}: expected YAML or JSON, was ${fault.message} (from ${place(fault.pos[0])})`);
  const reader = new PlanReader(problems, place);
  const input = problems.length > 0 ? {} : (reader.read(document.contents) ?? {});
  if (problems.length === 0) return input;
  const heading = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw usageError([`${heading} in the plan; nothing was started`, ...problems].join('\n  '), {
    code: 'plan_invalid',
    hint: 'docs/campaign.md shows a plan with every key.',
  });
}

class PlanReader {
  readonly #problems: string[];
  readonly #place: (offset?: number) => string;

  constructor(problems: string[], place: (offset?: number) => string) {
    this.#problems = problems;
    this.#place = place;
  }

  /** Undefined when it is no mapping at all. */
  read(node: unknown): CampaignInput | undefined {
    return this.#attempt(this.#place(0), () => this.#plan(node));
  }

  #plan(node: unknown): CampaignInput {
    return this.#map(node, 'the plan', {
      setups: (list) => this.#filled(list, 'setups', (each, at) => this.#setup(each, at)),
      vary: (map) => this.#vary(map),
      scenarios: (list) => this.#filled(list, 'scenarios', (each, at) => this.#scenario(each, at)),
      seeds: (value, at) => parseSeeds(isSeq(value) ? `${this.#filled(value, at, text).join(',')},` : text(value, at)),
      confirm: (value, at) => count(value, at, 0, 10_000),
      finalists: (value, at) => count(value, at, 1, 1000),
      duration: (value, at) => wanted(lengthIn(text(value, at)), value, at, 'a time like 20m, of at least a second'),
      points: (value, at) => count(value, at, 1, 100_000),
      race: flag,
      expect: (list) => this.#filled(list, 'expect', text),
    });
  }

  #setup(node: unknown, at: string): SetupInput {
    return this.#map(node, at, {
      name: text,
      profile: text,
      set: (map) => this.#entries(map, `${at}.set`).map(([key, value]) => `${key}=${text(value, key)}`),
      makerFee: text,
      takerFee: text,
    });
  }

  #scenario(node: unknown, at: string): ScenarioInput {
    return this.#map(node, at, {
      name: text,
      market: text,
      symbols: (value) => parseSymbols(isSeq(value) ? this.#filled(value, `${at}.symbols`, text).join(',') : text(value, at)),
      faults: text,
      replay: (list) => this.#filled(list, `${at}.replay`, text),
      queueModel: (value, key) => wanted(queueModelOf(text(value, key)), value, key, 'a queue model of soak --queue-model'),
    });
  }

  #vary(node: unknown): VaryInput[] {
    return this.#entries(node, 'vary').map(([key, value, source]) => {
      const texts = isSeq(value) ? this.#filled(value, `vary.${key}`, text) : textsIn(text(value, `vary.${key}`), key);
      return { key, texts, source };
    });
  }

  /** Reads the keys of a mapping by `table`. */
  #map(node: unknown, at: string, table: Readonly<Record<string, Read>>): Readonly<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const [key, value, source] of this.#entries(node, at)) {
      const read = Object.hasOwn(table, key) ? table[key] : undefined;
      if (read === undefined)
        this.#problems.push(`${at}: expected a known key${didYouMean(key, Object.keys(table))}, was ${shown(key)} (from ${source})`);
      else this.#attempt(source, () => (found[key] = read(value, key)));
    }
    return found;
  }

  /** A list that is not empty: an empty one would compare nothing, and pass. */
  #filled<T>(node: unknown, at: string, read: (value: unknown, at: string) => T): T[] {
    if (isSeq(node) && node.items.length === 0) throw new Problem(`${at}: expected at least one element`);
    return this.#list(node, at, read);
  }

  #list<T>(node: unknown, at: string, read: (value: unknown, at: string) => T): T[] {
    if (!isSeq(node)) throw new Problem(`${at}: expected a list`);
    return node.items.flatMap((item, i) => {
      const offset = isScalar(item) || isMap(item) || isSeq(item) ? item.range?.[0] : undefined;
      return this.#attempt(this.#place(offset), () => [read(item, `${at}[${i}]`)]) ?? [];
    });
  }

  #entries(node: unknown, at: string): (readonly [key: string, value: unknown, source: string])[] {
    if (!isMap(node)) throw new Problem(`${at}: expected keys and values`);
    const map: YAMLMap = node;
    return map.items.map(({ key, value }) => {
      const isNamed = isScalar(key) && typeof key.value === 'string';
      return [isNamed ? String(key.value) : '(no text)', value, this.#place(isScalar(key) ? key.range?.[0] : undefined)] as const;
    });
  }

  #attempt<T>(source: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#problems.push(`${messageOf(error)} (from ${source})`);
      return undefined;
    }
  }
}

function text(node: unknown, at: string): string {
  if (isScalar(node) && node.source !== undefined && node.source !== '') return node.source;
  throw new Problem(`${at}: expected a single value`);
}

function count(node: unknown, at: string, least: number, most: number): number {
  const given = text(node, at);
  const value = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  return wanted(value >= least && value <= most ? value : undefined, node, at, `a whole number from ${least} to ${most}`);
}

/** ms. */
function lengthIn(given: string): number | undefined {
  const ms = durationIn(given);
  return ms !== undefined && ms >= 1000 ? ms : undefined;
}

function flag(node: unknown, at: string): boolean {
  return wanted(isScalar(node) && typeof node.value === 'boolean' ? node.value : undefined, node, at, 'true or false');
}

function wanted<T>(value: T | undefined, node: unknown, at: string, expected: string): T {
  if (value !== undefined) return value;
  throw new Problem(`${at}: expected ${expected}, was ${shown(text(node, at))}`);
}
