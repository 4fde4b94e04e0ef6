import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import type { Clock, VirtualClock } from '../../../src/util/clock.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

const HOUR_MS = 3_600_000;

/** The wall clock of the host is put to another hour every two seconds: back, forth, over midnight. */
function steppedClock(clock: VirtualClock): Clock {
  const steps = [0, -1, 1, -25, 25, 0.002];
  const stepMs = (): number => (steps[Math.floor(clock.monotonic() / 2000) % steps.length] ?? 0) * HOUR_MS;
  return {
    now: () => clock.now() + stepMs(),
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, task) => clock.schedule(delayMs, task),
  };
}

/** What happened, in order, but for what happens all the time. */
async function eventsOf(hostClock: (clock: VirtualClock) => Clock, between?: (exchange: Exchange) => Exchange): Promise<string[]> {
  const events: BotEvent[] = [];
  await virtualSoak({
    hostClock,
    settings: settingsOf('s1'),
    seed: '7',
    durationMs: 16_000,
    market: 'toxic',
    onEvent: (event) => void (event.type === 'turn' || event.type === 'streamHeard' || events.push(event)),
    ...(between === undefined ? {} : { between }),
  });
  return events.map((event) => JSON.stringify(event));
}

/** Now and then a list of open orders without the first one: what is absent twice is looked up. */
function forgetful(exchange: Exchange): Exchange {
  const openOrders = exchange.openOrders.bind(exchange);
  let reads = 0;
  exchange.openOrders = async (scope) => {
    const list = await openOrders(scope);
    reads += 1;
    return { ...list, value: reads % 8 < 3 ? list.value.slice(1) : list.value };
  };
  return exchange;
}

describe('a wall clock that is put back and forth', () => {
  test.each([
    ['an honest exchange', undefined],
    ['lists that leave an order out', forgetful],
  ])('changes nothing at all with %s', async (_, between) => {
    const still = await eventsOf((clock) => clock, between);
    expect(still.length).toBeGreaterThan(100);
    const stepped = await eventsOf(steppedClock, between);
    const first = still.findIndex((event, i) => event !== stepped[i]);
    expect([first, stepped[first]]).toEqual([-1, undefined]);
    expect(stepped.length).toBe(still.length);
  });
});
