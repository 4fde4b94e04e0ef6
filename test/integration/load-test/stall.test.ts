import { expect, test } from 'vitest';
import { defined } from '../../../src/util/assert.ts';
import { virtualLoad } from '../../support/bots/virtual-load.ts';

const PER_SECOND = 40;
const RUN_MS = 20_000;
const STALL_AT = 12_000;
const STALL_MS = 2000;

/** Replies that come during the stall come at its end. `from`: monotonic. */
function stalled(from: number) {
  return (_: number, at: number): number => (at >= from && at < from + STALL_MS ? from + STALL_MS - at : 0);
}

test('an exchange that stalls for two seconds shows in every request that was due in them, not in one', async () => {
  // Long enough for replies to be waited for: what is answered late is not unknown here.
  const { run } = await virtualLoad({
    perSecond: PER_SECOND,
    durationMs: RUN_MS,
    sets: { 'bybit.requestTimeoutMs': 5000 },
    replyDelay: stalled(STALL_AT),
  });
  const { statistics } = defined(run.step, 'step');
  const { ack } = statistics.stages;
  // 40 places, 30 amends and 40 cancels a second.
  const hit = Math.round(STALL_MS * 0.001 * PER_SECOND * 2.75);
  const slow = statistics.series.points(RUN_MS).flatMap(({ latencyMs }) => latencyMs.ack ?? []);
  expect(ack.max).toBeGreaterThan(0.95 * STALL_MS);
  expect(ack.max).toBeLessThanOrEqual(STALL_MS + 1);
  // A tenth of the requests waited, for up to 2 s: p99 is deep in the stall.
  expect(ack.quantile(0.99)).toBeGreaterThan(0.85 * STALL_MS);
  const waited = Math.round((1 - shareBelow(ack, 50)) * ack.count);
  expect(Math.abs(waited - hit)).toBeLessThanOrEqual(0.05 * hit);
  expect(slow.filter(({ max }) => max > 50).length).toBeGreaterThanOrEqual(2);
  // A closed loop asks once, waits, and has one slow answer to show.
  expect(closedLoopWaits(RUN_MS, 1000 / PER_SECOND, stalled(STALL_AT))).toBe(1);
});

test('who wakes so late that an order and its cancel are due together sends both', async () => {
  const { run } = await virtualLoad({ perSecond: PER_SECOND, wakesEveryMs: 500, sets: { 'risk.maxOpenOrders': 30 } });
  const { statistics, restMs } = defined(run.step, 'step');
  const { place, amend, cancel } = statistics.counts;
  expect(restMs).toBeLessThan(500);
  expect(place.due).toBe(400);
  // The risk limit refuses a few: those of the wake before are open still.
  expect(place.sent).toBeGreaterThan(300);
  expect(cancel).toMatchObject({ due: 400, sent: place.sent, skipped: 400 - place.sent });
  expect(amend.sent + amend.skipped).toBe(amend.due);
  expect(run.stopReport).toMatchObject({ found: 0, verified: true });
});

/** Share of the values that are at most `ms`. */
function shareBelow(histogram: { quantile(q: number): number | undefined }, ms: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 30; i += 1) {
    const middle = (low + high) / 2;
    if ((histogram.quantile(middle) ?? 0) <= ms) low = middle;
    else high = middle;
  }
  return low;
}

/** How many slow answers a client sees that sends the next request a pause after each answer. */
function closedLoopWaits(durationMs: number, pauseMs: number, delay: (count: number, at: number) => number): number {
  let slow = 0;
  for (let at = 0; at < durationMs;) {
    const latency = delay(0, at);
    if (latency > 50) slow += 1;
    at += latency + pauseMs;
  }
  return slow;
}
