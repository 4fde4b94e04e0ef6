import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { parseFaults } from '../../../src/simulator/faults/fault-choice.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { quietMarket } from '../../support/exchange/quiet-market.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

interface Moment {
  readonly at: number;
  /** 1 while creates may not be sent over that transport. */
  readonly socket: 0 | 1;
  readonly http: 0 | 1;
  readonly resting: number;
  /** Signed reads that came over HTTP so far. */
  readonly reads: number;
}

type Timed = BotEvent & { readonly at: number };

/** A soak with one fault in it: what the bot did, and once a second how it stood. */
async function soakWith(fault: string, seconds: number) {
  const choice = parseFaults(fault);
  if (typeof choice === 'string') throw new Error(choice);
  const clock = new VirtualClock(1_767_225_600_000);
  const events: Timed[] = [];
  const moments: Moment[] = [];
  let loop: ExecutionLoop | undefined;
  const gauge = (via: 'socket' | 'http'): 0 | 1 => (loop?.breakers.of(via).state === 'closed' ? 0 : 1);
  const run = await virtualSoak({
    clock,
    // Few enough for one second of the cancel lane, refused ones and their repetition included.
    settings: settingsOf('s1', { 'quoting.levels': 2 }),
    seed: '3',
    durationMs: seconds * 1000,
    // A minute and more of the market model would take most of the test.
    ...(seconds > 60 ? { replay: await quietMarket(clock, seconds + 5) } : { market: 'calm' as const }),
    faults: choice,
    onLoop: (started) => void (loop = started),
    onEvent: (event) => void events.push({ ...event, at: clock.monotonic() }),
    onSample(_, ledger) {
      const resting = ledger.openOrders().length;
      moments.push({ at: clock.monotonic(), socket: gauge('socket'), http: gauge('http'), resting, reads: readsIn(ledger) });
    },
  });
  return { run, events, moments };
}

function readsIn(ledger: Ledger): number {
  return ledger
    .counts()
    .buckets.reduce((sum, { endpoint, arrived }) => sum + (/realtime|execution|position/.test(endpoint) ? arrived : 0), 0);
}

const isChange = ({ type }: BotEvent): boolean => type === 'orderSent' || type === 'amendSent';

describe('a breaker that is open', () => {
  test('on both transports for a minute: cancels are sent at once, creates wait, the gauge returns to 0 without any request', async () => {
    const { run, events, moments } = await soakWith('overload-429@20:1', 110);
    const turns = events.filter((event) => event.type === 'breaker');
    const openedAt = Math.max(...turns.filter(({ state }) => state === 'open').map(({ at }) => at));
    const closedAt = Math.min(...turns.filter(({ state }) => state === 'closed').map(({ at }) => at));
    expect(
      turns
        .filter(({ state }) => state === 'open')
        .map(({ via }) => via)
        .toSorted(),
    ).toEqual(['http', 'socket']);
    expect(closedAt - openedAt).toBeGreaterThan(58_000);
    expect(closedAt - openedAt).toBeLessThan(61_000);
    // Requests in flight when it opened may have been sent in the same tenth of a second.
    const between = events.filter(({ at }) => at > openedAt + 100 && at < closedAt);
    expect(between.filter(isChange)).toEqual([]);
    const cancels = events.filter((event) => event.type === 'cancelAcked' && event.at >= openedAt - 1000 && event.at < closedAt);
    expect(cancels.length).toBeGreaterThan(0);
    for (const cancel of cancels) expect('latencyMs' in cancel && cancel.latencyMs).toBeLessThan(50);
    const during = moments.filter(({ at }) => at > openedAt + 2000 && at < closedAt);
    expect(new Set(during.map(({ resting, socket, http }) => `${resting} ${socket} ${http}`))).toEqual(new Set(['0 1 1']));
    const after = moments.filter(({ at }) => at > closedAt + 5000);
    expect(after.length).toBeGreaterThan(10);
    expect(new Set(after.map(({ socket, http }) => `${socket} ${http}`))).toEqual(new Set(['0 0']));
    expect(events.filter((event) => isChange(event) && event.at > closedAt).length).toBeGreaterThan(10);
    expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('by a ban of HTTP: reads stop for ten minutes, cancels go over the socket, and it is proven at the end that nothing rests', async () => {
    const { run, events, moments } = await soakWith('ip-ban-403@20:5', 660);
    const shut = moments.filter(({ at }) => at > 31_000 && at < 620_000);
    expect(shut.length).toBeGreaterThan(500);
    expect(new Set(shut.map(({ http, resting, reads }) => `${http} ${resting} ${reads}`))).toEqual(new Set([`1 0 ${shut[0]?.reads}`]));
    expect(run.suffered?.occurrences[0]?.hits).toBeLessThanOrEqual(2);
    expect(events.filter((event) => event.type === 'cancelAcked' && event.at > 20_000 && event.at < 31_000).length).toBeGreaterThan(0);
    expect(events.some((event) => isChange(event) && event.at > 620_000)).toBe(true);
    expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('by a ban of HTTP that lasts until the run ends: the stop probes, and proves that no order is open', async () => {
    const { run } = await soakWith('ip-ban-403@20:5', 40);
    expect(run.stopReport?.verified).toBe(true);
    expect(run.invariants.filter(({ holds }) => !holds)).toEqual([]);
  });
});
