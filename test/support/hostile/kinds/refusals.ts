import type { WireResponse } from '../../../../src/exchange/bybit/wire/wire.ts';
import { isObject, parseJson } from '../../../../src/util/json.ts';
import { randomInt } from '../../../../src/util/random.ts';
import { isWithin, pause } from '../hostility.ts';
import type { Kind } from '../kind.ts';
import { code, http, instead, never, RARE, reply, shutFor, without } from './http.ts';

/** Limits, bans, outages and clocks. */
export const REFUSALS: readonly Kind[] = [
  http(
    'limits',
    'code-10006',
    'too many visits',
    without(() => code(10_006, 'Too many visits!')),
  ),
  http(
    'limits',
    'code-10006-far-reset',
    'too many visits, reset in a minute',
    async (_, tools) => {
      await pause(tools, 5, 20);
      const at = tools.clock.now();
      const headers = {
        timenow: String(at),
        'x-bapi-limit': '10',
        'x-bapi-limit-status': '0',
        'x-bapi-limit-reset-timestamp': String(at + 60_000),
      };
      return { ...code(10_006, 'Too many visits!'), headers };
    },
    { rates: RARE },
  ),
  http('limits', 'limit-lowered', 'headers say that one request a second is allowed', async (next, { clock }) => {
    const response = await next();
    const headers = {
      timenow: String(clock.now()),
      'x-bapi-limit': '1',
      'x-bapi-limit-status': '0',
      'x-bapi-limit-reset-timestamp': String(clock.now() + 1000),
    };
    return { ...response, headers: { ...response.headers, ...headers } };
  }),
  http(
    'limits',
    'code-10016',
    'service error, nothing done',
    without(() => code(10_016, 'Internal System Error.')),
    { rates: RARE },
  ),
  http(
    'limits',
    'code-10000-after-effect',
    'server time-out, and done all the same',
    instead(() => code(10_000, 'Server Timeout')),
    { rates: RARE },
  ),
  http(
    'limits',
    'code-10018',
    'the address is over its limit',
    without(() => code(10_018, 'IP rate limit')),
    { rates: [0.03] },
  ),
  http(
    'limits',
    'code-unknown',
    'a code that no table has',
    without(({ random }) => code([110_132, 110_040, 999_999, 30_133][randomInt(random, 4)] ?? 1, 'something')),
    { rates: RARE },
  ),
  http(
    'limits',
    'code-10004',
    'the signature is said to be wrong',
    without(() => code(10_004, 'Error sign')),
    { rates: [0.03] },
  ),
  http('limits', 'ban-of-seconds', '403 to everything for 3 to 20 s', shutFor(3, 20, reply(403, '403, access too frequent')), {
    rates: [1],
  }),
  http('limits', 'ban-of-minutes', '403 to everything for 1 to 3 minutes', shutFor(60, 180, reply(403, '403, access too frequent')), {
    rates: [1],
  }),
  http('limits', 'ban-of-ten-minutes', '403 to everything for ten minutes', shutFor(600, 600, reply(403, '403, access too frequent')), {
    rates: [1],
  }),
  http('limits', 'outage', 'no answer to anything for 2 to 30 s', (next, tools) => (isWithin(tools, 2, 30) ? never() : next()), {
    rates: [1],
  }),
];

export const CLOCKS: readonly Kind[] = [
  http(
    'clock',
    'clock-refused',
    '10002: the timestamp is out of the window',
    without(() => code(10_002, 'invalid request, please check your server timestamp')),
    { rates: RARE },
  ),
  http(
    'clock',
    'clock-wrong',
    'the exchange’s time is off by up to a minute',
    async (next, tools) => {
      const offset = tools.memory.get('offset') ?? tools.between(-60_000, 60_000);
      tools.memory.set('offset', offset);
      return shifted(await next(), Number(offset));
    },
    { at: ({ path }) => path === 'v5/market/time' },
  ),
  http(
    'clock',
    'clock-jumps',
    'each time is off by something else',
    async (next, tools) => shifted(await next(), tools.between(-5000, 5000)),
    {
      at: ({ path }) => path === 'v5/market/time',
    },
  ),
];

function shifted(response: WireResponse, byMs: number): WireResponse {
  const body = parseJson(response.body);
  if (!isObject(body)) return response;
  const time = Math.round(Number(body['time']) + byMs);
  const result = { timeSecond: String(Math.floor(time / 1000)), timeNano: `${time}000000` };
  return { ...response, body: JSON.stringify({ ...body, result, time }) };
}
