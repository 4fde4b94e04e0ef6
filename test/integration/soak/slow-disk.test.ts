import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../src/execution/events.ts';
import type { Journal } from '../../../src/execution/journal.ts';
import type { SoakRun } from '../../../src/harness/soak/soak-run.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { settingsOf, virtualSoak } from '../../support/bots/virtual-soak.ts';

interface SlowSoak {
  readonly run: SoakRun;
  readonly events: readonly { readonly event: BotEvent; readonly second: number }[];
  /** Orders in the book at each second. */
  readonly resting: readonly { readonly second: number; readonly orders: number }[];
  /** Creates and amends that left before their intent was on the disk. */
  readonly early: readonly string[];
}

/** A soak of forty seconds on a disk that takes so many ms for a sync that begins in this second. */
async function soakOn(syncMs: (second: number) => number): Promise<SlowSoak> {
  const startAt = 1_767_225_600_000;
  const clock = new VirtualClock(startAt);
  const events: { event: BotEvent; second: number }[] = [];
  const resting: { readonly second: number; readonly orders: number }[] = [];
  const early: string[] = [];
  const intended = new Map<string, number>();
  let safe = 0;
  let written = 0;
  const second = (): number => Math.floor((clock.now() - startAt) / 1000);
  const journal: Journal = {
    ...NO_JOURNAL,
    append(...records) {
      for (const record of records) {
        written += 1;
        if (record.type === 'placeIntent') intended.set(record.order.clientOrderId, written);
        if (record.type === 'amendIntent') intended.set(record.amend.clientOrderId, written);
      }
    },
    async synced() {
      const upTo = written;
      await sleep(clock, syncMs(second()));
      safe = Math.max(safe, upTo);
    },
  };
  const run = await virtualSoak({
    clock,
    settings: settingsOf('s1'),
    seed: '7',
    durationMs: 40_000,
    journal,
    onEvent(event) {
      events.push({ event, second: second() });
      if (event.type !== 'orderSent' && event.type !== 'amendSent') return;
      const { clientOrderId } = event.type === 'orderSent' ? event.order : event.amend;
      if ((intended.get(clientOrderId) ?? Infinity) > safe) early.push(clientOrderId);
    },
    onSample: (_, ledger) => void resting.push({ second: second(), orders: ledger.openOrders().length }),
  });
  return { run, events, resting, early };
}

const holdsIn = ({ events }: SlowSoak): readonly string[] =>
  events.flatMap(({ event, second }) => (event.type === 'hold' && second > 10 ? [`${event.reason ?? 'none'} ${second}`] : []));

/** What rested in each of these seconds. */
const restingIn = ({ resting }: SlowSoak, from: number, to: number): readonly number[] =>
  resting.filter(({ second }) => second >= from && second <= to).map(({ orders }) => orders);

describe('a disk', () => {
  test('of a few milliseconds is waited for by creates and amends, and disturbs nothing', async () => {
    const slow = await soakOn(() => 8);
    expect(slow.early).toEqual([]);
    expect(slow.events.filter(({ event }) => event.type === 'orderSent').length).toBeGreaterThan(50);
    expect(holdsIn(slow)).toEqual([]);
    expect(slow.run.frozen).toBeUndefined();
  });

  test('that hangs for a while makes quotes go that could not be moved; they come back after it', async () => {
    const slow = await soakOn((second) => (second === 20 ? 5000 : 0));
    expect(holdsIn(slow)).toEqual(['journal_slow 20', expect.stringMatching(/^none 2[56]$/)]);
    expect(restingIn(slow, 22, 24)).toEqual([0, 0, 0]);
    expect(restingIn(slow, 30, 40).some((orders) => orders > 0)).toBe(true);
    expect(slow.early).toEqual([]);
    expect(slow.run.frozen).toBeUndefined();
  });

  test('that hangs permanently freezes the bot, which still cancels and proves it', async () => {
    const slow = await soakOn((second) => (second >= 20 ? 1_000_000_000 : 0));
    expect(slow.run.frozen).toBe('fault: the disk did not finish a write of the journal within 10 s');
    expect(new Set(restingIn(slow, 22, 40))).toEqual(new Set([0]));
    expect(slow.early).toEqual([]);
    const reports = slow.events.flatMap(({ event }) => (event.type === 'cancelAllDone' ? [event.report] : []));
    expect(reports.map(({ trigger, verified, remaining }) => [trigger, verified, remaining])).toEqual([
      ['freeze', true, []],
      ['stop', true, []],
    ]);
  });
});
