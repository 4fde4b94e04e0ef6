import { describe, expect, test } from 'vitest';
import type { ExecutionLoop } from '../../../src/execution/loop/execution-loop.ts';
import { every } from '../../../src/util/clock.ts';
import { answering, type Fault } from '../../support/cancel/cancel-scene.ts';
import { earlierOrders, type EarlierOrders } from '../../support/bots/earlier-orders.ts';
import { lateBy, rows } from '../../support/wires/list-faults.ts';
import { settingsOf } from '../../support/bots/virtual-soak.ts';

const openOf = ({ ledger }: EarlierOrders): string[] => ledger.openOrders().map(({ orderLinkId }) => orderLinkId);

/** A bot on an exchange whose lists of open orders are late. */
function withLateLists(seed: string, lateMs: number, more: Parameters<typeof earlierOrders>[2] = {}): EarlierOrders {
  const late: { fault: Fault } = { fault: (_, pass) => pass() };
  const scene = earlierOrders(seed, (request, pass, random) => late.fault(request, pass, random), more);
  late.fault = lateBy(lateMs, () => scene.clock.monotonic());
  return scene;
}

describe('an order of an earlier run that appears after the start', () => {
  test.each([true, false])('is canceled while the bot runs, and reported (order stream up: %s)', async (hearsOrders) => {
    const scene = earlierOrders('appears', undefined, { hearsOrders });
    let left: readonly string[] = ['not looked'];
    scene.clock.schedule(10_000, () => scene.land('mm-oldrun-7'));
    scene.clock.schedule(22_000, () => (left = openOf(scene).filter((id) => id.includes('oldrun'))));
    expect(await scene.run(25_000)).toMatchObject({ verified: true });
    expect(left).toEqual([]);
    const found = scene.events.flatMap((event) => (event.type === 'reconciled' ? event.divergences : []));
    expect(found).toContain('orphan mm-oldrun-7');
    expect(openOf(scene)).toEqual([]);
  });

  test.each([
    ['shown by the lists', rows((list) => list), false],
    ['shown by the order stream alone', rows((list) => list.filter(({ orderLinkId }) => !String(orderLinkId).includes('oldrun'))), true],
  ])('and, %s, is part of what a stop cancels and proves', async (_, fault, hearsOrders) => {
    const scene = earlierOrders('at the stop', fault, { hearsOrders });
    const report = await scene.run(10_000, [], () => scene.land('mm-oldrun-7'));
    expect(report.found).toBeGreaterThan(0);
    expect([report.verified, openOf(scene)]).toEqual([true, []]);
  });
});

test.each([0, 100, 200])(
  'an order of mmbot’s in a symbol that is not traded here, %d ms after the stop began and shown by the order stream alone, is in the way of its proof',
  async (afterMs) => {
    const hidden = rows((list) => list.filter(({ orderLinkId }) => orderLinkId !== 'mm-elsewhere-1'));
    const scene = earlierOrders('elsewhere', hidden, { listed: ['BTCUSDT', 'ETHUSDT'] });
    const report = await scene.run(10_000, [], () => void scene.clock.schedule(afterMs, () => scene.land('mm-elsewhere-1', 'ETHUSDT')));
    expect(report.verified ? openOf(scene) : []).toEqual([]);
    expect(report.remaining.map(({ clientOrderId }) => clientOrderId)).toEqual(openOf(scene));
  },
);

describe('an order of mmbot that the order stream showed half a second before the stop', () => {
  const listed = ['BTCUSDT', 'ETHUSDT'];
  const hides = rows((list) => list.filter(({ orderLinkId }) => orderLinkId !== 'mm-oldrun-7'));
  const late = (seed: string): EarlierOrders => withLateLists(seed, 5000, { listed });
  const hidden = (seed: string): EarlierOrders => earlierOrders(seed, hides, { listed });

  test.each([
    ['late', 'traded', late, 'BTCUSDT'],
    ['hiding it', 'traded', hidden, 'BTCUSDT'],
    ['late', 'not traded, and known', late, 'ETHUSDT'],
    ['hiding it', 'not traded, and known', hidden, 'ETHUSDT'],
  ] as const)('is canceled before anything is proven: lists %s, symbol %s', async (lists, _, sceneOf, symbol) => {
    const scene = sceneOf(`before the stop ${lists} ${symbol}`);
    // An order that the lists show makes its symbol known.
    scene.clock.schedule(500, () => scene.land('mm-oldrun-1', symbol));
    scene.clock.schedule(29_600, () => scene.land('mm-oldrun-7', symbol));
    let hasLanded = false;
    // Frozen, it has no orders of its own that a stop would cancel in bulk, and that with them.
    const freeze = (loop: ExecutionLoop): void => void scene.clock.schedule(8000, () => loop.freeze('halted'));
    const report = await scene.run(30_000, [], () => (hasLanded = openOf(scene).includes('mm-oldrun-7')), freeze);
    expect(hasLanded).toBe(true);
    expect([report.verified, openOf(scene)]).toEqual([true, []]);
  });
});

describe('orders of an earlier run that the journal knows, while lists are five seconds late', () => {
  test('that are open already are canceled by id, and gone before anything is quoted', async () => {
    const scene = withLateLists('rest', 5000);
    const known = Array.from({ length: 7 }, (_, i) => `mm-oldrun-${i}`);
    for (const id of known) scene.land(id);
    expect(await scene.run(1000, known)).toMatchObject({ verified: true });
    expect(openOf(scene)).toEqual([]);
    const settled = scene.events.flatMap((event) => (event.type === 'leftoverSettled' ? [event.clientOrderId] : []));
    expect(settled.toSorted()).toEqual(known);
  });

  test('that the exchange accepts after the start are found before they count as gone', async () => {
    const scene = withLateLists('land', 5000);
    scene.clock.schedule(2000, () => scene.land('mm-oldrun-1'));
    expect(await scene.run(1000, ['mm-oldrun-1', 'mm-oldrun-2'])).toMatchObject({ verified: true });
    expect(openOf(scene)).toEqual([]);
  });

  test('are found by the start also when its stream breaks: then only the lists show them', async () => {
    const scene = withLateLists('breaks', 5500, { privateUntilMs: 1000 });
    let left: readonly string[] | undefined;
    scene.clock.schedule(2000, () => scene.land('mm-oldrun-unknown'));
    const looking = every(scene.clock, 10, () => {
      const isCleared = scene.events.some((event) => event.type === 'cancelAllDone' && event.report.trigger === 'start');
      if (isCleared) left ??= openOf(scene);
    });
    await scene.run(1000, ['mm-oldrun-1']);
    looking();
    expect(left).toEqual([]);
  });

  test('are found by a freeze that began before the start, though its stream has been up all the time', async () => {
    const scene = withLateLists('frozen first', 5000);
    scene.land('mm-oldrun-unknown');
    let left: readonly string[] | undefined;
    const looking = every(scene.clock, 10, () => {
      const isProven = scene.events.some((event) => event.type === 'cancelAllDone' && event.report.trigger === 'freeze');
      if (isProven) left ??= openOf(scene);
    });
    await scene.run(
      10_000,
      ['mm-oldrun-1'],
      () => undefined,
      (loop) => loop.freeze('halted'),
    );
    looking();
    expect(left).toEqual([]);
  });

  test('that stay open according to their records make the start fail: orders remain', async () => {
    const stays: Fault = async (request, pass) => {
      const answer = await pass();
      return request.url.includes('orderLinkId=') ? { ...answer, body: answer.body.replace('"Cancelled"', '"New"') } : answer;
    };
    const scene = earlierOrders('stay', stays);
    scene.land('mm-oldrun-1');
    await expect(scene.run(1000, ['mm-oldrun-1'])).rejects.toMatchObject({ code: 'leftovers', exitCode: 4 });
  });
});

describe('orders of an earlier run that no journal contains, while lists are five seconds late', () => {
  test('are gone before anything is quoted', async () => {
    const scene = withLateLists('no journal', 5000, { hasJournal: false });
    for (let i = 0; i < 3; i += 1) scene.land(`mm-oldrun-${i}`);
    let left: readonly string[] | undefined;
    const looking = every(scene.clock, 10, () => {
      const ids = openOf(scene);
      if (ids.some((id) => id.includes('thisrun'))) left ??= ids.filter((id) => id.includes('oldrun'));
    });
    expect(await scene.run(1000)).toMatchObject({ verified: true });
    looking();
    expect(left).toEqual([]);
  });

  test.each([10, 20, 25, 30])('are covered by the proof of a stop that comes with request %d of the start', async (requests) => {
    const scene = withLateLists('stopped early', 5000, { hasJournal: false });
    scene.land('mm-oldrun-1');
    const report = await scene.stopWhileStarting(requests);
    expect([report?.verified, openOf(scene)]).toEqual([true, []]);
  });
});

test('when no list can be read, orders in the journal are canceled by id, and orders may remain', async () => {
  const scene = earlierOrders(
    'unread',
    answering('v5/order/realtime', () => ({ list: null })),
  );
  scene.land('mm-oldrun-1');
  await expect(scene.run(1000, ['mm-oldrun-1'])).rejects.toMatchObject({ code: 'leftovers', exitCode: 4 });
  expect(openOf(scene)).toEqual([]);
});

test('a stop that gets pages without a code for ten seconds continues until it has its proof', async () => {
  let barredUntil = Number.POSITIVE_INFINITY;
  let isBarred = false;
  const scene: EarlierOrders = earlierOrders('barred', (_, pass) =>
    isBarred && scene.clock.monotonic() < barredUntil
      ? Promise.resolve({ status: 403, statusText: 'Forbidden', headers: {}, body: '<html>forbidden</html>' })
      : pass(),
  );
  const report = await scene.run(10_000, [], () => {
    scene.land('mm-oldrun-1');
    barredUntil = scene.clock.monotonic() + 10_000;
    isBarred = true;
  });
  expect([report.verified, openOf(scene)]).toEqual([true, []]);
});

test('an unreadable row of our own order does not prevent the proof of a stop', async () => {
  const scene = earlierOrders(
    'opaque',
    rows((list) => list.map((row) => ({ ...row, price: '?', qty: '1e-3' }))),
  );
  const report = await scene.run(10_000).catch((error: unknown) => error);
  expect(openOf(scene)).toEqual([]);
  expect(report).toMatchObject({ verified: true });
});

test('executions with endless cursors do not prevent the end of a stop', async () => {
  let [pages, isEndless] = [0, false];
  const endless = answering('v5/execution/list', () => ({
    list: [{ execId: `e${(pages += 1)}`, execType: 'Trade' }],
    nextPageCursor: `c${pages}`,
  }));
  const scene = earlierOrders('endless', (request, pass, random) => (isEndless ? endless(request, pass, random) : pass()));
  let stoppedAt = 0;
  scene.clock.schedule(8000, () => (isEndless = true));
  await scene.run(8000).then(() => (stoppedAt = scene.clock.monotonic()));
  expect(openOf(scene)).toEqual([]);
  expect(stoppedAt).toBeLessThan(10_000 + settingsOf('s1').execution.stopDeadlineMs + 2000);
});
