import { describe, expect, test } from 'vitest';
import { covers, TRADED } from '../../../../src/exchange/bybit/settle-coins.ts';
import type { CancelPort, OrderNews, RestingOrder } from '../../../../src/exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../../../src/exchange/complete.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import { cancelAll } from '../../../../src/execution/cancel/cancel-all.ts';
import type { CancelAllRequest } from '../../../../src/execution/cancel/cancel-request.ts';
import { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { decimal } from '../../../../src/util/decimal.ts';
import { completeOf } from '../../../support/builders/complete.ts';

const LANES = { create: 9, amend: 9, cancel: 9, cancelBatch: 9, cancelAll: 9, query: 40 };
const STARTED_MS = 100_000;
const down = new ExchangeError('unavailable', 'unknown', 'no answer');
const banned = new ExchangeError('banned', 'not-applied', 'this address is banned');

interface Choice {
  /** The open orders that the nth read of the list shows; throws the failure of that read. */
  readonly list?: (reading: number) => readonly RestingOrder[] | 'no answer';
  /** Events that the order stream delivers at once. */
  readonly news?: readonly OrderNews[];
  /** Events that it delivers later, with the time, ms. */
  readonly laterNews?: readonly (OrderNews & { readonly at: number })[];
  /** The result of a query of each order. */
  readonly record?: 'open' | 'closed' | 'absent' | 'closed once canceled';
  readonly executed?: CancelPort['executed'];
  readonly request?: (clock: VirtualClock) => Partial<CancelAllRequest>;
}

/** A run of cancel-all, with the times at which it read the list (ms) and the orders that it canceled one by one. */
function scene({ list = () => [], news = [], laterNews = [], record = 'open', executed, request }: Choice) {
  const clock = new VirtualClock(0);
  const readings: number[] = [];
  const canceled: string[] = [];
  const canceledAt: number[] = [];
  let bulkCalls = 0;
  const port: CancelPort = {
    traded: TRADED,
    covers,
    async resting() {
      readings.push(clock.monotonic() - STARTED_MS);
      const value = list(readings.length);
      if (value === 'no answer') return new Promise(() => undefined);
      return completeOf(value, clock.now());
    },
    async cancelBulk() {
      bulkCalls += 1;
    },
    async cancelOne({ exchangeOrderId }) {
      canceled.push(exchangeOrderId);
      canceledAt.push(clock.monotonic() - STARTED_MS);
    },
    async cancelBatch(orders) {
      canceled.push(...orders.map(({ exchangeOrderId }) => exchangeOrderId));
      return [];
    },
    executed: executed ?? (() => Promise.resolve(new Map())),
    async recordOf({ exchangeOrderId }) {
      if (record !== 'closed once canceled') return record;
      return canceled.includes(exchangeOrderId) ? 'closed' : 'open';
    },
    presenceOf: () => Promise.resolve('unknown'),
    settleCoins: () => Promise.resolve([]),
    listen({ onNews }) {
      news.forEach(onNews);
      for (const { at, ...later } of laterNews) clock.schedule(at, () => onNews(later));
      return () => undefined;
    },
  };
  const wanted: CancelAllRequest = {
    trigger: 'stop',
    scopes: [{ category: 'linear', symbol: 'BTCUSDT' }],
    isTarget: () => true,
    includeStops: false,
    perOrder: true,
    lateCreateDeadline: STARTED_MS - READS_LATE_MS,
    deadlineMs: 5000,
    ...request?.(clock),
  };
  // A real clock is never at zero.
  const run = () =>
    clock.run(sleep(clock, STARTED_MS).then(() => cancelAll(wanted, { port, clock, limiter: new RateLimiter(clock, LANES) })));
  return { run, readings, canceled, canceledAt, bulkCalls: () => bulkCalls, clock };
}

function resting(exchangeOrderId: string, clientOrderId = 'mm-1'): RestingOrder {
  const [quantity, filled] = [decimal('2'), decimal('0')];
  const terms = { side: 'buy', kind: 'plain', price: '100', quantity, filled } as const;
  return { category: 'linear', symbol: 'BTCUSDT', exchangeOrderId, clientOrderId, createdAt: STARTED_MS - 100, ...terms };
}

function failing(error: Error): never {
  throw error;
}

describe('an empty list proves nothing', () => {
  test('until three readings in a row, a quarter of a second apart, show it', async () => {
    const { run, readings } = scene({});
    expect(await run()).toMatchObject({
      verified: true,
      found: 0,
      emptySnapshots: 3,
      clearedMs: 0,
      durationMs: 500,
      unreadable: undefined,
    });
    expect(readings).toEqual([0, 250, 500]);
  });

  test('a reading that failed begins the row again', async () => {
    const { run, readings } = scene({ list: (reading) => (reading === 3 ? failing(down) : []) });
    expect(await run()).toMatchObject({ verified: true, emptySnapshots: 3 });
    expect(readings).toHaveLength(6);
  });

  test('about orders that the caller knows of: each has to be closed by its own record', async () => {
    const settledAfter = (ms: number) => scene({ request: (clock) => ({ isSettled: () => clock.monotonic() >= STARTED_MS + ms }) }).run();
    const report = await settledAfter(2000);
    expect(report.verified).toBe(true);
    expect(report.durationMs).toBeGreaterThanOrEqual(2000);
    expect((await settledAfter(60_000)).verified).toBe(false);
  });
});

describe('a proof is as old as the request of its last lists', () => {
  const watched = { watchedSince: () => Number.NEGATIVE_INFINITY, isExpected: () => true };
  const heardOf = (at: number): Partial<Choice> => ({
    laterNews: [{ order: resting('late'), isOpen: true, at }],
    record: 'closed once canceled',
  });

  test('an order that the stream shows after them is canceled, although time has made the proof complete', async () => {
    const { run, canceled } = scene({ ...heardOf(650), request: () => ({ ...watched, lateCreateDeadline: STARTED_MS + 600 }) });
    expect(await run()).toMatchObject({ verified: true, found: 1, canceled: 1 });
    expect(new Set(canceled)).toEqual(new Set(['late']));
  });

  test('also one that it shows while executions are read', async () => {
    const late = scene({
      ...heardOf(800),
      list: (reading) => (reading === 1 ? [resting('early')] : []),
      executed: () => sleep(late.clock, 100).then(() => new Map()),
      request: () => watched,
    });
    // Without it, the proof would be complete at 750.
    expect(await late.run()).toMatchObject({ verified: true, found: 2 });
    expect(new Set(late.canceled)).toEqual(new Set(['early', 'late']));
  });

  test('what the caller knows to be closed counts only from then on, and nothing ends between two looks', async () => {
    const settledAt = STARTED_MS + 600;
    const { run, readings } = scene({ request: (clock) => ({ ...watched, isSettled: () => clock.monotonic() >= settledAt }) });
    expect(await run()).toMatchObject({ verified: true, durationMs: 750 });
    expect(readings).toEqual([0, 250, 500, 750]);
  });
});

describe('while many orders are canceled one by one', () => {
  const many = Array.from({ length: 150 }, (_, i) => resting(`o${i}`));

  test('the lists are read again every second or so, and what has come meanwhile does not wait for all others', async () => {
    const isGone = (id: string): boolean => canceled.includes(id);
    const { run, readings, canceled, canceledAt } = scene({
      list: () => [...many, ...(readings.length > 3 ? [resting('new')] : [])].filter(({ exchangeOrderId }) => !isGone(exchangeOrderId)),
      request: () => ({ deadlineMs: 60_000, isExpected: () => true }),
    });
    expect(await run()).toMatchObject({ verified: true, found: 151 });
    const gaps = readings.slice(1).map((at, index) => at - (readings[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1300);
    expect(canceled.indexOf('new')).toBeLessThan(140);
    // The lanes are as busy as if nobody looked.
    expect(canceledAt.at(-1)).toBeLessThan(10_600);
  });

  test('those that the stream reports closed are not sent any more', async () => {
    const closed = many.slice(20, 130);
    const { run, canceled } = scene({
      list: (reading) => (reading === 1 ? many : []),
      laterNews: closed.map((order) => ({ order, isOpen: false, at: 100 })),
      request: () => ({ deadlineMs: 60_000 }),
    });
    await run();
    expect(canceled.filter((id) => closed.some(({ exchangeOrderId }) => exchangeOrderId === id))).toHaveLength(0);
  });

  test('a bug in a cancel that was not waited for is thrown', async () => {
    const { run, clock } = scene({
      list: () => many,
      request: () => ({
        deadlineMs: 60_000,
        isTarget() {
          if (clock.monotonic() > STARTED_MS + 3000) throw new TypeError('a bug');
          return true;
        },
      }),
    });
    await expect(run()).rejects.toThrow('a bug');
  });
});

test.each([
  ['its list shows', true],
  ['only the stream has shown', false],
])('a foreign order that %s keeps a scope from being canceled in bulk', async (_, isListed) => {
  const foreign = resting('foreign', 'theirs');
  const { run, canceled, bulkCalls } = scene({
    list: (reading) => [...(reading === 1 ? [resting('own', 'mm-7')] : []), ...(isListed ? [foreign] : [])],
    news: [{ order: foreign, isOpen: true }],
    request: () => ({ isTarget: ({ clientOrderId }) => clientOrderId.startsWith('mm-'), perOrder: false }),
  });
  expect(await run()).toMatchObject({ verified: true, found: 1, canceled: 1, leftAlone: 1, method: 'per_order' });
  expect([canceled, bulkCalls()]).toEqual([['own'], 0]);
});

test.each([
  ['all the time', Number.NEGATIVE_INFINITY, 0],
  ['since a while ago', STARTED_MS - 60_000, READS_LATE_MS],
  ['never', undefined, READS_LATE_MS],
])('the report says how late the lists may be where the caller has heard of every order %s', async (_, watchedSince, readsMayBeLateMs) => {
  const { run } = scene({ request: () => ({ watchedSince: () => watchedSince }) });
  expect(await run()).toMatchObject({ verified: true, evidence: { readsMayBeLateMs } });
});

describe('while the list cannot be read', () => {
  test('a target that the order stream shows is canceled, and what is not one is left alone', async () => {
    const news = [resting('own', 'mm-7'), resting('foreign', 'theirs')].map((order) => ({ order, isOpen: true }));
    const isTarget = ({ clientOrderId }: RestingOrder): boolean => clientOrderId.startsWith('mm-');
    const { run, canceled } = scene({
      list: (reading) => (reading === 1 ? [] : failing(down)),
      news,
      request: () => ({ isTarget }),
    });
    const report = await run();
    expect(report).toMatchObject({
      verified: false,
      found: 1,
      leftAlone: 1,
      remaining: [{ exchangeOrderId: 'own' }],
      clearedMs: undefined,
    });
    expect(new Set(canceled)).toEqual(new Set(['own']));
  });

  test('the reasons are reported, each once', async () => {
    const scopes = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((symbol) => ({ category: 'linear', symbol }) as const);
    const { run } = scene({
      list: (reading) => (reading === 1 ? [] : failing(reading % 3 === 1 ? banned : down)),
      request: () => ({ scopes }),
    });
    expect((await run()).unreadable?.split('; ').toSorted()).toEqual(['no answer', 'this address is banned']);
  });

  test('a ban is not lengthened by asking often', async () => {
    const { run, readings } = scene({ list: (reading) => (reading < 3 ? failing(banned) : []), request: () => ({ deadlineMs: 60_000 }) });
    expect((await run()).verified).toBe(true);
    expect(readings).toEqual([0, 5000, 10_000, 10_250, 10_500]);
  });

  test('an answer that never comes is waited for as long as there is time, and a last one for a second', async () => {
    const { run, readings, clock } = scene({ list: () => 'no answer' });
    await expect(run()).rejects.toThrow('no complete list within 1000 ms');
    expect([readings, clock.monotonic() - STARTED_MS]).toEqual([[0, 5000], 6000]);
  });

  test('where it never could be, there is no report but the reason', async () => {
    const { run, readings } = scene({ list: () => failing(down) });
    await expect(run()).rejects.toBe(down);
    expect(readings.at(-1)).toBe(5000);
  });

  test('a bug is thrown and never taken for an answer', async () => {
    const { run } = scene({ list: () => failing(new TypeError('a bug')) });
    await expect(run()).rejects.toThrow('a bug');
  });
});

test('an order that does not go is named, whatever its cancel was answered with', async () => {
  const report = await scene({ list: () => [resting('a')] }).run();
  expect(report).toMatchObject({ verified: false, found: 1, canceled: 0, remaining: [{ exchangeOrderId: 'a', reason: 'still_open' }] });
  expect(report.stragglers).toBe(0);
});

test('orders that come while others are canceled are canceled too, and counted', async () => {
  const list = (reading: number) => [[resting('a')], [resting('b')]][reading - 1] ?? [];
  const { run, canceled } = scene({ list });
  expect(await run()).toMatchObject({ verified: true, found: 2, canceled: 2, stragglers: 1, rounds: 2 });
  expect(canceled).toEqual(['a', 'b']);
});

describe('orders that are gone', () => {
  const list = (reading: number): readonly RestingOrder[] => (reading === 1 ? [resting('a'), resting('b')] : []);

  test('were executed or canceled, as the executions say', async () => {
    const executed = () => Promise.resolve(new Map([['a', decimal('2')], ['b', decimal('1')]])); // prettier-ignore
    expect(await scene({ list, executed }).run()).toMatchObject({ found: 2, canceled: 1, filledMeanwhile: 1, fillsKnown: true });
  });

  test.each<[string, Partial<RestingOrder>, string, number]>([
    ['a stop of a whole position has no quantity that could be filled', { quantity: decimal('0') }, '0', 0],
    ['what an older order had executed before it was seen counts too', { filled: decimal('1') }, '1', 1],
    ['the row of a younger order has what its executions say', { filled: decimal('1'), createdAt: STARTED_MS + 1e9 }, '1', 0],
    ['a younger order that was executed since is filled', { filled: decimal('1'), createdAt: STARTED_MS + 1e9 }, '2', 1],
  ])('%s', async (_, terms, executedQuantity, filledMeanwhile) => {
    const one = (reading: number) => (reading === 1 ? [{ ...resting('a'), ...terms }] : []);
    const executed = () => Promise.resolve(new Map([['a', decimal(executedQuantity)]]));
    expect(await scene({ list: one, executed }).run()).toMatchObject({ found: 1, canceled: 1 - filledMeanwhile, filledMeanwhile });
  });

  test('count as canceled while the executions cannot be read, and the report says so', async () => {
    const executed = () => Promise.reject(down);
    expect(await scene({ list, executed }).run()).toMatchObject({ canceled: 2, filledMeanwhile: 0, fillsKnown: false, verified: true });
  });

  test('a bug in reading them is thrown', async () => {
    await expect(scene({ list, executed: () => Promise.reject(new TypeError('a bug')) }).run()).rejects.toThrow('a bug');
  });
});

describe('cancel-all that may only look', () => {
  test('cancels nothing and ends with the first look that shows a target', async () => {
    const { run, readings, canceled } = scene({
      list: (reading) => (reading < 3 ? [] : [resting('1')]),
      request: () => ({ watchOnly: true, isEverything: true }),
    });
    expect(await run()).toMatchObject({ verified: false, found: 1, method: 'none', remaining: [{ exchangeOrderId: '1' }] });
    expect([readings.length, canceled]).toEqual([3, []]);
  });

  test('proves that an empty list is empty', async () => {
    expect(await scene({ request: () => ({ watchOnly: true }) }).run()).toMatchObject({ verified: true, found: 0 });
  });
});

test('aborted, cancel-all reports at once the orders of the last look, and reads no more', async () => {
  const controller = new AbortController();
  const { run, readings } = scene({
    list(reading) {
      if (reading < 3) return [resting('1')];
      controller.abort();
      return 'no answer';
    },
    request: () => ({ signal: controller.signal }),
  });
  expect(await run()).toMatchObject({ verified: false, found: 1, canceled: 0, remaining: [{ exchangeOrderId: '1' }] });
  expect(readings).toHaveLength(3);
});
