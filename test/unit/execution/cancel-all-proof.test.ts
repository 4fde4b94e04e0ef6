import { describe, expect, test } from 'vitest';
import { cancelAll } from '../../../src/execution/cancel-all.ts';
import { RateLimiter } from '../../../src/execution/rate-limiter.ts';
import { VirtualClock } from '../../../src/util/clock.ts';

const LANES = { create: 9, amend: 9, cancel: 9, cancelBatch: 9, cancelAll: 9, query: 40 };

/** The list of an exchange that lags for ever: it shows nothing of what rests. */
function cancelUnderLag(settledAfterMs: number) {
  const clock = new VirtualClock(0);
  const port = {
    resting: () => Promise.resolve({ value: [], at: clock.now() }),
    cancelBulk: () => Promise.resolve(),
    cancelOne: () => Promise.resolve(),
    cancelBatch: () => Promise.resolve([]),
    executed: () => Promise.resolve(new Map()),
  };
  const request = {
    trigger: 'stop',
    scopes: [{ category: 'linear', symbol: 'BTCUSDT' }],
    isTarget: () => true,
    includeStops: false,
    perOrder: false,
    quietAt: 0,
    isSettled: () => clock.monotonic() >= settledAfterMs,
    deadlineMs: 5000,
  } as const;
  return clock.run(cancelAll(request, { port, clock, limiter: new RateLimiter(clock, LANES) }));
}

describe('an empty list proves nothing about orders that the caller knows of', () => {
  test('the proof waits until each of them is closed by its own record', async () => {
    const report = await cancelUnderLag(2000);
    expect(report.verified).toBe(true);
    expect(report.durationMs).toBeGreaterThanOrEqual(2000);
  });

  test('and without that there is none', async () => {
    expect((await cancelUnderLag(60_000)).verified).toBe(false);
  });
});
