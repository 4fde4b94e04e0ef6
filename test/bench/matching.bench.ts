import { expect, it } from 'vitest';
import { runAsShipped } from './as-shipped.ts';
import type { MatchingRounds } from './matching-rounds.ts';

it('commands per second, beside two other order books on the same stream', { timeout: 900_000 }, async () => {
  const { commands, rounds, contenders } = (await runAsShipped('matching-rounds.ts')) as MatchingRounds;
  const trades = new Set(contenders.flatMap((contender) => contender.trades));
  const fastestPeer = Math.max(...contenders.filter(({ name }) => !name.startsWith('mmbot')).map(({ perSecond }) => perSecond));
  const lines = contenders.map(({ name, perSecond }) => {
    return `${name.padEnd(34)} ${(perSecond / 1e6).toFixed(3)} M/s  x ${(perSecond / fastestPeer).toFixed(1)}`;
  });
  const head = `${commands} commands, ${[...trades].join(' or ')} trades, medians of ${rounds} interleaved rounds, x the faster peer`;
  console.log([head, ...lines].join('\n'));
  expect(trades.size).toBe(1);
});
