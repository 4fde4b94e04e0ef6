import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { at } from '../../src/util/array.ts';
import { defined } from '../../src/util/assert.ts';
import { CONTENDERS } from './contenders.ts';
import { orderStream } from './order-stream.ts';

const COMMANDS = 1_000_000;
const ROUNDS = 5;

const median = (values: readonly number[]): number =>
  at(
    values.toSorted((a, b) => a - b),
    values.length >> 1,
  );

it('commands per second, beside two other order books on the same stream', { timeout: 600_000 }, () => {
  const stream = orderStream('bench', COMMANDS);
  const rates = new Map(CONTENDERS.map(([name]): [string, number[]] => [name, []]));
  const trades = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, contender] of CONTENDERS) {
      const run = contender(stream);
      const startedAt = performance.now();
      trades.add(run());
      defined(rates.get(name), name).push(COMMANDS / ((performance.now() - startedAt) / 1000));
    }
  const medians = [...rates].map(([name, values]) => ({ name, rate: median(values) }));
  const fastestPeer = Math.max(...medians.slice(3).map(({ rate }) => rate));
  const lines = medians.map(({ name, rate }) => `${name.padEnd(34)} ${(rate / 1e6).toFixed(3)} M/s  x ${(rate / fastestPeer).toFixed(1)}`);
  console.log(
    `${COMMANDS} commands, ${[...trades].join(' or ')} trades, median of ${ROUNDS} rounds, x the fastest peer\n${lines.join('\n')}`,
  );
  expect(trades.size).toBe(1);
});
