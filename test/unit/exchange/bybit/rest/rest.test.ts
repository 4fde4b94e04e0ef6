import { describe, expect, it } from 'vitest';
import { isComplete } from '../../../../../src/exchange/complete.ts';
import { at } from '../../../../../src/util/array.ts';
import { sleep } from '../../../../../src/util/clock.ts';
import { objectIn } from '../../../../../src/util/json.ts';
import { rest, START } from '../../../../support/bybit/scripted-rest.ts';
import { answer, type Script } from '../../../../support/bybit/scripted-wire.ts';

const UNPROVEN = { name: 'ExchangeError', kind: 'unavailable', outcome: 'unknown' };

const header = (wire: ReturnType<typeof rest>['wire'], index: number, name: string): string => at(wire.requests, index).headers[name] ?? '';

describe('a signed request', () => {
  it('carries the signatures of the documented vectors', async () => {
    const { sut, wire } = rest(() => answer({}));
    await sut.get('v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT', limit: 50 });
    await sut.post('v5/order/create', {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.01',
      price: '50000.1',
      timeInForce: 'PostOnly',
      orderLinkId: 'mm-1',
    });
    expect(at(wire.requests, 0).url).toBe('http://127.0.0.1:1/v5/order/realtime?category=linear&symbol=BTCUSDT&limit=50');
    expect(header(wire, 0, 'X-BAPI-SIGN')).toBe('6355c7cc7dc003b9a53dc5d6097dab4fc80b3e54ab3859a4b6f0366129acecf0');
    expect(header(wire, 0, 'X-BAPI-TIMESTAMP')).toBe(String(START));
    expect(at(wire.requests, 0).body).toBe('');
    expect(header(wire, 1, 'X-BAPI-SIGN')).toBe('02929701ac21cb3203bf547b03d365e85754e91f4d75a0a3bd592351433d10f9');
    expect(header(wire, 1, 'User-Agent')).toBe('mmbot');
  });

  it('is signed with the exchange’s time, not ours, once it is known', async () => {
    const skewed: Script = () => answer({}, { time: START + 4000 });
    const { sut, wire, queries } = rest(skewed, { known: false });
    await Promise.all([sut.get('v5/order/realtime', {}), sut.get('v5/position/list', {}), sut.post('v5/order/cancel', {})]);
    const paths = wire.requests.map(({ url }) => new URL(url).pathname);
    expect(paths.slice(0, 2)).toEqual(['/v5/market/time', '/v5/market/time']);
    expect(paths.slice(2).sort()).toEqual(['/v5/order/cancel', '/v5/order/realtime', '/v5/position/list']);
    expect(header(wire, 2, 'X-BAPI-TIMESTAMP')).toBe(String(START + 4000));
    expect(queries).toHaveLength(2);
  });

  it('is signed with our own time while the exchange’s cannot be had', async () => {
    const { sut, wire } = rest(({ url }) => (url.endsWith('/v5/market/time') ? { status: 502, body: 'bad gateway' } : answer({})), {
      known: false,
    });
    await sut.get('v5/order/realtime', {});
    expect(header(wire, 1, 'X-BAPI-TIMESTAMP')).toBe(String(START));
  });

  it('is not sent without a key', async () => {
    const { sut, wire } = rest(() => answer({}), { secret: '' });
    await expect(sut.get('v5/order/realtime', {})).rejects.toMatchObject({ kind: 'auth', outcome: 'not-applied' });
    expect(wire.requests).toEqual([]);
  });
});

describe('an answer', () => {
  it('that a page without a code gives in the exchange’s place is no word on the keys, and no reason to stop', async () => {
    const { sut } = rest(() => ({ status: 403, body: '<html>forbidden</html>' }));
    const error: unknown = await sut.post('v5/order/create', {}).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ isBarred: true, stopReason: undefined });
  });

  it('of failure with the code of success is recognized by its status', async () => {
    const { sut } = rest(() => ({ status: 500, body: '{"retCode":0,"retMsg":"OK","result":{}}' }));
    await expect(sut.post('v5/order/cancel', {})).rejects.toThrow('v5/order/cancel: HTTP 500 0 OK');
  });

  it('is its result and the exchange’s time', async () => {
    const { sut } = rest(() => answer({ list: [] }, { time: START + 7 }));
    await expect(sut.get('v5/order/realtime', {})).resolves.toEqual({ result: { list: [] }, extra: {}, at: START + 7 });
  });

  it.each([
    ['HTML', { body: '<html>welcome</html>' }],
    ['nothing', { body: '' }],
    ['a cut-off body', { body: '{"retCode":0,"result":{"orderId":"x"' }],
    ['JSON without a code', { body: '{"result":{"orderId":"x"}}' }],
    ['a list', { body: '[0]' }],
    ['status 524', { status: 524, body: 'a timeout occurred' }],
    ['status 599', { status: 599, body: '' }],
    ['status 500 that says success', { status: 500, body: '{"retCode":0,"result":{"orderId":"x"}}' }],
    ['a redirect', { status: 302, body: '', headers: { Location: 'http://elsewhere' } }],
    ['status 401', { status: 401, body: '' }],
    ['status 403', { status: 403, body: '<html>forbidden</html>' }],
    ['server timeout', { body: '{"retCode":10000,"retMsg":"Server Timeout"}' }],
    ['server error', { body: '{"retCode":10016,"retMsg":"Server error."}' }],
    ['a code that nobody knows', { body: '{"retCode":987654,"retMsg":"?"}' }],
    ['a code that is no whole number', { body: '{"retCode":"0.0","retMsg":"OK","result":{"orderId":"x"}}' }],
    ['a code with an exponent', { body: '{"retCode":"0e5","retMsg":"OK","result":{"orderId":"x"}}' }],
    ['a code in spaces', { body: '{"retCode":" 0 ","retMsg":"OK","result":{"orderId":"x"}}' }],
    ['a fraction for a code', { body: '{"retCode":0.5,"retMsg":"OK","result":{"orderId":"x"}}' }],
  ])('of %s proves nothing', async (_, response) => {
    const { sut } = rest(() => response);
    await expect(sut.post('v5/order/create', {})).rejects.toMatchObject(UNPROVEN);
  });

  it.each([
    [{ body: '{"retCode":110007,"retMsg":"ab not enough"}' }, 'rejected', 110_007],
    [{ body: '{"retCode":"110007","retMsg":"as text"}' }, 'rejected', 110_007],
    [{ status: 400, body: '{"retCode":10001,"retMsg":"p"}' }, 'rejected', 10_001],
    [{ body: '{"retCode":10004,"retMsg":"Error sign"}' }, 'auth', 10_004],
    [{ status: 403, body: '{"retCode":10024,"retMsg":"region"}' }, 'auth', 10_024],
    [{ status: 403, body: '403, access too frequent' }, 'banned', undefined],
    [{ status: 404, body: '{"retCode":10017,"retMsg":"Route not found."}' }, 'rejected', 10_017],
  ])('%j is a refusal', async (response, kind, retCode) => {
    const { sut } = rest(() => response);
    await expect(sut.post('v5/order/create', {})).rejects.toMatchObject({ kind, outcome: 'not-applied', retCode });
  });

  it.each([
    [{ status: 400, body: '' }, 'rejected'],
    [{ status: 429, body: '' }, 'throttled'],
    [{ status: 404, body: '{"retCode":0,"retMsg":"OK"}' }, 'rejected'],
  ])('%j comes from a proxy, which may have passed the request on', async (response, kind) => {
    const { sut } = rest(() => response);
    await expect(sut.post('v5/order/create', {})).rejects.toMatchObject({ kind, outcome: 'unknown', retCode: undefined });
  });

  it('that nothing had to change is a success', async () => {
    for (const retCode of [110_043, 110_025, 110_026, 34_040]) {
      const { sut } = rest(() => answer({}, { retCode, retMsg: 'not modified' }));
      await expect(sut.post('v5/position/set-leverage', {})).resolves.toMatchObject({ result: {} });
    }
  });

  it('about the time must have it', async () => {
    const { sut, serverTime, clock } = rest(() => ({ body: ' {"retCode":0,"result":{}} ' }));
    await expect(sut.time.sample()).rejects.toMatchObject(UNPROVEN);
    expect(serverTime.now()).toBe(clock.now());
  });

  it('reports what is left of its rate limit', async () => {
    const headers = { 'x-bapi-limit': '50', 'x-bapi-limit-status': '49', 'x-bapi-limit-reset-timestamp': '5' };
    const { sut, limits } = rest(() => ({ ...answer({ list: [] }), headers }));
    await sut.get('v5/order/realtime', {});
    await sut.get('v5/account/fee-rate', {});
    expect(limits).toMatchObject([{ class: 'query', limit: 50, remaining: 49, exceeded: false, resetAt: 5 }]);
  });

  it('for too many requests says when the next one may be sent', async () => {
    const headers = { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '0', 'X-Bapi-Limit-Reset-Timestamp': String(START + 400) };
    const { sut, limits } = rest(() => ({ body: '{"retCode":10006,"retMsg":"Too many visits!"}', headers }));
    const expected = { kind: 'throttled', outcome: 'not-applied', retCode: 10_006, resetAt: START + 400 };
    await expect(sut.post('v5/order/cancel-all', {})).rejects.toMatchObject(expected);
    expect(limits).toMatchObject([{ class: 'cancelAll', limit: 10, remaining: 0, exceeded: true, resetAt: START + 400 }]);
  });

  it('about a wrong timestamp has the time asked for again, before anything else is signed', async () => {
    let isWrong = true;
    const { sut, wire, clock } = rest(async ({ url }) => {
      if (!url.endsWith('/v5/market/time'))
        return answer({}, isWrong ? { retCode: 10002, retMsg: 'time' } : { time: START + 5000 + clock.monotonic() });
      isWrong = false;
      await sleep(clock, 50);
      const time = START + 5000 + clock.monotonic();
      await sleep(clock, 50);
      return answer({}, { time });
    });
    await expect(sut.post('v5/order/create', {})).rejects.toMatchObject({ kind: 'clock', outcome: 'not-applied' });
    await clock.run(sut.post('v5/order/create', {}));
    expect(wire.requests).toHaveLength(4);
    expect(header(wire, 3, 'X-BAPI-TIMESTAMP')).toBe(String(START + 5200));
  });
});

describe('a request without an answer', () => {
  it('is given up at its deadline, and aborted', async () => {
    let isAborted = false;
    const { sut, clock } = rest((_, signal) => {
      signal?.addEventListener('abort', () => {
        isAborted = true;
      });
      return new Promise(() => undefined);
    });
    const request = sut.post('v5/order/create', {});
    await expect(clock.run(request)).rejects.toMatchObject({ ...UNPROVEN, message: 'v5/order/create: no answer within 3000 ms' });
    expect(clock.monotonic()).toBe(3000);
    expect(isAborted).toBe(true);
  });

  it('is sent once and only once', async () => {
    const { sut, wire } = rest(() => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:1')));
    await expect(sut.post('v5/order/create', {})).rejects.toMatchObject({
      ...UNPROVEN,
      message: 'v5/order/create: connect ECONNREFUSED 127.0.0.1:1',
    });
    expect(wire.requests).toHaveLength(1);
  });

  it('fails when the connection is closed, and none is sent after that', async () => {
    const { sut, clock, wire } = rest(() => new Promise<never>(() => undefined));
    const request = sut.post('v5/order/create', {});
    await clock.run(sleep(clock, 1));
    sut.sender.close();
    await expect(request).rejects.toMatchObject(UNPROVEN);
    await expect(sut.post('v5/order/create', {})).rejects.toMatchObject({ kind: 'unavailable', outcome: 'not-applied' });
    expect(wire.requests).toHaveLength(1);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('virtual time stands still');
  });

  it('does not tell the secret', async () => {
    const secret = 'VerySecretCanary0123456789';
    const scripts: Script[] = [
      () => Promise.reject(new Error(`failed with ${secret}`)),
      () => ({ body: JSON.stringify({ retCode: 10_004, retMsg: `error sign, origin_string[${secret.slice(3, 20)}]` }) }),
    ];
    for (const script of scripts) {
      const error: unknown = await rest(script, { secret })
        .sut.post('v5/order/create', {})
        .catch((thrown: unknown) => thrown);
      const shown = JSON.stringify([error, String(error), objectIn(error)['stack'], objectIn(error)['cause']]);
      expect(shown).toContain('redacted');
      expect(shown).not.toContain(secret.slice(3, 20));
    }
  });
});

describe('a list of several pages', () => {
  const page = (ids: readonly number[], nextPageCursor: unknown) =>
    answer({ list: ids.map((id) => ({ id, orderId: String(id) })), nextPageCursor });
  const cursorOf = (url: string): string | null => new URL(url).searchParams.get('cursor');

  it('is read to its end, with the cursor as it was given', async () => {
    const { sut, wire, queries } = rest(({ url }) => (cursorOf(url) === null ? page([1, 2], 'a%3A1%2Cb') : page([3], '')));
    const list = await sut.pages('v5/order/realtime', { category: 'linear' }, 2);
    expect(list.value.map((row) => row['id'])).toEqual([1, 2, 3]);
    expect(at(wire.requests, 1).url).toContain('cursor=a%3A1%2Cb');
    expect(at(wire.requests, 1).url).toContain('limit=2');
    expect(queries).toHaveLength(2);
  });

  it('ends at a page without a cursor, also an empty one', async () => {
    const { sut } = rest(({ url }) => (cursorOf(url) === null ? page([1], 'a') : page([], '')));
    expect((await sut.pages('v5/order/realtime', {}, 1)).value).toHaveLength(1);
  });

  const asked = (url: string): number => Number(cursorOf(url) ?? 0);
  it.each<[string, number, Script]>([
    ['loops', 3, ({ url }) => page([1], cursorOf(url) === 'a' ? 'b' : 'a')],
    ['is the one that was asked for', 2, () => page([1], 'a')],
    ['leads through empty pages without end', 4, ({ url }) => page([], String(asked(url) + 1))],
    ['leads to the same rows without end', 5, ({ url }) => page([1], String(asked(url) + 1))],
    ['leads to new rows without end', 500, ({ url }) => page([asked(url)], String(asked(url) + 1))],
    ['is no text', 1, () => page([1], { next: 'a' })],
  ])('with a cursor that %s has no end: %i pages are read, and it proves nothing', async (_, pages, script) => {
    const { sut, wire } = rest(script);
    await expect(sut.pages('v5/order/realtime', {}, 2)).rejects.toMatchObject(UNPROVEN);
    expect(wire.requests.filter(({ url }) => url.includes('realtime'))).toHaveLength(pages);
  });

  it('keeps what was read where it does not end, and a row that is none', async () => {
    const { sut } = rest(({ url }) =>
      cursorOf(url) === null ? answer({ list: [{ orderId: '1' }, null], nextPageCursor: 'a' }) : { status: 500 },
    );
    const list = await sut.list('v5/order/realtime', {}, 2);
    expect(list).toMatchObject({ value: [{ orderId: '1' }, {}], failure: UNPROVEN });
    expect(isComplete(list)).toBe(false);
  });

  it.each([
    ['no list', {}],
    ['a list of nothing', { list: null }],
    ['an object', { list: {} }],
    ['a full page without a cursor', { list: [{}] }],
  ])('with %s cannot be read', async (_, result) => {
    const { sut } = rest(() => answer(result));
    await expect(sut.pages('v5/order/realtime', {}, 1)).rejects.toMatchObject(UNPROVEN);
  });

  it('of another category than was asked for proves nothing', async () => {
    const { sut } = rest(() => answer({ category: 'spot', list: [] }));
    await expect(sut.pages('v5/order/realtime', { category: 'linear' }, 50)).rejects.toMatchObject(UNPROVEN);
  });

  it('is not read in part', async () => {
    const { sut } = rest(({ url }) => (cursorOf(url) === null ? page([1], 'a') : { status: 500 }));
    await expect(sut.pages('v5/order/realtime', {}, 1)).rejects.toMatchObject(UNPROVEN);
  });

  it('is as old as its last page', async () => {
    const { sut, clock } = rest(async ({ url }) => {
      await sleep(clock, 10);
      return answer({ list: [{}], nextPageCursor: cursorOf(url) === null ? 'a' : '' }, { time: clock.now() });
    });
    expect((await clock.run(sut.pages('v5/order/realtime', {}, 1))).at).toBe(START + 20);
  });
});
