import { describe, expect, test } from 'vitest';
import { cancelScene, EVERYTHING, isCancel, pathOf, THROTTLED, type Fault, type Scene } from '../../support/cancel/cancel-scene.ts';
import { isById, rows } from '../../support/wires/list-faults.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const REALTIME = 'v5/order/realtime';
const never = (): Promise<never> => new Promise(() => undefined);

/** The account behind `fault`, and when which cancels were sent, ms since the start. */
function timed(
  seed: string,
  fault: Fault,
  deadSockets = false,
): { readonly scene: Scene; readonly cancels: { at: number; body: string }[] } {
  const cancels: { at: number; body: string }[] = [];
  const scene = cancelScene(
    seed,
    SYMBOLS,
    (request, pass, random) => {
      if (isCancel(pathOf(request))) cancels.push({ at: scene.clock.monotonic(), body: request.body });
      return fault(request, pass, random);
    },
    { spotSymbols: ['BTCUSDT'], deadSockets },
  );
  return { scene, cancels };
}

const optionList =
  (answer: () => ReturnType<Fault>): Fault =>
  (request, pass) =>
    pathOf(request) === REALTIME && request.url.includes('category=option') ? answer() : pass();

describe.each([
  ['never answers', never],
  ['is refused for the rate limit', async () => THROTTLED],
])('where the list of one scope %s', (_, answer) => {
  test.each([true, false])('the orders of the others are canceled without waiting for it (order by order: %s)', async (perOrder) => {
    const { scene, cancels } = timed('slow list', optionList(answer));
    scene.rest(5);
    scene.restSpot(2);
    const report = await scene.cancel({ scopes: EVERYTHING, perOrder, deadlineMs: 20_000 });
    expect(report).toMatchObject({ found: 7, canceled: 7, remaining: [], verified: false });
    expect(cancels[0]?.at).toBeLessThan(500);
    expect(scene.open()).toEqual([]);
  });

  test('orders that come later as well, also without a stream', async () => {
    const { scene, cancels } = timed('slow list later', optionList(answer), true);
    const comeAt = [500, 2000, 4000];
    for (const at of comeAt) scene.clock.schedule(at, () => scene.rest(1));
    await scene.cancel({ scopes: EVERYTHING, deadlineMs: 10_000, isTarget: ({ clientOrderId }) => clientOrderId.startsWith('mm-') });
    const waited = comeAt.map((at) => (cancels.find((sent) => sent.at > at)?.at ?? Number.POSITIVE_INFINITY) - at);
    expect(Math.max(...waited)).toBeLessThan(2500);
    expect(scene.open()).toEqual([]);
  });

  test('its own orders go unseen where everything has to go', async () => {
    const { scene, cancels } = timed('slow list unseen', (request, pass) =>
      pathOf(request) === REALTIME && request.url.includes('category=spot') ? answer() : pass(),
    );
    scene.restSpot(2);
    await scene.cancel({ scopes: EVERYTHING, deadlineMs: 10_000, isEverything: true });
    expect(cancels[0]?.at).toBeLessThan(3000);
    expect(scene.open()).toEqual([]);
  });
});

test('a list that takes seconds each time is proven in the end, and what it shows is canceled', async () => {
  const { scene, cancels } = timed('late list', async (request, pass) => {
    const answer = await pass();
    if (pathOf(request) === REALTIME && request.url.includes('category=spot'))
      await new Promise<void>((resolve) => void scene.clock.schedule(1200, resolve));
    return answer;
  });
  scene.rest(5);
  scene.restSpot(3);
  const report = await scene.cancel({ scopes: EVERYTHING, isTarget: ({ clientOrderId }) => clientOrderId.startsWith('mm-') });
  expect(report).toMatchObject({ found: 8, canceled: 8, verified: true });
  expect(cancels[0]?.at).toBeLessThan(500);
  expect(cancels.at(-1)?.at).toBeLessThan(2000);
  expect(scene.open()).toEqual([]);
});

test('where every list takes longer than a look, there is a report of what late ones have shown', async () => {
  const { scene } = timed('all late', async (request, pass) => {
    if (pathOf(request) === REALTIME && !isById(request)) await new Promise<void>((resolve) => void scene.clock.schedule(1300, resolve));
    return pass();
  });
  scene.rest(5);
  expect(await scene.cancel({ deadlineMs: 2600 })).toMatchObject({ found: 5, verified: false });
  expect(scene.open()).toEqual([]);
});

test('a slow list that does not show an order yet may hide those of others: no bulk call', async () => {
  const blind = rows((list) => (scene.clock.monotonic() < 6000 ? [] : list));
  const { scene } = timed('late and blind', async (request, pass, random) => {
    if (pathOf(request) === REALTIME && !isById(request)) await new Promise<void>((resolve) => void scene.clock.schedule(1200, resolve));
    return blind(request, pass, random);
  });
  scene.rest(3, 'manual-');
  for (const at of [300, 1800, 3300]) scene.clock.schedule(at, () => scene.rest(1));
  const isTarget = ({ clientOrderId }: { readonly clientOrderId: string }): boolean => clientOrderId.startsWith('mm-');
  expect(await scene.cancel({ isTarget })).toMatchObject({ verified: true, found: 3, method: 'per_order' });
  expect(scene.open()).toHaveLength(3);
});

test('an order that only the stream shows is canceled while its own record is asked for', async () => {
  const hidden = rows((list) => list.filter((row) => !String(row['orderLinkId']).startsWith('mm-hidden-')));
  const { scene, cancels } = timed('slow record', (request, pass, random) =>
    pathOf(request) === REALTIME && isById(request) ? never() : hidden(request, pass, random),
  );
  scene.clock.schedule(2000, () => scene.rest(1, 'mm-hidden-'));
  scene.clock.schedule(2600, () => scene.rest(1));
  await scene.cancel({ deadlineMs: 10_000, perOrder: true });
  expect(cancels.map(({ at }) => at).filter((at) => at < 2600 + 500)).toHaveLength(2);
  expect(cancels[0]?.at).toBeLessThan(2000 + 500);
  expect(scene.open()).toEqual([]);
});

test('orders that bulk calls cancel before any list could be read are counted by what the stream says of them', async () => {
  const { scene } = timed('unread', async (request, pass) => {
    if (pathOf(request) !== REALTIME || isById(request)) return pass();
    const isEarly = scene.clock.monotonic() < 8000;
    return isEarly ? never() : pass();
  });
  scene.rest(7);
  expect(await scene.cancel({ isEverything: true })).toMatchObject({ found: 7, canceled: 7, filledMeanwhile: 0, verified: true });
  expect(scene.open()).toEqual([]);
});
