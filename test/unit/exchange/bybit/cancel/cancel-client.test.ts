import { expect, test } from 'vitest';
import { createCancelClient } from '../../../../../src/exchange/bybit/cancel/cancel-client.ts';
import { sleep, VirtualClock } from '../../../../../src/util/clock.ts';
import { seededRandom } from '../../../../../src/util/random.ts';
import { answer, scriptedWire } from '../../../../support/bybit/scripted-wire.ts';

/** More open orders than are remembered. */
const TOO_MANY = 10_001;

test('a stream with more open orders than can be remembered counts as interrupted', async () => {
  const clock = new VirtualClock(1_700_000_000_000);
  const wire = scriptedWire(
    () => clock.monotonic(),
    () => answer({}, { time: clock.now() }),
    (socket) => {
      clock.schedule(1, () => {
        socket.open();
        socket.say({ op: 'auth', success: true, retCode: 0 });
        socket.say({ op: 'subscribe', success: true });
      });
    },
  );
  const client = createCancelClient({
    wire,
    clock,
    random: seededRandom('client'),
    credentials: { apiKey: 'testkey', secret: 'testsecret' },
    restUrl: 'http://x',
    wsUrl: 'ws://x',
    recvWindowMs: 2000,
    requestTimeoutMs: 1500,
    beforeQuery: () => Promise.resolve(),
    beforeResend: () => Promise.resolve(),
    onLimit: () => undefined,
  });
  const heard: string[] = [];
  client.port.listen?.({ onNews: () => undefined, onState: (state) => heard.push(state) });
  await clock.run(sleep(clock, 10));
  const data = Array.from({ length: TOO_MANY }, (_, i) => ({
    category: 'linear',
    orderId: `x${i}`,
    symbol: 'BTCUSDT',
    orderStatus: 'New',
  }));
  wire.socket('/v5/private').say({ topic: 'order', creationTime: 1, data: data.slice(1) });
  expect(heard).toEqual(['up']);
  wire.socket('/v5/private').say({ topic: 'order', creationTime: 1, data: data.slice(0, 1) });
  expect(heard).toEqual(['up', 'down', 'up']);
  await client.close();
});
