import { describe, expect, it } from 'vitest';
import { at } from '../../src/util/array.ts';
import { defined } from '../../src/util/assert.ts';
import { edgeBps, grossBps, runPlainMaker, type MakerResult } from '../support/bots/plain-maker.ts';
import { factsOf, type Fact } from '../../src/harness/market-facts/facts.ts';
import { KNOWN_FACTS } from '../../src/harness/market-facts/known-facts.ts';
import { factsTable, marketFacts, type MarketFacts } from '../../src/reports/market-facts.ts';
import { observedModel } from '../../src/wiring/observed-market.ts';

const SEEDS = Array.from({ length: 10 }, (_, i) => i);
const FACT_SEEDS = 8;
const FACTS_HOURS = 4;
const MAKER_MINUTES = 120;
/** Some minutes on a quiet machine. */
const TIMEOUT_MS = 3_600_000;

async function watched(symbol: string): Promise<MarketFacts> {
  const records: Fact[][] = [];
  for (let seed = 1; seed <= FACT_SEEDS; seed += 1)
    records.push(factsOf(await observedModel({ market: 'btc', symbol, seed: `facts-${seed}`, durationMs: FACTS_HOURS * 3_600_000 })));
  const facts = marketFacts(`btc ${symbol}`, 60 * FACTS_HOURS, records);
  const { head, rows } = factsTable([facts]);
  console.log(
    [head, ...rows]
      .map((row) =>
        row
          .map((cell) => cell.padEnd(44))
          .join('')
          .trimEnd(),
      )
      .join('\n'),
  );
  return facts;
}

/** The facts whose mean lies outside its band, with the standard error. */
function outside({ facts }: MarketFacts): string[] {
  return facts.flatMap(({ name, value, error }) => {
    const [least, most] = KNOWN_FACTS.find((known) => known.name === name)?.band ?? [-Infinity, Infinity];
    return value !== null && value >= least && value <= most ? [] : [`${name}: ${value} ± ${error}`];
  });
}

const valueOf = ({ facts }: MarketFacts, fact: string): number => {
  const { value } = defined(
    facts.find(({ name }) => name === fact),
    fact,
  );
  return defined(value ?? undefined, fact);
};

describe('the btc market', () => {
  it.each(['BTCUSDT', 'ETHUSDT'])('shows the facts of a real one: %s', { timeout: TIMEOUT_MS }, async (symbol) => {
    const facts = await watched(symbol);
    expect(outside(facts)).toEqual([]);
    // What takers knew shows within seconds. A trend would go on.
    const [soon, later] = [5, 60].map((seconds) => valueOf(facts, `markout of takers ${seconds} s, bps`)) as [number, number];
    expect(later).toBeLessThanOrEqual(1.5 * soon);
    const kurtosis = [0.1, 0.5, 1, 5, 10, 30].map((seconds) => valueOf(facts, `kurtosis ${seconds} s`));
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
