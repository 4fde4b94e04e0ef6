import { describe, expect, test } from 'vitest';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { cancelScene, EVERYTHING, isCancel, json, pathOf, type Fault } from '../../support/cancel/cancel-scene.ts';
import { rows } from '../../support/wires/list-faults.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const SPOT = ['BTCUSDT'];
const isMine = ({ clientOrderId }: { readonly clientOrderId: string }): boolean => clientOrderId.startsWith('mm-');
const REFUSED = json({ retCode: 10_005, retMsg: 'Permission denied, please check your API key permissions.' });

const refusingSpot =
  (paths: readonly string[]): Fault =>
  (request, pass) =>
    request.url.includes('category=spot') && paths.includes(pathOf(request))
      ? Promise.resolve(json({ retCode: 10_001, retMsg: 'params error: symbol invalid' }))
      : pass();

describe('cancel-all over several categories', () => {
  test('takes contracts and pairs in one run', async () => {
    const scene = cancelScene('both', SYMBOLS, undefined, { spotSymbols: SPOT });
    scene.rest(30);
    scene.restSpot(7);
    expect(await scene.cancel({ scopes: EVERYTHING })).toMatchObject({ found: 37, canceled: 37, verified: true, method: 'bulk' });
    expect(scene.open()).toEqual([]);
  });

  test('order by order as well, with foreign orders in both left alone', async () => {
    const scene = cancelScene('both mine', SYMBOLS, undefined, { spotSymbols: SPOT });
    scene.rest(15);
    scene.restSpot(13);
    scene.rest(2, 'manual-');
    scene.restSpot(3, 'manual-');
    const report = await scene.cancel({ scopes: EVERYTHING, isTarget: isMine });
    expect(report).toMatchObject({ found: 28, canceled: 28, leftAlone: 5, verified: true, method: 'per_order' });
    expect(scene.open()).toHaveLength(5);
    expect(scene.open().every((id) => id.startsWith('manual-'))).toBe(true);
  });

  test('a stop that protects a position stays, unless it is asked for', async () => {
    for (const [includeStops, left] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const scene = cancelScene('stops', SYMBOLS);
      scene.rest(4);
      scene.restStop();
      expect(await scene.cancel({ scopes: EVERYTHING, includeStops })).toMatchObject({
        canceled: 5 - left,
        leftAlone: left,
        verified: true,
      });
      expect(scene.open()).toHaveLength(left);
    }
  });

  test.each(['Stop', 'StopLoss', 'PartialTakeProfit', 'SomethingNew'])(
    'a triggered order of type %s is in the book, and is canceled',
    async (type) => {
      const scene = cancelScene(
        'triggered',
        SYMBOLS,
        rows((list) => list.map((row) => ({ ...row, stopOrderType: type }))),
      );
      scene.rest(4);
      expect(await scene.cancel({ scopes: EVERYTHING })).toMatchObject({ canceled: 4, leftAlone: 0, verified: true });
      expect(scene.open()).toEqual([]);
    },
  );

  test('keys that may not read one category cancel the others, and do not call that proven', async () => {
    const noSpot: Fault = (request, pass) => (request.url.includes('category=spot') ? Promise.resolve(REFUSED) : pass());
    const scene = cancelScene('no spot', SYMBOLS, noSpot, { spotSymbols: SPOT });
    scene.rest(20);
    const report = await scene.cancel({ scopes: EVERYTHING });
    expect(report).toMatchObject({ found: 20, canceled: 20, remaining: [], verified: false });
    expect(report).toMatchObject({ unreadable: expect.stringContaining('10005') as unknown });
    expect(report instanceof ExchangeError || report.durationMs).toBeLessThan(5000);
    expect(scene.open()).toEqual([]);
  });

  test('a category that cannot be read for now hides nothing of the others', async () => {
    const spotDead: Fault = (request, pass) =>
      request.url.includes('category=spot') ? Promise.reject(new Error('connection reset')) : pass();
    const scene = cancelScene('spot dead', SYMBOLS, spotDead, { spotSymbols: SPOT });
    scene.rest(60);
    scene.restSpot(1);
    expect(await scene.cancel({ scopes: EVERYTHING, deadlineMs: 8000 })).toMatchObject({
      found: 60,
      canceled: 60,
      verified: false,
      method: 'bulk',
    });
    expect(scene.open()).toHaveLength(1);
  });

  test('a symbol that only one category has needs no proof from the other', async () => {
    const scene = cancelScene('unlisted', SYMBOLS, refusingSpot(['v5/order/realtime']), { spotSymbols: ['ETHUSDT'] });
    scene.rest(4);
    const scopes = (['linear', 'spot'] as const).map((category) => ({ category, symbol: 'BTCUSDT' }));
    expect(await scene.cancel({ scopes })).toMatchObject({ found: 2, canceled: 2, verified: true });
    expect(scene.open()).toHaveLength(2);
  });

  test.each([
    ['the list is refused while the symbol is listed', ['v5/order/realtime'], ['BTCUSDT']],
    ['everything of the category is refused', ['v5/order/realtime', 'v5/market/instruments-info'], ['ETHUSDT']],
  ])('but not where %s: nobody has said that it does not exist there', async (_, paths, spotSymbols) => {
    const scene = cancelScene('refused', SYMBOLS, refusingSpot(paths), { spotSymbols });
    const scopes = (['linear', 'spot'] as const).map((category) => ({ category, symbol: 'BTCUSDT' }));
    expect(await scene.cancel({ scopes, deadlineMs: 10_000 })).toMatchObject({
      verified: false,
      unreadable: expect.stringContaining('10001') as unknown,
    });
  });

  test('nor where a proxy answers for the exchange', async () => {
    const noPage: Fault = (request, pass) =>
      request.url.includes('category=linear') ? Promise.resolve({ status: 404, statusText: '', headers: {}, body: 'not found' }) : pass();
    const scene = cancelScene('proxy', SYMBOLS, noPage, { spotSymbols: SPOT });
    scene.rest(2);
    const scopes = (['linear', 'spot'] as const).map((category) => ({ category, symbol: 'BTCUSDT' }));
    expect(await scene.cancel({ scopes, deadlineMs: 10_000 })).toMatchObject({ verified: false });
  });

  test('a symbol that no category has is a failure, not an empty account', async () => {
    const scene = cancelScene('typo', SYMBOLS, () => Promise.resolve(json({ retCode: 10_001, retMsg: 'params error: symbol invalid' })));
    const scopes = (['linear', 'spot'] as const).map((category) => ({ category, symbol: 'BTCUSTD' }));
    expect(await scene.cancel({ scopes, deadlineMs: 2000 })).toBeInstanceOf(ExchangeError);
  });
});

describe('cancel-all that runs out of time, or of keys', () => {
  test('names exactly what the ledger still holds at its deadline', async () => {
    const scene = cancelScene('deadline', SYMBOLS);
    scene.rest(200);
    const report = await scene.cancel({ perOrder: true, deadlineMs: 4000 });
    const remaining = report instanceof ExchangeError ? [] : report.remaining.map(({ clientOrderId }) => clientOrderId);
    expect(remaining.length).toBeGreaterThan(0);
    expect(remaining.toSorted()).toEqual(scene.open().toSorted());
    expect(report).toMatchObject({ found: 200, verified: false });
    expect(report instanceof ExchangeError || report.durationMs).toBeLessThan(6000);
  });

  test('keys that are revoked in the middle leave orders, and that is what it says', async () => {
    let isRevoked = false;
    const revoked: Fault = (request, pass) => {
      isRevoked ||= isCancel(pathOf(request));
      return isRevoked ? Promise.resolve(json({ retCode: 33_004, retMsg: 'Your api key has expired.' })) : pass();
    };
    const scene = cancelScene('revoked', SYMBOLS, revoked);
    scene.rest(6);
    const report = await scene.cancel();
    expect(report).toMatchObject({ found: 6, canceled: 0, verified: false });
    expect(report instanceof ExchangeError || report.remaining).toHaveLength(6);
  });
});

test('racing with fills, every order is counted once, and as what became of it', async () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const scene = cancelScene(`race ${seed}`, SYMBOLS, async (request, pass, random) => {
      const answer = await pass();
      return isCancel(pathOf(request)) && random.uniform() < 0.2 ? Promise.reject(new Error('connection reset')) : answer;
    });
    scene.rest(40);
    let taken = 0;
    for (let wave = 0; wave < 10; wave += 1) scene.clock.schedule(150 + 60 * wave, () => (taken += scene.takeBest() ? 1 : 0));
    const report = await scene.cancel({ perOrder: true });
    expect({ seed, report }).toMatchObject({ report: { found: 40, canceled: 40 - taken, filledMeanwhile: taken, verified: true } });
    expect(taken).toBeGreaterThan(0);
    expect(scene.open()).toEqual([]);
  }
});
