import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../../src/util/clock.ts';
import { rest } from '../../../../support/bybit/scripted-rest.ts';
import { answer } from '../../../../support/bybit/scripted-wire.ts';

describe('after a refusal for its time', () => {
  it.each(['v5/order/cancel', 'v5/order/cancel-all', 'v5/order/cancel-batch'])(
    '%s leaves at once with the old estimate, and what is no cancel waits for the new one',
    async (path) => {
      let refusals = 1;
      const { sut, wire, clock } = rest(async ({ url }) => {
        if (!url.endsWith('/v5/market/time')) return answer({}, (refusals -= 1) >= 0 ? { retCode: 10002, retMsg: 'time' } : {});
        await sleep(clock, 1000);
        return answer({}, { time: clock.now() + 5000 });
      });
      await expect(sut.post(path, {})).rejects.toMatchObject({ kind: 'clock' });
      await clock.run(sut.post(path, {}));
      expect(clock.monotonic()).toBe(0);
      await clock.run(sut.post('v5/order/create', {}));
      expect(clock.monotonic()).toBe(2000);
      expect(wire.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
    },
  );
});

describe('where a proxy keeps old answers about the time', () => {
  const STALE_MS = 20_000;
  const WINDOW_MS = 5000;

  /** An exchange that checks the time of what is signed, behind a proxy whose answers about the time are late while `isStale()`. */
  function behindProxy(isStale: () => boolean, told: (time: number) => number | undefined = (time) => time) {
    const made = rest(
      ({ url, headers }) => {
        const now = made.clock.now();
        if (url.endsWith('/v5/market/time')) return answer({}, { time: isStale() ? now - STALE_MS : now });
        const isLate = Math.abs(Number(headers['X-BAPI-TIMESTAMP']) - now) > WINDOW_MS;
        return answer({ list: [] }, { time: told(now), ...(isLate ? { retCode: 10002, retMsg: 'time' } : {}) });
      },
      { known: false },
    );
    const attempt = async (): Promise<boolean> => {
      const done = made.sut.get('v5/order/realtime', {}).then(
        () => true,
        () => false,
      );
      await made.clock.run(sleep(made.clock, 1000));
      return done;
    };
    return { ...made, attempt };
  }

  it('the time in the refusals is used when the second one comes', async () => {
    const { sut, attempt, clock, serverTime } = behindProxy(() => true);
    expect([await attempt(), await attempt(), await attempt()]).toEqual([false, false, true]);
    for (let minute = 0; minute < 3; minute += 1) {
      await sut.time.sample();
      expect(await attempt()).toBe(true);
    }
    expect(Math.abs(serverTime.now() - clock.now())).toBeLessThan(10);
  });

  it('but not the time in a refusal that took long', async () => {
    const made = rest(
      async ({ url, headers }) => {
        if (url.endsWith('/v5/market/time')) return answer({}, { time: made.clock.now() });
        await sleep(made.clock, 2600);
        const isLate = made.clock.now() - Number(headers['X-BAPI-TIMESTAMP']) > 2000;
        return answer({ list: [] }, { time: made.clock.now(), ...(isLate ? { retCode: 10002, retMsg: 'time' } : {}) });
      },
      { known: false },
    );
    for (let tries = 0; tries < 4; tries += 1) {
      await made.clock.run(made.sut.get('v5/order/realtime', {}).catch(() => undefined));
      expect(Math.abs(made.serverTime.now() - made.clock.now())).toBeLessThan(50);
    }
  });

  it('requests that were refused together count as one', async () => {
    const { attempt } = behindProxy(() => true);
    expect(await Promise.all([attempt(), attempt(), attempt()])).toEqual([false, false, false]);
    expect([await attempt(), await attempt()]).toEqual([false, true]);
  });

  it('the answers about the time count again as soon as they are right', async () => {
    let isStale = true;
    let isLying = false;
    const { sut, attempt } = behindProxy(
      () => isStale,
      (time) => (isLying ? time - STALE_MS : time),
    );
    for (let tries = 0; tries < 3; tries += 1) await attempt();
    isStale = false;
    await sut.time.sample();
    isLying = true;
    expect(await attempt()).toBe(true);
  });

  it('refusals with a wrong time or none do not keep right answers out', async () => {
    for (const told of [() => 5, () => undefined]) {
      let isStale = true;
      const { attempt } = behindProxy(() => isStale, told);
      for (let tries = 0; tries < 5; tries += 1) expect(await attempt()).toBe(false);
      isStale = false;
      const done = [await attempt(), await attempt(), await attempt()];
      expect(done.at(-1)).toBe(true);
    }
  });
});

describe('an answer whose time cannot be', () => {
  const isTime = ({ url }: { readonly url: string }): boolean => url.endsWith('/v5/market/time');

  it('has the time asked for again, and what is sent meanwhile does not wait for it', async () => {
    const { sut, wire, clock, serverTime } = rest(async (request) => {
      if (isTime(request)) await sleep(clock, 40);
      return answer({ list: [] }, { time: clock.now() + 1700 });
    });
    await sut.get('v5/order/realtime', {});
    await sut.post('v5/order/cancel', {});
    expect(wire.requests.map(isTime)).toEqual([false, true, false]);
    await clock.run(sleep(clock, 50));
    expect(Math.abs(serverTime.now() - (clock.now() + 1700))).toBeLessThanOrEqual(20);
    await sut.get('v5/order/realtime', {});
    expect(wire.requests.filter(isTime)).toHaveLength(1);
  });

  it('makes it read the time of the exchange at most every five seconds', async () => {
    const { sut, wire, clock } = rest((request) => answer({ list: [] }, { time: clock.now() + (isTime(request) ? 0 : 9000) }));
    for (let second = 0; second < 12; second += 1) {
      await sut.get('v5/order/realtime', {});
      await clock.run(sleep(clock, 1000));
    }
    expect(wire.requests.filter(isTime)).toHaveLength(3);
  });
});
