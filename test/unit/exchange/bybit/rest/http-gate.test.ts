import { describe, expect, test } from 'vitest';
import { HttpGate } from '../../../../../src/exchange/bybit/rest/http-gate.ts';
import { sleep, VirtualClock } from '../../../../../src/util/clock.ts';

const CANCEL = 'v5/order/cancel';
const READ = 'v5/order/realtime';

function gate() {
  const clock = new VirtualClock(0);
  const sut = new HttpGate(clock);
  return {
    clock,
    sut,
    wait: (ms: number) => clock.run(sleep(clock, ms)),
    passes(path: string): boolean {
      try {
        sut.pass(path);
        return true;
      } catch {
        return false;
      }
    },
  };
}

describe('the HTTP gate', () => {
  test('is closed for ten minutes after the last answer that reports a ban', async () => {
    const { sut, passes, wait } = gate();
    sut.answered(true, 0);
    await wait(300_000);
    sut.answered(true, 300_000);
    await wait(599_999);
    expect([sut.isShut, passes(READ)]).toEqual([true, false]);
    await wait(1);
    expect([sut.isShut, passes(READ)]).toEqual([false, true]);
  });

  test('reports requests that it blocks as not sent', () => {
    const { sut } = gate();
    sut.answered(true, 0);
    expect(() => sut.pass(READ)).toThrow(expect.objectContaining({ kind: 'banned', outcome: 'not-applied' }));
  });

  test('passes one cancel as a probe every five seconds, and everything once trading is over', async () => {
    const { sut, passes, wait } = gate();
    sut.answered(true, 0);
    await wait(4999);
    expect(passes(CANCEL)).toBe(false);
    await wait(1);
    expect([passes(READ), passes(CANCEL), passes(CANCEL)]).toEqual([false, true, false]);
    sut.forceProbes();
    await wait(5000);
    expect([passes(READ), passes(READ)]).toEqual([true, false]);
  });

  test('opens when a probe is answered, not when a request from before the ban is', async () => {
    const { clock, sut, passes, wait } = gate();
    await wait(100);
    sut.answered(true, 50);
    sut.answered(false, 60);
    expect(sut.isShut).toBe(true);
    await wait(5000);
    expect(passes(CANCEL)).toBe(true);
    sut.answered(false, clock.monotonic());
    expect(sut.isShut).toBe(false);
  });
});
