import { expect } from 'vitest';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { cancelScene, isCancel, json, pathOf, THROTTLED, type Fault } from './cancel-scene.ts';

/** Every request may be lost, answered too late, refused or accepted; in every case `verified` must agree with the ledger. */
export async function neverLies(seed: string): Promise<void> {
  const chaos: Fault = async (request, pass, random) => {
    const dice = random.uniform();
    if (dice < 0.1) throw new Error('lost before the exchange');
    if (dice < 0.2) return THROTTLED;
    if (dice < 0.25 && isCancel(pathOf(request)))
      return json({ retCode: 0, retMsg: 'OK', result: { list: [], success: '1', orderId: 'x' }, retExtInfo: { list: [] }, time: 1 });
    if (dice < 0.3) return json({ retCode: 10_016, retMsg: 'internal error' });
    const answer = await pass();
    if (dice < 0.4) throw new Error('lost after the exchange');
    if (dice < 0.45) return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
    return answer;
  };
  const scene = cancelScene(seed, ['BTCUSDT', 'ETHUSDT'], chaos);
  scene.rest(seed.length % 2 === 0 ? 30 : 5);
  const report = await scene.cancel({ deadlineMs: 30_000 });
  const open = scene.ledger.openOrders().map(({ orderId }) => orderId);
  if (report instanceof ExchangeError) return;
  if (report.verified) expect({ seed, open }).toEqual({ seed, open: [] });
  expect(report.found - report.canceled - report.filledMeanwhile).toBe(report.remaining.length);
}
