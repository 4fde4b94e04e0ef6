import { describe, expect, test } from 'vitest';
import type { WireResponse } from '../../../src/exchange/bybit/wire/wire.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { neverLies } from '../../support/cancel/cancel-chaos.ts';
import { TEN_SYMBOLS } from '../../support/cancel/cancel-cells.ts';
import { cancelScene, isCancel, json, pathOf, THROTTLED, type Fault, type Scene } from '../../support/cancel/cancel-scene.ts';

describe('cancel-all', () => {
  test.each([0, 1])('finds, cancels and proves %i orders over ten symbols', async (count) => {
    const scene = cancelScene('plain', TEN_SYMBOLS);
    scene.rest(count);
    expect(scene.ledger.openOrders()).toHaveLength(count);
    expect(await scene.cancel()).toMatchObject({
      found: count,
      canceled: count,
      remaining: [],
      verified: true,
      method: count === 0 ? 'none' : 'bulk',
    });
    expect(scene.ledger.openOrders()).toEqual([]);
  });

  test('order by order at once with force: fifty within six seconds, over both lanes', async () => {
    const scene = cancelScene('force', TEN_SYMBOLS);
    scene.rest(50);
    const report = await scene.cancel({ perOrder: true });
    expect(report).toMatchObject({ found: 50, canceled: 50, verified: true, method: 'per_order' });
    expect(report instanceof ExchangeError || (report.clearedMs ?? Infinity)).toBeLessThanOrEqual(6000);
    expect(scene.ledger.counts().rateLimited).toBe(0);
  });

  test('only ours: no bulk call can touch what is not', async () => {
    const scene = cancelScene('mine', TEN_SYMBOLS);
    scene.rest(12, 'mm-a-');
    scene.rest(7, 'manual-');
    const report = await scene.cancel({ isTarget: ({ clientOrderId }) => clientOrderId.startsWith('mm-') });
    expect(report).toMatchObject({ found: 12, canceled: 12, leftAlone: 7, verified: true, method: 'per_order' });
    expect(scene.ledger.openOrders()).toHaveLength(7);
  });

  test('a bulk call that fails, or falsely reports success, is followed by cancels of every order', async () => {
    const failing: Fault = (request, pass) =>
      pathOf(request) === 'v5/order/cancel-all' ? Promise.resolve(json({ retCode: 10_000, retMsg: 'Server Timeout' })) : pass();
    const lying: Fault = (request, pass) =>
      pathOf(request) === 'v5/order/cancel-all'
        ? Promise.resolve(json({ retCode: 0, retMsg: 'OK', result: { list: [], success: '1' }, time: 1 }))
        : pass();
    for (const fault of [failing, lying]) {
      const scene = cancelScene('bulk', TEN_SYMBOLS, fault);
      scene.rest(60);
      expect(await scene.cancel()).toMatchObject({ found: 60, canceled: 60, verified: true, method: 'bulk+per_order' });
      expect(scene.ledger.openOrders()).toEqual([]);
    }
  });

  test('half of the answers to cancels lost after they took effect: still empty and proven', async () => {
    const lost: Fault = async (request, pass, random) => {
      const answer = await pass();
      if (isCancel(pathOf(request)) && random.uniform() < 0.5) throw new Error('connection reset');
      return answer;
    };
    const scene = cancelScene('lost', TEN_SYMBOLS, lost);
    scene.rest(80);
    expect(await scene.cancel({ perOrder: true })).toMatchObject({ found: 80, canceled: 80, verified: true });
    expect(scene.ledger.openOrders()).toEqual([]);
  });

  test('a storm of 10006 only makes it slower', async () => {
    const storm: Fault = (_, pass, random) => (random.uniform() < 0.7 ? Promise.resolve(THROTTLED) : pass());
    const scene = cancelScene('storm', TEN_SYMBOLS, storm);
    scene.rest(40);
    expect(await scene.cancel()).toMatchObject({ canceled: 40, verified: true });
    expect(scene.ledger.openOrders()).toEqual([]);
  });

  test('when HTTP is banned in the middle, single cancels go over the trade socket, and the report says what could not be verified', async () => {
    let requests = 0;
    const banned: Fault = (request, pass) => {
      requests += pathOf(request) === 'v5/order/realtime' ? 1 : 0;
      return requests > 1 || isCancel(pathOf(request))
        ? Promise.resolve({ status: 403, statusText: '', headers: {}, body: '403, access too frequent' })
        : pass();
    };
    const scene = cancelScene('ban', ['BTCUSDT'], banned);
    scene.rest(20);
    const report = await scene.cancel({ perOrder: true, deadlineMs: 20_000 });
    expect(scene.ledger.openOrders()).toEqual([]);
    // No order rests, but this could not be read, so it must not be reported as proven.
    expect(report).toMatchObject({ verified: false, unreadable: expect.stringContaining('403') as unknown });
  });

  /** What a load balancer or a proxy answers in Bybit's place. */
  const page = (status: number): WireResponse => ({ status, statusText: '', headers: {}, body: '<html>forbidden</html>' });

  test.each([401, 403, 407])(
    'pages of %i without a code for ten seconds are no word on the keys: then it cancels and proves',
    async (status) => {
      let asked = 0;
      const scene: Scene = cancelScene('page', ['BTCUSDT'], (request, pass) => {
        if (scene.clock.monotonic() >= 10_000) return pass();
        if (pathOf(request) === 'v5/order/realtime') asked += 1;
        return Promise.resolve(page(status));
      });
      scene.rest(5);
      expect(await scene.cancel()).toMatchObject({ found: 5, canceled: 5, verified: true });
      expect(scene.open()).toEqual([]);
      // A gateway in front of the exchange is queried less often: a few tries per look.
      expect(asked).toBeLessThanOrEqual(12);
    },
  );

  test('where everything has to go, bulk calls leave unseen while such a page hides the lists', async () => {
    const scene = cancelScene('unseen', ['BTCUSDT'], (request, pass) =>
      pathOf(request) === 'v5/order/realtime' ? Promise.resolve(page(403)) : pass(),
    );
    scene.rest(5);
    const report = await scene.cancel({ isEverything: true, perOrder: true, deadlineMs: 8000 });
    expect([scene.open(), report]).toEqual([[], expect.any(ExchangeError)]);
  });

  test('a scope that the key may not read does not keep a bulk call from another one that cannot be read', async () => {
    const scopes = [{ category: 'linear', settleCoin: 'USDT' }, { category: 'option' }] as const;
    const scene = cancelScene('one refused', ['BTCUSDT'], (request, pass) => {
      if (pathOf(request) !== 'v5/order/realtime') return pass();
      return Promise.resolve(request.url.includes('option') ? json({ retCode: 10_005, retMsg: 'Permission denied' }) : page(503));
    });
    scene.rest(5);
    await scene.cancel({ scopes, isEverything: true, deadlineMs: 3000 });
    expect(scene.open()).toEqual([]);
  });

  test('keys that Bybit refuses twice, seconds apart, end it; refused once they do not', async () => {
    const refused = json({ retCode: 10_003, retMsg: 'API key is invalid.' });
    const always = cancelScene('keys', ['BTCUSDT'], () => Promise.resolve(refused));
    expect(await always.cancel()).toMatchObject({ kind: 'auth', retCode: 10_003 });
    expect(always.clock.monotonic()).toBeGreaterThanOrEqual(2000);
    expect(always.clock.monotonic()).toBeLessThan(10_000);
    const once: Scene = cancelScene('once', ['BTCUSDT'], (_, pass) => (once.clock.monotonic() < 1000 ? Promise.resolve(refused) : pass()));
    once.rest(5);
    expect(await once.cancel()).toMatchObject({ canceled: 5, verified: true });
  });

  test('nothing that can be read at all is a failure, not an empty account', async () => {
    const dead: Fault = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const scene = cancelScene('dead', ['BTCUSDT'], dead);
    scene.rest(3);
    expect(await scene.cancel({ deadlineMs: 5000 })).toBeInstanceOf(ExchangeError);
  });

  test('an order that lands after the first look is caught before the proof', async () => {
    const scene = cancelScene('straggler', ['BTCUSDT']);
    scene.rest(2);
    scene.clock.schedule(2000, () => scene.rest(1, 'mm-late-'));
    expect(await scene.cancel()).toMatchObject({ found: 3, canceled: 3, stragglers: 1, verified: true });
    expect(scene.ledger.openOrders()).toEqual([]);
  });

  test('an order that fills meanwhile is counted as filled, not as canceled', async () => {
    let isDeaf = true;
    const opened: Fault = (request, pass) => (isDeaf && isCancel(pathOf(request)) ? Promise.reject(new Error('connection reset')) : pass());
    const scene = cancelScene('fill', ['BTCUSDT'], opened);
    scene.rest(2);
    scene.clock.schedule(500, () => {
      isDeaf = false;
      scene.takeBest();
    });
    expect(await scene.cancel()).toMatchObject({ found: 2, canceled: 1, filledMeanwhile: 1, verified: true });
  });

  test('in a hundred seeded faulty runs it never claims an emptiness that is not there', async () => {
    for (let seed = 0; seed < 100; seed += 1) await expect(neverLies(`faulty-${seed}`)).resolves.toBeUndefined();
  });
});
