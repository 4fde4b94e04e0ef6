import { expect, test } from 'vitest';
import { FillWatch } from '../../../../src/harness/soak/fill-watch.ts';
import { FLAT } from '../../../../src/model/position.ts';
import { ticks } from '../../../../src/model/units.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { approved } from '../../../support/builders/approved.ts';
import { BTC, fillOf, newOrder, openOrder } from '../../../support/builders/builders.ts';
import { turnOf } from '../../../support/builders/turns.ts';

const START = 1_000_000;
const ORDER = newOrder({ price: ticks(599_900) });

/** A watch whose exchange estimates its clock `offMs` wrong, and the order of a turn at the start. */
function begun(offMs = 0) {
  const clock = new VirtualClock(START);
  const watch = new FillWatch(clock, { now: () => clock.now() + offMs });
  watch.addSymbol(BTC);
  watch.record(turnOf({ plan: { places: [approved(ORDER)] }, orders: [openOrder(ORDER)] }));
  const filled = (fillId: string, atMs: number): void =>
    watch.record({ type: 'fill', fill: fillOf(ORDER, fillId, 10, { at: START + atMs }), position: FLAT, mid: 600_000 });
  return { clock, watch, filled };
}

test('a fill has the mids 1, 10 and 60 s after it was learned, as far as the run went', async () => {
  const { clock, watch, filled } = begun();
  await clock.run(
    (async () => {
      await sleep(clock, 100);
      filled('a', 95);
      for (let second = 1; second <= 11; second += 1) {
        await sleep(clock, 1000);
        watch.record(turnOf({ mid: 600_000 - second }));
      }
    })(),
  );
  expect(watch.fills).toMatchObject([{ atMs: 95, learnedAtMs: 100, mid: 600_000, later: [599_999, 599_990, undefined] }]);
});

test('times of fills do not follow an estimate of the exchange’s clock that is a little off, but do when a fault moves the clock', async () => {
  for (const [offMs, movedMs] of [
    [7, 0],
    [-2000, -2000],
  ] as const) {
    const { clock, watch, filled } = begun(offMs);
    await clock.run(
      (async () => {
        await sleep(clock, 100);
        filled('a', 90 + movedMs);
      })(),
    );
    expect(watch.fills[0]?.atMs).toBe(90);
  }
});

test('fills and losses are summed by what was happening to their orders, the gains of others left out', async () => {
  const { clock, watch, filled } = begun();
  const usd = (moved: number): number => moved * 0.1 * 0.01;
  await clock.run(
    (async () => {
      await sleep(clock, 100);
      filled('loss', 100);
      watch.record(turnOf({ mid: 599_000 }));
      await sleep(clock, 61_000);
      watch.record({ type: 'cancelSent', symbol: 'BTCUSDT', clientOrderId: ORDER.clientOrderId });
      watch.record(turnOf({ mid: 599_000 }));
      filled('canceling', 61_100);
      await sleep(clock, 2000);
      watch.record(turnOf({ mid: 599_500 }));
      filled('never marked', 63_100);
      watch.record({ type: 'fill', fill: fillOf({ ...ORDER, clientOrderId: 'by-hand' }, 'hand', 1), position: FLAT, mid: undefined });
    })(),
  );
  expect(watch.standings()).toEqual([
    { kind: 'canceling', code: '', fills: 2, lossUsd: expect.closeTo(usd(900), 9) as number },
    { kind: 'quoted', code: '', fills: 1, lossUsd: expect.closeTo(usd(900), 9) as number },
    { kind: 'unknown', code: '', fills: 1, lossUsd: 0 },
  ]);
});
