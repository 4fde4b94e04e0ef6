import { expect, test } from 'vitest';
import { DifferenceWatch } from '../../../../src/execution/account/difference-watch.ts';
import { every, sleep, VirtualClock } from '../../../../src/util/clock.ts';

test('a difference is queried soon and repeatedly, pulls the quotes when it lasts, and is forgotten when it ends', async () => {
  const clock = new VirtualClock(0);
  const asked: number[] = [];
  let differs = false;
  const began = clock.monotonic();
  const now = (): number => Math.round(clock.monotonic() - began);
  const watch = new DifferenceWatch({ store: { differs: () => differs }, symbols: ['BTCUSDT'], clock, ask: () => asked.push(now()) });
  const end = every(clock, 100, () => watch.look());
  const lasts: boolean[] = [];
  await clock.run(
    (async () => {
      await sleep(clock, 1050);
      differs = true;
      await sleep(clock, 200);
      differs = false;
      await sleep(clock, 750);
      expect(asked).toEqual([]);
      differs = true;
      for (let i = 0; i < 3; i += 1) {
        await sleep(clock, 1000);
        lasts.push(watch.lasts('BTCUSDT'));
      }
      differs = false;
      await sleep(clock, 1000);
      lasts.push(watch.lasts('BTCUSDT'));
    })(),
  );
  end();
  expect(asked).toEqual([2300, 3300, 4300]);
  expect(lasts).toEqual([false, true, true, false]);
});
