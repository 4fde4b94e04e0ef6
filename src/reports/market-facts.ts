import type { Fact } from '../harness/market-facts/facts.ts';
import { KNOWN_FACTS } from '../harness/market-facts/known-facts.ts';
import { sampleOf } from '../statistics/sample.ts';
import { at } from '../util/array.ts';
import { grouped } from './text/format.ts';
import type { Table } from './text/table.ts';

/** The facts of one market: of a model from several seeds, of a recording from one record. */
export interface MarketFacts {
  /** `btc BTCUSDT`, or the file and the symbol. */
  readonly name: string;
  /** Of one record. */
  readonly minutes: number;
  readonly records: number;
  readonly facts: readonly FactFigure[];
}

export interface FactFigure {
  readonly name: string;
  /** Mean over the records; null where they are too short. */
  readonly value: number | null;
  /** Standard error of the mean; null with one record. */
  readonly error: number | null;
}

/** `records`: the facts of each record, all with the same names. */
export function marketFacts(name: string, minutes: number, records: readonly (readonly Fact[])[]): MarketFacts {
  const facts = at(records, 0).map((fact, i): FactFigure => {
    const values = records.map((record) => at(record, i).value).filter(Number.isFinite);
    const sample = sampleOf(values);
    const { deviation } = sample ?? {};
    return {
      name: fact.name,
      value: sample?.mean ?? null,
      error: deviation === undefined ? null : deviation / Math.sqrt(values.length),
    };
  });
  return { name, minutes, records: records.length, facts };
}

/** Markets side by side, and what is known of real ones. */
export function factsTable(markets: readonly MarketFacts[]): Table {
  const known = new Map(KNOWN_FACTS.map((fact) => [fact.name, fact.real]));
  return {
    title: 'Facts',
    head: ['fact', ...markets.map(({ name }) => name), 'real BTCUSDT'],
    rows: [
      ['watched', ...markets.map(watchedText), ''],
      ...at(markets, 0).facts.map(({ name }, i) => [name, ...markets.map(({ facts }) => cellOf(at(facts, i))), known.get(name) ?? '']),
    ],
    hasShortCells: true,
  };
}

/** `4 × 60 min`. */
function watchedText({ minutes, records }: MarketFacts): string {
  return `${records === 1 ? '' : `${records} × `}${minutes.toFixed(minutes < 10 ? 1 : 0)} min`;
}

function cellOf({ value, error }: FactFigure): string {
  if (value === null) return '–';
  const text = (number: number): string => (Math.abs(value) >= 100 ? grouped(Math.round(number)) : number.toFixed(3));
  return error === null ? text(value) : `${text(value)} ± ${text(error)}`;
}
