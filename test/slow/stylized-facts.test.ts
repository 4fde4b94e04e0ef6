import { describe, expect, it } from 'vitest';
import { at } from '../../src/util/array.ts';
import { defined } from '../../src/util/assert.ts';
import { edgeBps, grossBps, runPlainMaker, type MakerResult } from '../support/bots/plain-maker.ts';
import { factsOf, HORIZONS, observeMarket } from '../support/exchange/stylized-facts.ts';

const SEEDS = Array.from({ length: 10 }, (_, i) => i);
const FACTS_MINUTES = 240;
const MAKER_MINUTES = 120;
/** Some minutes on a quiet machine. */
const TIMEOUT_MS = 3_600_000;

/** Real BTCUSDT and what a simulation may show (simulation.md §1.7). */
const BANDS: readonly (readonly [fact: string, real: string, least: number, most: number])[] = [
  ['one tick wide', '.991', 0.6, 1],
  ['market orders /s', '.37 - 15.8', 0, Infinity],
  ['sigma 1 s, bps', '1.2', 0, Infinity],
  ['sign ACF 1', '.199', 0.15, 0.35],
  ['sign ACF 10', '.118', 0.03, 1],
  ['V ratio 0.5 s', '.91', 0.6, 1.2],
  ['V ratio 1 s', '.88', 0.6, 1.2],
  ['V ratio 5 s', '.78', 0.6, 1.2],
  ['V ratio 10 s', '.86', 0.6, 1.2],
  ['V ratio 30 s', '.63', 0.6, 1.2],
  ['kurtosis 0.1 s', '266', 5, Infinity],
  ['kurtosis 0.5 s', '40', -Infinity, Infinity],
  ['kurtosis 1 s', '19', -Infinity, Infinity],
  ['kurtosis 5 s', '3.9', -Infinity, Infinity],
  ['kurtosis 10 s', '1.9', -Infinity, Infinity],
  ['kurtosis 30 s', '.7', -Infinity, 5],
  ['Hill of sizes', '1.3 - 1.7', 1.2, 2.5],
  ['arrival CV', '1.5', 1.1, Infinity],
  ['markout 1 s, bps', '.27', 0.1, 0.5],
];

const median = (values: readonly number[]): number =>
  at(
    values.toSorted((a, b) => a - b),
    values.length >> 1,
  );
const cell = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '-').padStart(9);

describe('the btc market over ten seeds', () => {
  it('shows the facts of a real one, each seed within the bands', { timeout: TIMEOUT_MS }, async () => {
    const facts: Readonly<Record<string, number>>[] = [];
    for (const seed of SEEDS) facts.push(factsOf(await observeMarket('btc', 'BTCUSDT', `facts-${seed}`, FACTS_MINUTES)));
    const valuesOf = (fact: string): number[] => facts.map((values) => defined(values[fact], fact));
    const table = BANDS.map(([fact, real, least, most]) => {
      const values = valuesOf(fact);
      const cells = [median(values), Math.min(...values), Math.max(...values), least, most].map(cell).join(' ');
      return `${fact.padEnd(18)} ${real.padStart(10)} ${cells}`;
    });
    const head = ['median', 'min', 'max', 'from', 'to'].map((title) => title.padStart(9)).join(' ');
    console.log([`${'fact'.padEnd(18)} ${'real'.padStart(10)} ${head}`, ...table].join('\n'));
    const outside = BANDS.flatMap(([fact, , least, most]) =>
      valuesOf(fact).flatMap((value, seed) => (value >= least && value <= most ? [] : [`seed ${seed}: ${fact} ${value}`])),
    );
    expect(outside).toEqual([]);
    const kurtosis = HORIZONS.map((h) => median(valuesOf(`kurtosis ${h} s`)));
    expect(kurtosis).toEqual(kurtosis.toSorted((a, b) => b - a));
  });
});

async function makers(market: 'btc' | 'benign', halfSpreadBps: number, minutes: number): Promise<MakerResult[]> {
  const results = [];
  for (const seed of SEEDS) results.push(await runPlainMaker(market, halfSpreadBps, minutes, `maker-${seed}`));
  const seeds = results.map((result) => grossBps([result]).toFixed(2)).join(' ');
  const fills = results.reduce((sum, result) => sum + result.fills, 0) / ((SEEDS.length * minutes) / 60);
  const half = halfSpreadBps === 0 ? 'touch' : `${halfSpreadBps} bps`;
  console.log(
    `${market} ${half}: gross ${grossBps(results).toFixed(3)} bps of turnover (by seed ${seeds}), edge after a minute ${edgeBps(results).toFixed(3)}, ${fills.toFixed(0)} fills an hour`,
  );
  return results;
}

describe('a maker without a view, before fees', () => {
  it('loses a little at the touch of the btc market, with every seed', { timeout: TIMEOUT_MS }, async () => {
    for (const result of await makers('btc', 0, MAKER_MINUTES)) {
      expect(grossBps([result])).toBeGreaterThan(-0.6);
      expect(grossBps([result])).toBeLessThan(-0.1);
    }
  });

  it('earns more the wider it quotes, over all seeds', { timeout: TIMEOUT_MS }, async () => {
    const results: MakerResult[][] = [];
    for (const half of [0.5, 1, 3, 5]) results.push(await makers('btc', half, MAKER_MINUTES));
    for (const values of [results.map(grossBps), results.map(edgeBps)]) {
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(at(values, 0)).toBeLessThan(0);
      expect(at(values, 3)).toBeGreaterThan(1);
    }
  });

  it('earns in the benign market from 0.5 bp', { timeout: TIMEOUT_MS }, async () => {
    for (const half of [0.5, 1]) expect(grossBps(await makers('benign', half, 60))).toBeGreaterThan(0);
  });
});
