import { expect, test } from 'vitest';
import { earlierOrders } from '../../support/bots/earlier-orders.ts';
import { lateBy } from '../../support/wires/list-faults.ts';

/** More than the requests of a start. */
const MOST_REQUESTS = 60;

test.each([
  [[], 1],
  [['mm-before-1', 'mm-before-2'], 3],
] as const)(
  'told to stop at any request of its start, with %j left by an earlier run, it proves that nothing rests and never quotes',
  async (known, step) => {
    let stops = 0;
    for (let requests = 1; requests <= MOST_REQUESTS; requests += step) {
      const scene = earlierOrders(`stop-${requests}`);
      for (const id of known) scene.land(id);
      const report = await scene.stopWhileStarting(requests, known);
      if (report === undefined) break;
      stops += 1;
      expect(report, `at request ${requests}`).toMatchObject({ verified: true, remaining: [] });
      expect(scene.ledger.openOrders(), `at request ${requests}`).toEqual([]);
      expect(scene.events.filter(({ type }) => type === 'orderSent')).toEqual([]);
    }
    expect(stops).toBeGreaterThan(8);
    expect(stops).toBeLessThan(MOST_REQUESTS);
  },
);

test('told to stop at once, it waits for a create of the earlier run that is still on its way, as a start does', async () => {
  let now = (): number => 0;
  const scene = earlierOrders(
    'late-create',
    lateBy(4000, () => now()),
    { privateUntilMs: 0 },
  );
  now = () => scene.clock.monotonic();
  scene.clock.schedule(3200, () => scene.land('mm-before-1'));
  const report = await scene.stopWhileStarting(1, ['mm-before-1']);
  expect(scene.ledger.openOrders()).toEqual([]);
  expect(report).toMatchObject({ found: 1, canceled: 1, remaining: [] });
});
