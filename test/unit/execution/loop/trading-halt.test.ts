import { expect, test } from 'vitest';
import { TradingHalt } from '../../../../src/execution/loop/trading-halt.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';

function scene(sync: () => void = () => undefined) {
  const clock = new VirtualClock(0);
  const order: string[] = [];
  const freezing = new TradingHalt({
    clock,
    journal: {
      append: (...records) => void order.push(...records.map(({ type }) => `append ${type}`)),
      async synced() {
        order.push('sync');
        sync();
      },
      close: () => undefined,
    },
    record: ({ type }) => void order.push(type),
    fence: () => void order.push('fence'),
    cancelAll() {
      order.push('cancel');
      return new Promise(() => undefined);
    },
  });
  return { freezing, order, settle: () => clock.run(sleep(clock, 1)) };
}

test('a freeze fences, then cancels, and only then waits for the disk', async () => {
  const { freezing, order, settle } = scene();
  freezing.freeze('daily_loss');
  freezing.freeze('another reason');
  await settle();
  expect(order).toEqual(['fence', 'frozen', 'append freeze', 'cancel', 'sync']);
  expect(freezing.trading).toMatchObject({ mode: 'frozen', reason: 'daily_loss' });
  expect(freezing.fault).toBeUndefined();
});

test('a freeze that cannot be made durable is a fault, and stays a freeze', async () => {
  const { freezing, settle } = scene(() => {
    throw new Error('EIO');
  });
  freezing.freeze('daily_loss');
  await settle();
  expect(freezing.fault).toMatchObject({ message: 'EIO' });
  expect(freezing.trading).toMatchObject({ reason: 'daily_loss' });
});

test('a freeze that begins while the loop stops is recorded like any other, and leaves the canceling to the stop', async () => {
  const { freezing, order, settle } = scene();
  await freezing.end();
  freezing.freeze('keys_refused');
  await settle();
  expect(order).toEqual(['fence', 'frozen', 'append freeze', 'sync']);
  expect(freezing.trading).toMatchObject({ mode: 'frozen', reason: 'keys_refused' });
});
