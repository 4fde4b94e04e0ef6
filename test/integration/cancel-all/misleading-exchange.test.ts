import { describe, expect, test } from 'vitest';
import { isOwn, type CancelScope } from '../../../src/exchange/cancel-port.ts';
import { READS_LATE_MS } from '../../../src/exchange/complete.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import type { CancelReport } from '../../../src/execution/cancel/cancel-report.ts';
import { answering, cancelScene, isCancel, json, pathOf, type Fault, type Scene } from '../../support/cancel/cancel-scene.ts';
import { lateBy, rows, without, type Row } from '../../support/wires/list-faults.ts';

const REALTIME = 'v5/order/realtime';
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
/** When no create of before can land any more. */
const LANDED_MS = 3250;

async function reportOf(scene: Scene, request: Parameters<Scene['cancel']>[0] = {}): Promise<CancelReport> {
  const report = await scene.cancel(request);
  if (report instanceof ExchangeError) throw report;
  return report;
}

describe('a list that does not end by itself', () => {
  const looping = answering(REALTIME, () => ({ nextPageCursor: 'again' }));

  test('proves nothing: our orders may be behind fifty of others', async () => {
    const scene = cancelScene('loop', SYMBOLS, looping);
    scene.rest(5);
    scene.rest(50, 'manual-');
    const report = await scene.cancel({ isTarget: isOwn, deadlineMs: 10_000 });
    expect(report).not.toMatchObject({ verified: true });
    expect(scene.open().filter((id) => id.startsWith('manual-'))).toHaveLength(50);
  });

  test('but what it shows is canceled', async () => {
    const scene = cancelScene('loop shown', SYMBOLS, looping);
    scene.rest(50, 'manual-');
    scene.rest(5);
    const report = await reportOf(scene, { isTarget: isOwn, deadlineMs: 10_000 });
    expect(report).toMatchObject({ found: 5, verified: false, unreadable: expect.stringContaining('cursor') as unknown });
    expect(scene.open().filter((id) => id.startsWith('mm-'))).toEqual([]);
  });

  test.each([
    ['empty pages', (n: number) => ({ list: [], nextPageCursor: `c${n}` })],
    ['invented rows', (n: number) => ({ list: [{ orderId: `x${n}`, symbol: 'BTCUSDT', orderLinkId: 'theirs' }], nextPageCursor: `c${n}` })],
  ])('of %s keeps nobody beyond the deadline', async (_, page) => {
    let pages = 0;
    const scene = cancelScene(
      'endless',
      SYMBOLS,
      answering(REALTIME, () => page((pages += 1))),
    );
    scene.rest(3);
    const report = await scene.cancel({ isTarget: isOwn, deadlineMs: 8000 });
    expect(report).not.toMatchObject({ verified: true });
    expect(scene.clock.monotonic()).toBeLessThan(10_000);
  });

  test('when everything is to be canceled, a bulk call cancels the orders that could not be read', async () => {
    const unreadable = answering(REALTIME, () => ({ list: null }));
    const scene = cancelScene('blind', SYMBOLS, unreadable);
    scene.rest(5);
    expect(await scene.cancel({ isEverything: true, deadlineMs: 5000 })).toBeInstanceOf(ExchangeError);
    expect(scene.open()).toEqual([]);
  });
});

describe('a row that cannot be read', () => {
  const damages: readonly [string, (row: Row) => unknown][] = [
    ['a side that is none', (row) => ({ ...row, side: 'None' })],
    ['a quantity with an exponent', (row) => ({ ...row, qty: '1e-3', cumExecQty: 'x' })],
    ['a price that is a list', (row) => ({ ...row, price: [] })],
    ['no order id', (row) => without(row, 'orderId')],
    ['an order id that is none', (row) => ({ ...row, orderId: { id: 1 } })],
    ['no symbol', (row) => without(row, 'symbol')],
    ['nothing of it', () => null],
  ];

  test.each(damages)('with %s is canceled with all others, and does not prevent the proof once it is gone', async (_, damage) => {
    const scene = cancelScene(
      'opaque',
      SYMBOLS,
      rows((list) => list.map((row, index) => (index === 1 ? damage(row) : row))),
    );
    scene.rest(5);
    expect(await reportOf(scene)).toMatchObject({ found: 5, verified: true });
    expect(scene.open()).toEqual([]);
  });

  test.each(damages)('with %s is listed and prevents the proof while the order is open', async (_, damage) => {
    const stubborn: Fault = async (request, pass, random) =>
      isCancel(pathOf(request))
        ? json({ retCode: 10_016, retMsg: 'internal error' })
        : rows((list) => list.map(damage))(request, pass, random);
    const scene = cancelScene('opaque stays', ['BTCUSDT'], stubborn, { deadSockets: true });
    scene.rest(1);
    const report = await reportOf(scene, { deadlineMs: 8000 });
    expect(report.verified).toBe(false);
    expect(report.remaining).toHaveLength(1);
  });

  test('of an order of others does not prevent the proof for our own, as long as its id can be read', async () => {
    const scene = cancelScene(
      'opaque person',
      SYMBOLS,
      rows((list) => list.map((row) => (String(row['orderLinkId']).startsWith('mm-') ? row : { ...row, side: 'None', qty: '?' }))),
    );
    scene.rest(2, 'manual-');
    scene.rest(3);
    expect(await reportOf(scene, { isTarget: isOwn })).toMatchObject({ found: 3, canceled: 3, leftAlone: 2, verified: true });
    expect(scene.open()).toHaveLength(2);
  });

  test('without an owner may belong to anyone: it is not canceled, is listed, and prevents the proof', async () => {
    const scene = cancelScene(
      'opaque owner',
      SYMBOLS,
      rows((list) => list.map((row) => without(row, 'orderLinkId'))),
    );
    scene.rest(2);
    const report = await reportOf(scene, { isTarget: isOwn, deadlineMs: 8000 });
    expect(report).toMatchObject({ verified: false, remaining: [{ reason: expect.stringContaining('who placed it') as unknown }, {}] });
    expect(scene.open()).toHaveLength(2);
  });
});

describe('the order stream is the second source', () => {
  const hidden = rows(() => []);

  test('an order that it shows as live is canceled by id, and a list without that order proves nothing', async () => {
    const scene = cancelScene('witness', SYMBOLS, hidden);
    scene.clock.schedule(1000, () => scene.rest(15));
    const report = await reportOf(scene, { deadlineMs: 20_000 });
    expect(scene.open()).toEqual([]);
    expect(report).toMatchObject({ found: 15, evidence: { placedMeanwhile: 15 } });
  });

  test('while that order cannot be canceled, there is no proof, and the order is listed', async () => {
    const scene = cancelScene('witness stays', SYMBOLS, async (request, pass, random) =>
      isCancel(pathOf(request)) ? json({ retCode: 10_016, retMsg: 'internal error' }) : hidden(request, pass, random),
    );
    scene.clock.schedule(1000, () => scene.rest(2));
    const report = await reportOf(scene, { deadlineMs: 10_000 });
    expect(report.verified).toBe(false);
    expect(report.remaining.map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(scene.open().toSorted());
  });
});

describe('another client that places orders meanwhile', () => {
  const writing = (scene: Scene, everyMs: number, untilMs: number): void => {
    for (let at = 500; at < untilMs; at += everyMs) scene.clock.schedule(at, () => scene.rest(1, 'mm-other-'));
  };

  test.each([300, 1500, 4000, 8000])('every %i ms prevents the proof, and is reported', async (everyMs) => {
    const scene = cancelScene('writer', SYMBOLS);
    scene.rest(3);
    writing(scene, everyMs, 60_000);
    const report = await reportOf(scene, { deadlineMs: 30_000 });
    expect(report.verified).toBe(false);
    expect(report.evidence.placedMeanwhile).toBeGreaterThan(2);
    expect(report.durationMs).toBeLessThan(32_000);
  });

  test('is noticed without streams too', async () => {
    const scene = cancelScene('writer unheard', SYMBOLS, undefined, { deadSockets: true });
    writing(scene, 2000, 60_000);
    expect(await reportOf(scene, { deadlineMs: 30_000 })).toMatchObject({ verified: false });
  });

  test('counts as stopped after ten seconds without a new order', async () => {
    const scene = cancelScene('writer stops', SYMBOLS);
    writing(scene, 1000, 5000);
    const report = await reportOf(scene);
    expect(report).toMatchObject({ verified: true, evidence: { placedMeanwhile: 5 } });
    expect(report.durationMs).toBeGreaterThan(14_000);
    expect(scene.open()).toEqual([]);
  });
});

describe('lists that are late', () => {
  test.each([500, 2000, 5000])('by %i ms and show nothing at first: open orders are found before any proof', async (lateMs) => {
    const late: { fault: Fault } = { fault: (_, pass) => pass() };
    const scene = cancelScene('late', SYMBOLS, (request, pass, random) => late.fault(request, pass, random), { deadSockets: true });
    late.fault = lateBy(lateMs, () => scene.clock.monotonic());
    scene.rest(7);
    const report = await reportOf(scene);
    expect([report.verified, report.found, scene.open()]).toEqual([true, 7, []]);
  });

  test.each([5000, 20_000])(
    'by %i ms, as observed from canceled orders that are still listed: the proof waits as long again',
    async (lateMs) => {
      const late: { fault: Fault } = { fault: (_, pass) => pass() };
      const scene = cancelScene('late measured', SYMBOLS, (request, pass, random) => late.fault(request, pass, random), {
        deadSockets: true,
      });
      scene.rest(4);
      late.fault = lateBy(lateMs, () => scene.clock.monotonic(), 'all');
      scene.clock.schedule(600, () => scene.rest(1, 'mm-landed-'));
      const report = await reportOf(scene, { deadlineMs: 120_000 });
      expect([report.verified, report.found, scene.open()]).toEqual([true, 5, []]);
    },
  );

  test('an account without orders is proven empty after the assumed delay of lists', async () => {
    const report = await reportOf(cancelScene('empty', SYMBOLS));
    expect(report).toMatchObject({ verified: true, found: 0, evidence: { readsMayBeLateMs: READS_LATE_MS } });
    expect(report.durationMs).toBeGreaterThan(LANDED_MS + READS_LATE_MS);
    expect(report.durationMs).toBeLessThan(LANDED_MS + READS_LATE_MS + 1000);
  });

  test('a create that lands after the stream was subscribed is found by the lists, also when the stream shows nothing', async () => {
    let now = (): number => 0;
    const late = lateBy(5500, () => now());
    const scene = cancelScene('deaf', SYMBOLS, late, { deafSockets: true });
    now = () => scene.clock.monotonic();
    scene.clock.schedule(1850, () => scene.rest(1));
    const report = await reportOf(scene);
    expect(report).toMatchObject({ found: 1, canceled: 1 });
    expect(scene.open()).toEqual([]);
  });
});

test('executions without an end only leave open what was filled', async () => {
  let pages = 0;
  const endless = answering('v5/execution/list', () => ({
    list: [{ execId: `e${(pages += 1)}`, orderId: 'x', execQty: '1' }],
    nextPageCursor: `c${pages}`,
  }));
  const scene = cancelScene('endless executions', SYMBOLS, endless);
  scene.rest(4);
  const report = await reportOf(scene, { deadlineMs: 11_000 });
  expect(report).toMatchObject({ verified: true, canceled: 4, fillsKnown: false });
  expect(report.durationMs).toBeLessThan(13_000);
});

test('the deadline holds whichever request is never answered', async () => {
  for (const path of [
    'v5/order/realtime',
    'v5/order/cancel-all',
    'v5/order/cancel',
    'v5/order/cancel-batch',
    'v5/execution/list',
    'v5/market/time',
  ]) {
    const scene = cancelScene(`silent ${path}`, SYMBOLS, (request, pass) =>
      pathOf(request) === path ? new Promise(() => undefined) : pass(),
    );
    scene.rest(30);
    await scene.cancel({ deadlineMs: 8000, perOrder: path !== 'v5/order/cancel-all' });
    expect([path, scene.clock.monotonic() < 10_000]).toEqual([path, true]);
  }
});

test('the result says which scopes were read and which were not', async () => {
  const scopes: readonly CancelScope[] = [{ category: 'linear', settleCoin: 'USDT' }, { category: 'option' }];
  const { evidence } = await reportOf(cancelScene('scope', SYMBOLS), { scopes });
  expect(evidence.scopes).toEqual(['linear USDT', 'option']);
  expect(evidence.outOfScope.join()).toContain('strategy');
});
