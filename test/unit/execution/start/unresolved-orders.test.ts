import { describe, expect, test } from 'vitest';
import type { BotEvent } from '../../../../src/execution/events.ts';
import type { Presence } from '../../../../src/exchange/cancel-port.ts';
import { ExchangeError } from '../../../../src/exchange/errors.ts';
import type { FillScope } from '../../../../src/exchange/exchange.ts';
import type { JournalRecord } from '../../../../src/execution/journal.ts';
import { READS_LATE_MS } from '../../../../src/exchange/complete.ts';
import { settleLeftOpen } from '../../../../src/execution/start/unresolved-orders.ts';
import { OrderStore } from '../../../../src/execution/orders/order-store.ts';
import type { OrderGrid } from '../../../../src/model/instrument.ts';
import type { Fill, OrderReport } from '../../../../src/model/order.ts';
import { lots } from '../../../../src/model/units.ts';
import { RateLimiter } from '../../../../src/execution/limits/rate-limiter.ts';
import { VirtualClock } from '../../../../src/util/clock.ts';
import { fillOf, newOrder, reportOf } from '../../../support/builders/builders.ts';
import { NO_JOURNAL } from '../../../../src/store/no-journal.ts';

/**
 * `rows`: the exchange's row of an order at the first look, the second, and so on; the last one repeats. `lists`: its executions,
 * likewise. `recorded`: executions that the journal contains already; `streamed`: those that arrived during this start.
 */
async function settledBy(
  rows: Readonly<Record<string, readonly (OrderReport | undefined)[]>>,
  {
    lists = [[]],
    recorded = [],
    streamed = [],
    placedAt = {},
    refused = {},
    presence = 'unlisted',
    grid,
    lateCreateDeadline = Number.NEGATIVE_INFINITY,
  }: {
    readonly lateCreateDeadline?: number;
    readonly lists?: readonly (readonly Fill[])[];
    readonly recorded?: readonly Fill[];
    readonly streamed?: readonly Fill[];
    readonly placedAt?: Readonly<Record<string, number>>;
    /** Orders that cannot be looked up, and why. */
    readonly refused?: Readonly<Record<string, ExchangeError>>;
    /** Of their symbol. */
    readonly presence?: Presence;
    /** Of their time. */
    readonly grid?: OrderGrid;
  } = {},
) {
  const clock = new VirtualClock(PLACED_AT);
  const records: JournalRecord[] = [];
  const events: BotEvent[] = [];
  const looks: Record<string, number> = {};
  const reads: number[] = [];
  const readOn: Record<string, OrderGrid | undefined> = {};
  const exchange = {
    findOrder: ({ clientOrderId }: { readonly clientOrderId: string }) => {
      const refusal = refused[clientOrderId];
      if (refusal !== undefined) return Promise.reject(refusal);
      const look = (looks[clientOrderId] ??= 0);
      looks[clientOrderId] = look + 1;
      const said = rows[clientOrderId] ?? [];
      return Promise.resolve({ value: said[Math.min(look, said.length - 1)], at: clock.now() });
    },
    fills: ({ since, gridOf }: FillScope) => {
      reads.push(since);
      for (const clientOrderId of Object.keys(rows)) readOn[clientOrderId] = gridOf?.(clientOrderId);
      return Promise.resolve({ value: lists[Math.min(reads.length, lists.length) - 1] ?? [], at: clock.now() });
    },
  };
  const journal = { ...NO_JOURNAL, append: (...more: readonly JournalRecord[]) => void records.push(...more) };
  const open = Object.keys(rows).map((clientOrderId) => {
    const fills = recorded.filter((fill) => fill.clientOrderId === clientOrderId);
    const executed = fills.reduce((sum, { quantity }) => sum + quantity, 0);
    return {
      clientOrderId,
      symbol: 'BTCUSDT',
      at: placedAt[clientOrderId] ?? PLACED_AT,
      ...(grid === undefined ? {} : { grid }),
      fillIds: fills.map(({ fillId }) => fillId),
      executed,
      filledAtEnd: null,
    };
  });
  const store = new OrderStore();
  for (const { fillId } of streamed) store.knowFill(fillId);
  const canceled: string[] = [];
  const canceledAt: number[] = [];
  const limiter = new RateLimiter(clock, { create: 10, amend: 10, cancel: 10, cancelBatch: 10, cancelAll: 10, query: 40 });
  const port = {
    async cancelOne({ clientOrderId }: { readonly clientOrderId: string }) {
      canceled.push(clientOrderId);
      canceledAt.push(clock.monotonic());
    },
    presenceOf: () => Promise.resolve(presence),
  };
  const record = (event: BotEvent): void => void events.push(event);
  await clock.run(settleLeftOpen({ exchange, port, store, journal, clock, record, limiter, lateCreateDeadline }, open));
  return { records, events, looks, reads, readOn, canceled, canceledAt, elapsedMs: clock.monotonic() };
}

const PLACED_AT = 500_000;
const row = (clientOrderId: string, terms: Partial<OrderReport>): OrderReport => reportOf(newOrder({ clientOrderId }), terms);

test('the end of each order is recorded as the exchange tells it', async () => {
  const { records, events, reads, elapsedMs } = await settledBy({
    a: [row('a', { status: 'rejected', reason: 'EC_PostOnlyWillTakeLiquidity' })],
    b: [row('b', { status: 'canceled', reason: 'EC_PerCancelRequest' })],
    c: [row('c', { status: 'filled' })],
  });
  expect(records).toMatchObject([
    { type: 'order', clientOrderId: 'a', exchangeOrderId: 'x-a', state: { tag: 'rejected', reason: 'EC_PostOnlyWillTakeLiquidity' } },
    { type: 'order', clientOrderId: 'b', state: { tag: 'canceled', reason: 'EC_PerCancelRequest' } },
    { type: 'order', clientOrderId: 'c', state: { tag: 'filled' } },
  ]);
  expect(events).toMatchObject([{ type: 'leftoverSettled', clientOrderId: 'a' }, { clientOrderId: 'b' }, { clientOrderId: 'c' }]);
  expect(elapsedMs).toBe(0);
  // Nothing was executed, so no executions are queried.
  expect(reads).toEqual([]);
});

test('an order that no list contains counts as gone only after a second look, a second later', async () => {
  const { records, looks, elapsedMs } = await settledBy({
    a: [undefined],
    b: [undefined, row('b', { status: 'canceled', reason: 'EC_PerCancelRequest' })],
  });
  expect(looks).toEqual({ a: 2, b: 2 });
  expect(elapsedMs).toBe(1000);
  expect(records).toMatchObject([
    { clientOrderId: 'b', state: { tag: 'canceled', reason: 'EC_PerCancelRequest' } },
    { clientOrderId: 'a', state: { tag: 'canceled', reason: 'no list of the exchange has it' }, filled: 0 },
  ]);
});

const SYMBOL_INVALID = new ExchangeError('rejected', 'not-applied', 'order/realtime: 10001 symbol invalid', { retCode: 10_001 });
const NOT_FOUND = new ExchangeError('rejected', 'not-applied', 'order/history: HTTP 404 without a code');

test('an order of a symbol that the exchange no longer lists counts as gone too', async () => {
  const { records } = await settledBy({ a: [undefined] }, { refused: { a: SYMBOL_INVALID } });
  expect(records).toMatchObject([{ clientOrderId: 'a', state: { tag: 'canceled', reason: 'no list of the exchange has it' } }]);
});

test.each<[string, ExchangeError, Presence]>([
  ['a page of a proxy', NOT_FOUND, 'unlisted'],
  ['a refusal of a symbol that the exchange lists', SYMBOL_INVALID, 'listed'],
  ['a refusal while the list of symbols cannot be read', SYMBOL_INVALID, 'unknown'],
  ['a refusal where nothing is listed at all', SYMBOL_INVALID, 'nothing_listed'],
])('%s says nothing of an order: it is asked for again, and then the start ends', async (_, refusal, presence) => {
  await expect(settledBy({ a: [undefined], b: [undefined] }, { refused: { a: refusal }, presence })).rejects.toMatchObject({
    code: 'leftovers',
    exitCode: 4,
    message: `orders of an earlier run may remain: could not be looked up: a (${refusal.message})`,
  });
});

test('absence counts only when nothing can land any more and lists have had their time', async () => {
  const { records, looks, elapsedMs } = await settledBy({ a: [undefined] }, { lateCreateDeadline: 3000 });
  expect(elapsedMs).toBeGreaterThanOrEqual(3000 + READS_LATE_MS);
  expect(looks['a']).toBeGreaterThan(8);
  expect(records).toMatchObject([{ clientOrderId: 'a', state: { tag: 'canceled', reason: 'no list of the exchange has it' } }]);
});

test('one that appears after an absence is canceled by id, and queried again before it counts as gone', async () => {
  const { records, canceled } = await settledBy({
    a: [undefined, row('a', { status: 'open' }), undefined, row('a', { status: 'canceled', reason: 'EC_PerCancelRequest' })],
  });
  expect(canceled).toEqual(['a']);
  expect(records).toMatchObject([{ clientOrderId: 'a', state: { tag: 'canceled', reason: 'EC_PerCancelRequest' } }]);
});

test('those that are canceled again keep to the rate limit', async () => {
  const ids = Array.from({ length: 25 }, (_, i) => `o${i}`);
  const ended = (id: string): OrderReport => row(id, { status: 'canceled', reason: 'EC_PerCancelRequest' });
  const { canceled, canceledAt } = await settledBy(
    Object.fromEntries(ids.map((id) => [id, [row(id, { status: 'open' }), row(id, { status: 'open' }), ended(id)]])),
  );
  expect(canceled).toEqual([...ids, ...ids]);
  const inSecond = canceledAt.map((from) => canceledAt.filter((at) => at >= from && at < from + 1000).length);
  expect(Math.max(...inSecond)).toBe(10);
});

test('one that stays open by its own record makes the start fail: orders remain, and the error says how each is known', async () => {
  await expect(settledBy({ a: [row('a', { status: 'open' })] })).rejects.toMatchObject({
    code: 'leftovers',
    exitCode: 4,
    message: 'orders of an earlier run may remain: still open according to their order record: a',
  });
  const turns = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? undefined : row('b', { status: 'open' })));
  await expect(settledBy({ a: [row('a', { status: 'open' })], b: turns })).rejects.toMatchObject({
    message:
      'orders of an earlier run may remain: still open according to their order record: a; missing from the lists, but not for long enough to count as gone: b',
  });
});

describe('executions that the run before did not record', () => {
  const [a, b] = [newOrder({ clientOrderId: 'a' }), newOrder({ clientOrderId: 'b' })];
  const [known, missed, other] = [fillOf(a, 'f1', 4), fillOf(a, 'f2', 6), fillOf(newOrder({ clientOrderId: 'z' }), 'f3', 1)];
  const filled = { a: [row('a', { status: 'filled', filled: lots(10) })] };

  test('are recorded once, and no others', async () => {
    const { records, events, reads, elapsedMs } = await settledBy(filled, { lists: [[known, missed, other]], recorded: [known] });
    expect(records).toMatchObject([
      { type: 'order', clientOrderId: 'a', state: { tag: 'filled' }, filled: 10 },
      { type: 'fill', fill: missed },
    ]);
    expect(events).toMatchObject([{ type: 'leftoverSettled' }, { type: 'fillRecovered', fill: missed }]);
    // Our clock may be a minute ahead of the exchange's.
    expect([reads, elapsedMs]).toEqual([[PLACED_AT - 60_000], 0]);
  });

  test('are asked for where no list has the order, and are part of its end', async () => {
    const { records, events } = await settledBy({ a: [undefined], b: [undefined] }, { lists: [[known, missed, other]], recorded: [known] });
    expect(records).toMatchObject([
      { type: 'fill', fill: missed },
      { type: 'order', clientOrderId: 'a', state: { tag: 'canceled', reason: 'no list of the exchange has it' }, filled: 10 },
      { type: 'order', clientOrderId: 'b', filled: 0 },
    ]);
    expect(events).toMatchObject([{ type: 'fillRecovered', fill: missed }, { type: 'leftoverSettled', filled: 10 }, { filled: 0 }]);
  });

  test('are asked for since the earliest intent', async () => {
    const three = { ...filled, b: [undefined], c: [undefined] };
    const { reads } = await settledBy(three, { lists: [[known, missed]], placedAt: { b: 300_000, c: 400_000 } });
    expect(reads).toEqual([240_000]);
  });

  test('are not recorded again when the stream of this run has brought them', async () => {
    const { records, elapsedMs } = await settledBy(filled, { lists: [[known, missed]], streamed: [missed] });
    expect(records.filter(({ type }) => type === 'fill')).toMatchObject([{ fill: known }]);
    expect(elapsedMs).toBe(0);
  });

  test('are asked for again while the list lags behind what was filled', async () => {
    const { records, elapsedMs } = await settledBy(filled, { lists: [[known], [known], [known, missed]] });
    expect(records.filter(({ type }) => type === 'fill')).toMatchObject([{ fill: known }, { fill: missed }]);
    expect(elapsedMs).toBe(2000);
  });

  test('are read on the grid of their time', async () => {
    const grid = { tick: '0.10', lot: '0.001' };
    const { readOn, records } = await settledBy(filled, { lists: [[known, missed]], grid });
    expect(readOn).toEqual({ a: grid });
    // And say so: today's may be another one.
    expect(records.filter(({ type }) => type === 'fill')).toMatchObject([{ grid }, { grid }]);
  });

  test('are not waited for without end', async () => {
    const { reads } = await settledBy(filled, { lists: [[known]] });
    expect(reads.length).toBe(10);
  });

  test('are not asked for when all are recorded', async () => {
    const both = { ...filled, b: [row('b', { status: 'canceled', filled: lots(3), reason: '' })] };
    const { reads } = await settledBy(both, { recorded: [known, missed, fillOf(b, 'f4', 3)] });
    expect(reads).toEqual([]);
  });
});

test('without orders left, nothing is queried', async () => {
  expect(await settledBy({})).toMatchObject({ records: [], looks: {}, elapsedMs: 0 });
});
