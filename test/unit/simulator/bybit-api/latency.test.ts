import { describe, expect, test } from 'vitest';
import { DEFAULT_LATENCY, drawDelay, NO_LATENCY, steadyLatency } from '../../../../src/simulator/bybit-api/latency.ts';
import { seededRandom } from '../../../../src/util/random.ts';

function draws(medianMs: number, jitterMs: number): number[] {
  const random = seededRandom(`${medianMs}/${jitterMs}`);
  return Array.from({ length: 20_000 }, () => drawDelay(random, steadyLatency(medianMs, jitterMs).entry)).sort((a, b) => a - b);
}

describe('latency', () => {
  test('without jitter is the same on every way, every time', () => {
    expect(new Set(draws(20, 0))).toEqual(new Set([20]));
    const { entry, ack, privateStream, publicFeed } = steadyLatency(20, 0);
    expect([ack, privateStream, publicFeed]).toEqual([entry, entry, entry]);
  });

  test.each([
    [20, 5],
    [50, 50],
    [1, 0.1],
  ])('of %d ms with %d ms of jitter has that median and that standard deviation', (medianMs, jitterMs) => {
    const sorted = draws(medianMs, jitterMs);
    const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
    const deviation = Math.sqrt(sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0) / sorted.length);
    expect((sorted[10_000] ?? 0) / medianMs).toBeCloseTo(1, 1);
    expect(deviation / jitterMs).toBeCloseTo(1, 1);
    expect(sorted[0]).toBeGreaterThan(0);
  });

  test('of nothing is nothing', () => {
    expect(steadyLatency(0, 3)).toBe(NO_LATENCY);
    expect(drawDelay(seededRandom('none'), NO_LATENCY.ack)).toBe(0);
    expect(DEFAULT_LATENCY.entry.medianMs).toBeGreaterThan(0);
  });
});
