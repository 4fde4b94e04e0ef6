import { expect, test } from 'vitest';
import { commandScene } from '../support/cancel/cancel-command.ts';
import { sleep, systemClock } from '../../src/util/clock.ts';

/** The list of open orders takes this long. */
const SLOW_MS = 1500;
const REFUSED = { retCode: 10_001, retMsg: 'params error: symbol invalid', result: {}, retExtInfo: {}, time: 1_767_225_600_000 };

test('a symbol that the instrument list lacks is canceled also where that list is there long before the orders', async (context) => {
  const scene = await commandScene(context, (surface) => ({
    ...surface,
    async http(request) {
      if (request.path === '/v5/order/realtime') await sleep(systemClock, SLOW_MS);
      const answer = await surface.http(request);
      const isRefused = request.path === '/v5/market/instruments-info' && request.query.includes('symbol=');
      return isRefused ? { ...answer, body: JSON.stringify(REFUSED) } : answer;
    },
  }));
  scene.rest(2);
  const { exitCode, stdout } = await scene.cancelAll(['--symbols', 'BTCUSDT', '--force']);
  expect([exitCode, stdout.text, scene.open()]).toEqual([0, expect.stringContaining('VERIFIED EMPTY'), []]);
});
