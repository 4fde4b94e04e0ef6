import { performance } from 'node:perf_hooks';
import { at } from '../../src/util/array.ts';
import { CONTENDERS } from './contenders.ts';
import { orderStream } from './order-stream.ts';

export interface MatchingRounds {
  readonly commands: number;
  readonly rounds: number;
  /** Median rate of each, and the numbers of trades that it made: one, when all goes well. */
  readonly contenders: readonly { readonly name: string; readonly perSecond: number; readonly trades: readonly number[] }[];
}

const COMMANDS = 1_000_000;
const ROUNDS = 5;

const stream = orderStream('bench', COMMANDS);
const results = CONTENDERS.map(([name, contender]) => ({ name, contender, rates: [] as number[], trades: new Set<number>() }));
for (let round = 0; round < ROUNDS; round += 1)
  for (const { contender, rates, trades } of results) {
    const run = contender(stream);
    globalThis.gc?.();
    const startedAt = performance.now();
    trades.add(run());
    rates.push(COMMANDS / ((performance.now() - startedAt) / 1000));
  }
const contenders = results.map(({ name, rates, trades }) => ({ name, perSecond: median(rates), trades: [...trades] }));
console.log(JSON.stringify({ commands: COMMANDS, rounds: ROUNDS, contenders } satisfies MatchingRounds));

function median(values: readonly number[]): number {
  return at(
    values.toSorted((a, b) => a - b),
    values.length >> 1,
  );
}
