import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../src/config/fields.ts';
import type { Invariant } from '../../../src/harness/invariants/invariant.ts';
import { parseFaults, type FaultChoice } from '../../../src/simulator/faults/fault-choice.ts';
import { assert } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import {
  atAnotherPrice,
  heedless,
  plantedExchange,
  plantedJournal,
  plantedWire,
  staleFeed,
  stampOf,
  straggler,
  unseenFills,
  withoutCancels,
  withoutGaps,
  type OrderText,
} from '../../support/planted-bugs.ts';
import { settingsOf, virtualSoak, type VirtualSoak } from '../../support/bots/virtual-soak.ts';

const S1 = settingsOf('s1');
const HASTY = settingsOf('s1', {
  'execution.opsPerSecond': 1000,
  'quoting.levels': 10,
  'quoting.minIntervalMs': 10,
  'quoting.maxInFlight': 50,
  'quoting.replacesPerMinute': 6000,
  'quoting.maxOrderAgeMs': 50,
});

const START = 1_767_225_600_000;

/** A soak of some seconds, more where the bug takes longer to show, with one bug in it; the ids of what the oracle finds broken. */
async function soaked(bug: Partial<VirtualSoak>): Promise<readonly Invariant[]> {
  const run = await virtualSoak({ settings: S1, seed: '7', durationMs: 4000, ...bug });
  return run.invariants.filter(({ holds }) => !holds);
}

function faultsOf(text: string): FaultChoice {
  const choice = parseFaults(text);
  assert(typeof choice !== 'string', text);
  return choice;
}

const idsOf = (broken: readonly Invariant[]): string[] => [...new Set(broken.map(({ id }) => id))];

const promising = (risk: Partial<Settings['risk']>): Partial<VirtualSoak> => ({ promised: { ...S1, risk: { ...S1.risk, ...risk } } });

/** Each create is passed through this. */
const creates = (plant: (order: OrderText, send: (text: string) => void) => void): Pick<VirtualSoak, 'betweenWire'> => ({
  betweenWire: (wire) => plantedWire(wire, (order, send) => (order.op === 'order.create' ? plant(order, send) : send(order.text))),
});

const freezing = settingsOf('s1', { 'risk.maxFillsInBurst': 1, 'risk.fillBurstMs': 600_000 });

describe('a sound bot', () => {
  test('breaks nothing', async () => {
    expect(await soaked({ durationMs: 8000 })).toEqual([]);
  });
});

describe('a bug that is planted at a real part breaks the invariant', () => {
  const clock = (): VirtualClock => new VirtualClock(START);

  test.each<[string, string, () => Partial<VirtualSoak>]>([
    ['I1', 'a position limit that is not checked', () => promising({ maxPositionUsd: 150 })],
    ['I1', 'an order value that is not checked', () => promising({ maxOrderUsd: 10 })],
    ['I1', 'open orders that are not counted', () => promising({ maxOpenOrders: 3 })],
    ['I1', 'orders of the day that are not counted', () => promising({ maxOrdersPerDay: 3 })],
    ['I1', 'a collar that is not checked', () => promising({ priceCollarBps: 1 })],
    [
      'I2',
      'an ask at the own bid',
      () => {
        let bid = '1';
        return creates((order, send) => {
          if (order.terms['side'] === 'Buy') bid = String(order.terms['price']);
          send(order.terms['side'] === 'Buy' ? order.text : order.with({ terms: { price: bid } }));
        });
      },
    ],
    ['I3', 'an order that may take', () => creates((order, send) => send(order.with({ terms: { timeInForce: 'GTC' } })))],
    [
      'I4',
      'a repeated create with a new id',
      () =>
        creates((order, send) => {
          send(order.text);
          send(
            order.with({
              terms: { orderLinkId: `${String(order.terms['orderLinkId'])}r` },
              reqId: `again-${String(order.terms['orderLinkId'])}`,
            }),
          );
        }),
    ],
    [
      'I5',
      'an id without the prefix',
      () =>
        creates((order, send) => send(order.with({ terms: { orderLinkId: String(order.terms['orderLinkId']).replace('mm-', 'xx-') } }))),
    ],
    [
      'I6',
      'a fence that does not hold back what is queued',
      () => {
        const time = clock();
        return {
          clock: time,
          settings: freezing,
          durationMs: 15_000,
          ...creates((order, send) => void time.schedule(1500, () => send(order.text))),
        };
      },
    ],
    [
      'I6',
      'a book that stands still and looks alive',
      () => {
        const time = clock();
        return { clock: time, durationMs: 8000, faults: faultsOf('frozen-book@4:6'), betweenWire: (wire) => staleFeed(wire, time) };
      },
    ],
    [
      'I7',
      'a journal that drops intents',
      () => ({ betweenJournal: (journal) => plantedJournal(journal, (record) => (record.type === 'placeIntent' ? undefined : record)) }),
    ],
    [
      'I7',
      'a journal that does not wait for the disk',
      () => ({ betweenJournal: (journal) => ({ ...journal, synced: () => Promise.resolve() }) }),
    ],
    [
      'I8',
      'something that sends after the end',
      () => {
        const time = clock();
        let isArmed = true;
        return {
          clock: time,
          ...creates((order, send) => {
            send(order.text);
            if (isArmed) time.schedule(6200, () => send(straggler(order, time)));
            isArmed = false;
          }),
        };
      },
    ],
    ['I8 I9', 'cancels that are never sent', () => ({ durationMs: 8000, between: (exchange) => withoutCancels(exchange) })],
    [
      'I12',
      'a journal that drops fills',
      () => ({
        durationMs: 10_000,
        betweenJournal: (journal) => plantedJournal(journal, (record) => (record.type === 'fill' ? undefined : record)),
      }),
    ],
    [
      'I13',
      'a fill that is told too small',
      () => ({
        durationMs: 10_000,
        betweenJournal: (journal) =>
          plantedJournal(journal, (record) =>
            record.type === 'order' && record.state.tag === 'filled' ? { ...record, filled: record.filled - 1 } : record,
          ),
      }),
    ],
    ['I15', 'prices read one tick off', () => ({ durationMs: 40_000, between: (exchange) => atAnotherPrice(exchange) })],
    ['I1 I16', 'fills that no source tells of', () => unseenFills()],
    ['I17 I18', 'limits that nobody heeds', () => ({ settings: HASTY, between: (exchange) => heedless(exchange) })],
    [
      'I18',
      'cancels that wait',
      () => {
        const time = clock();
        return {
          clock: time,
          settings: settingsOf('s1', { 'quoting.levels': 1 }),
          durationMs: 8000,
          faults: faultsOf('frozen-book@4:4'),
          between: (exchange) =>
            plantedExchange(exchange, {
              async cancel(order, via) {
                await sleep(time, 300);
                return await exchange.cancel(order, via);
              },
            }),
        };
      },
    ],
    [
      'I19 I31',
      'a wire that sends twice',
      () =>
        creates((order, send) => {
          send(order.text);
          send(order.text);
        }),
    ],
    [
      'I20',
      'creates that wait for seconds',
      () => {
        const time = clock();
        return { clock: time, ...creates((order, send) => void time.schedule(2100, () => send(order.text))) };
      },
    ],
    [
      'I21',
      'an adapter that sees no gaps',
      () => ({ durationMs: 8000, faults: faultsOf('book-gap@4:1,book-gap@6:1'), betweenWire: (wire) => withoutGaps(wire) }),
    ],
    [
      'I24',
      'a latency with a wait of its own in it',
      () => {
        const time = clock();
        return {
          clock: time,
          between: (exchange) =>
            plantedExchange(exchange, {
              async place(order, via) {
                const ack = await exchange.place(order, via);
                await sleep(time, 40);
                return ack;
              },
            }),
        };
      },
    ],
    [
      'I25',
      'time stamps from ahead',
      () => creates((order, send) => send(order.with({ header: { 'X-BAPI-TIMESTAMP': String(Number(stampOf(order)) + 400) } }))),
    ],
    [
      'I27',
      'an exception on the way',
      () => ({ between: (exchange) => plantedExchange(exchange, { place: () => Promise.reject(new TypeError('a bug')) }) }),
    ],
    [
      'I28',
      'answers taken for given',
      () => ({
        settings: settingsOf('s1', { 'quoting.minIntervalMs': 10, 'quoting.maxInFlight': 1 }),
        faults: faultsOf('latency-step@0:8'),
        between: (exchange) =>
          plantedExchange(exchange, {
            place(order, via) {
              exchange.place(order, via).catch(() => undefined);
              return Promise.resolve({ clientOrderId: order.clientOrderId, exchangeOrderId: '' });
            },
          }),
      }),
    ],
    [
      'I30',
      'a journal that drops the freeze',
      () => ({
        settings: freezing,
        durationMs: 10_000,
        betweenJournal: (journal) => plantedJournal(journal, (record) => (record.type === 'freeze' ? undefined : record)),
      }),
    ],
    ['I32', 'another receive window', () => creates((order, send) => send(order.with({ header: { 'X-BAPI-RECV-WINDOW': '5000' } })))],
  ])('%s: %s', async (ids, _, bug) => {
    expect(idsOf(await soaked(bug()))).toEqual(expect.arrayContaining(ids.split(' ')));
  });
});
