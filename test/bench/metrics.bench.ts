import { expect, test } from 'vitest';
import type { BotEvent } from '../../src/execution/events.ts';
import { RunStatistics } from '../../src/harness/soak/run-statistics.ts';
import { at } from '../../src/util/array.ts';
import { systemClock } from '../../src/util/clock.ts';
import { settingsOf, virtualSoak } from '../support/bots/virtual-soak.ts';
import { telemetryOf } from '../support/builders/telemetry.ts';

/** What metrics cost a bot: an event, beside what the report's statistics take for it; and a scrape, in which the loop stands still. */
const ROUNDS = 12;
const SCRAPES = 40;

const median = (values: readonly number[]): number =>
  at(
    values.toSorted((a, b) => a - b),
    Math.floor(values.length / 2),
  );

function timed(run: () => void): number {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
}

test('an event, and a scrape of one and of ten symbols', { timeout: 120_000 }, async () => {
  const events: BotEvent[] = [];
  const telemetry = telemetryOf();
  const onEvent = (event: BotEvent): void => void events.push(event);
  await virtualSoak({ settings: settingsOf('s1'), seed: '7', durationMs: 60_000, onEvent, onLoop: (loop) => telemetry.watch(loop) });
  const statistics = new RunStatistics(systemClock, 5000);
  const costs = Array.from({ length: ROUNDS }, () => ({
    metrics: timed(() => events.forEach((event) => telemetry.record(event))),
    statistics: timed(() => events.forEach((event) => statistics.record(event))),
  }));
  const perEvent = (which: 'metrics' | 'statistics'): number => (median(costs.map((cost) => cost[which])) / events.length) * 1e6;
  console.log(
    `${events.length} events of a minute: ${perEvent('metrics').toFixed(0)} ns each, the statistics ${perEvent('statistics').toFixed(0)} ns`,
  );
  for (const count of [1, 10]) {
    const symbols = Array.from({ length: count }, (_, i) => `COIN${i}USDT`);
    const wide = telemetryOf({ symbols });
    const blocks: number[] = [];
    let size = 0;
    for (let i = 0; i < SCRAPES; i += 1) {
      const startedAt = performance.now();
      size = (await wide.scrape()).length;
      blocks.push(performance.now() - startedAt);
    }
    console.log(
      `a scrape of ${count} symbols: median ${median(blocks).toFixed(2)} ms, worst ${Math.max(...blocks).toFixed(2)} ms, ${(size / 1024).toFixed(0)} KB`,
    );
    expect(size).toBeGreaterThan(10_000);
  }
});
