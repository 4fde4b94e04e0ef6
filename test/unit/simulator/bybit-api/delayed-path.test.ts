import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelayedPath } from '../../../../src/simulator/bybit-api/delayed-path.ts';
import { drawDelay, type DelayModel } from '../../../../src/simulator/bybit-api/latency.ts';
import { sleep, VirtualClock, type Clock } from '../../../../src/util/clock.ts';
import { seededRandom } from '../../../../src/util/random.ts';

const WILD: DelayModel = { medianMs: 5, sigma: 1, spikeProbability: 0.3, spikeMs: 50 };

test('messages of one path never overtake each other, however coarse the timers are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 30 }), async (seed, waits) => {
      const real = new VirtualClock(0);
      const coarse: Clock = {
        now: () => real.now(),
        monotonic: () => real.monotonic(),
        schedule: (delayMs, task) => real.schedule(Math.floor(delayMs / 7) * 7, task),
      };
      const path = new DelayedPath(coarse, seededRandom(seed), WILD);
      const arrived: number[] = [];
      for (const [index, wait] of waits.entries()) {
        path.deliver(() => arrived.push(index));
        await real.run(sleep(real, wait));
      }
      await real.run(sleep(real, 10_000));
      expect(arrived).toEqual([...waits.keys()]);
    }),
    { numRuns: 100 },
  );
});

test('what is under way when a path is cut never arrives, and later messages do', async () => {
  const clock = new VirtualClock(0);
  const path = new DelayedPath(clock, seededRandom('cut'), WILD);
  const arrived: string[] = [];
  path.deliver(() => arrived.push('lost'));
  path.cut();
  path.deliver(() => arrived.push('kept'));
  await clock.run(sleep(clock, 10_000));
  expect(arrived).toEqual(['kept']);
});

test('delays have the median of their model', () => {
  const random = seededRandom('median');
  const delays = Array.from({ length: 4001 }, () => drawDelay(random, { ...WILD, sigma: 0.35, spikeProbability: 0 })).toSorted(
    (a, b) => a - b,
  );
  expect(delays[2000]).toBeGreaterThan(4.8);
  expect(delays[2000]).toBeLessThan(5.2);
});
