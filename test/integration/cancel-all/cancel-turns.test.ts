import { describe, expect, test } from 'vitest';
import { isOwn } from '../../../src/exchange/cancel-port.ts';
import {
  answering,
  cancelScene,
  json,
  pathOf,
  THROTTLED,
  type Fault,
  type Scene,
  type SceneOptions,
} from '../../support/cancel/cancel-scene.ts';
import { isById, lateBy } from '../../support/wires/list-faults.ts';

/** What a run does in turn: the same orders, lists and answers in another order in time. */

const REALTIME = 'v5/order/realtime';
const EXECUTIONS = 'v5/execution/list';
const never = (): Promise<never> => new Promise(() => undefined);
const pass: Fault = (_, next) => next();

function sceneWith(fault: (scene: () => Scene) => Fault, options: SceneOptions = {}): Scene {
  const scene: Scene = cancelScene(
    'turns',
    ['BTCUSDT', 'ETHUSDT'],
    fault(() => scene),
    options,
  );
  return scene;
}

const lists = (lateMs: number) => (scene: () => Scene) => lateBy(lateMs, () => scene().clock.monotonic(), 'all');

describe('an order that comes while late lists still show closed ones is canceled', () => {
  test.each([
    ['one by one', { perOrder: true, isEverything: true }],
    ['one by one, beside those of others', { isTarget: isOwn, isShared: true }],
  ])('%s', async (_, request) => {
    const scene = sceneWith(lists(1500));
    scene.rest(5);
    scene.clock.schedule(2000, () => scene.rest(1));
    const report = await scene.cancel(request);
    expect(report).toMatchObject({ found: 6, canceled: 6, remaining: [], verified: true });
    expect(scene.open()).toEqual([]);
  });

  test.each([0, 5])('soon, however many were canceled before: %s', async (before) => {
    const scene = sceneWith(lists(5000));
    scene.rest(before);
    let [cameAt, goneAt] = [0, Number.POSITIVE_INFINITY];
    scene.clock.schedule(1000, () => {
      scene.rest(1);
      cameAt = scene.clock.monotonic();
    });
    const look = (): void => {
      if (cameAt > 0 && scene.open().length === 0) goneAt = Math.min(goneAt, scene.clock.monotonic());
      if (scene.clock.monotonic() < 20_000) scene.clock.schedule(10, look);
    };
    look();
    await scene.cancel();
    expect(goneAt - cameAt).toBeLessThan(1000);
  });
});

describe('a bulk call that the rate limit holds up', () => {
  const throttledUntil =
    (untilMs: number) =>
    (scene: () => Scene): Fault =>
    async (request, next) =>
      pathOf(request) === 'v5/order/cancel-all' && scene().clock.monotonic() < untilMs ? THROTTLED : next();

  test('is given up when a look has shown orders of others', async () => {
    const scene = sceneWith(throttledUntil(4000));
    scene.rest(3);
    scene.clock.schedule(1000, () => scene.rest(2, 'manual-'));
    expect(await scene.cancel({ isTarget: isOwn })).toMatchObject({ verified: true, leftAlone: 2 });
    await scene.clock.run(new Promise<void>((resolve) => void scene.clock.schedule(10_000, resolve)));
    expect(scene.open()).toHaveLength(2);
  });
});

test('when a bot is halted late, the proof waits as long after that as after the start', async () => {
  const scene = sceneWith(lists(5900), { deadSockets: true });
  const { clock } = scene;
  const haltedAt = clock.monotonic() + 6000;
  clock.schedule(7000, () => scene.rest(1));
  const report = await scene.cancel({ lateCreateDeadline: () => (clock.monotonic() < haltedAt ? Infinity : haltedAt + 3250) });
  expect(report).toMatchObject({ found: 1, verified: true });
  expect(scene.open()).toEqual([]);
});

test('a scope that was once said to have no such symbol is read, and what it shows is canceled', async () => {
  let refusals = 1;
  const withoutBtc = answering('v5/market/instruments-info', ({ list }) => ({
    list: (list as Record<string, unknown>[]).filter(({ symbol }) => symbol !== 'BTCUSDT'),
  }));
  const scene = sceneWith(
    () => async (request, next, random) => {
      const isSpot = request.url.includes('category=spot');
      if (pathOf(request) === 'v5/market/instruments-info' && isSpot) return withoutBtc(request, next, random);
      if (pathOf(request) === REALTIME && isSpot && (refusals -= 1) >= 0)
        return json({ retCode: 170_121, retMsg: 'Invalid symbol.', result: {}, retExtInfo: {}, time: 1 });
      return next();
    },
    { spotSymbols: ['BTCUSDT', 'ETHUSDT'] },
  );
  scene.restSpot(1);
  const scopes = [
    { category: 'linear', symbol: 'BTCUSDT' },
    { category: 'spot', symbol: 'BTCUSDT' },
  ] as const;
  expect(await scene.cancel({ scopes })).toMatchObject({ found: 1, verified: true });
  expect(scene.open()).toEqual([]);
});

describe('a list that the exchange refused to show', () => {
  const refusing =
    (isRefused: (url: string) => boolean): Fault =>
    async (request, next) =>
      pathOf(request) === REALTIME && !isById(request) && isRefused(request.url)
        ? json({ retCode: 10_005, retMsg: 'Permission denied', result: {}, retExtInfo: {}, time: 1 })
        : next();

  test('does not count as one of three empty looks', async () => {
    let [refusals, reads] = [1, 0];
    const refuseOnce = refusing(() => (refusals -= 1) >= 0);
    const scene = sceneWith(() => (request, next, random) => {
      if (pathOf(request) === REALTIME && !isById(request)) reads += 1;
      return refuseOnce(request, next, random);
    });
    const report = await scene.cancel({ watchedSince: () => -1e9, lateCreateDeadline: -1e9 });
    expect(report).toMatchObject({ verified: true, emptySnapshots: 3 });
    expect(reads).toBe(4);
  });

  test('is not said to be empty', async () => {
    const scene = sceneWith(() => refusing((url) => url.includes('settleCoin=USDT')));
    scene.rest(3);
    const scopes = [
      { category: 'linear', settleCoin: 'USDT' },
      { category: 'linear', settleCoin: 'USDC' },
    ] as const;
    expect(await scene.cancel({ scopes, deadlineMs: 8000 })).toMatchObject({ verified: false, clearedMs: undefined });
  });
});

test('Ctrl-C does not wait for executions', async () => {
  const scene = sceneWith(() => (request, next, random) => (pathOf(request) === EXECUTIONS ? never() : pass(request, next, random)));
  scene.rest(2);
  const stopped = new AbortController();
  const at = scene.clock.monotonic();
  scene.clock.schedule(10_000, () => stopped.abort());
  await scene.cancel({ signal: stopped.signal });
  expect(scene.clock.monotonic() - at).toBeLessThanOrEqual(10_000);
});

test('of a full page without a cursor, what was read is canceled', async () => {
  const scene = sceneWith(() => async (request, next) => {
    const answer = await next();
    if (pathOf(request) !== REALTIME || isById(request)) return answer;
    const body = JSON.parse(answer.body) as { result: { nextPageCursor?: string } };
    delete body.result.nextPageCursor;
    return { ...answer, body: JSON.stringify(body) };
  });
  scene.rest(60);
  await scene.cancel({ isTarget: isOwn, isShared: true, deadlineMs: 30_000 });
  expect(scene.open()).toEqual([]);
});
