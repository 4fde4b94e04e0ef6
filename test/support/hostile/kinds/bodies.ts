import { randomInt } from '../../../../src/util/random.ts';
import type { Kind } from '../kind.ts';
import { code, field, HTML, http, instead, isRead, json, RARE, reply, rewritten, without } from './http.ts';
import { STALLS } from '../stalls.ts';

/** What is in the place of an answer. */
export const BODIES: readonly Kind[] = [
  http(
    'body',
    'body-truncated',
    'a body ends in its middle',
    rewritten((body, { random }) => body.slice(0, Math.floor(body.length * random.uniform()))),
    { rates: RARE },
  ),
  http(
    'body',
    'body-stalls',
    'a body begins and never ends',
    async (next) => {
      const response = await next();
      return { ...response, headers: { ...response.headers, [STALLS]: '1' } };
    },
    { rates: RARE },
  ),
  http(
    'body',
    'body-empty',
    'status 200 and nothing',
    instead(() => reply(200, '')),
    { rates: RARE },
  ),
  http(
    'body',
    'body-html-200',
    'status 200 and a page of HTML',
    instead(() => reply(200, HTML)),
    { rates: RARE },
  ),
  http(
    'body',
    'body-html-502',
    'a gateway’s page, the exchange never heard of it',
    without(() => reply(502, HTML)),
    { rates: RARE },
  ),
  http(
    'body',
    'body-504-after-effect',
    'a gateway’s time-out, the exchange has acted',
    instead(() => reply(504, HTML)),
    { rates: RARE },
  ),
  http(
    'body',
    'body-500',
    'an internal error without a code',
    without(() => json({ error: 'internal' }, 500)),
    { rates: RARE },
  ),
  http(
    'body',
    'body-503',
    'maintenance',
    without(() => reply(503, 'Service Unavailable')),
    { rates: RARE },
  ),
  http(
    'body',
    'body-429',
    'too many requests by a proxy',
    without(() => reply(429, 'Too Many Requests')),
    { rates: RARE },
  ),
  http(
    'body',
    'body-404',
    'a proxy that does not know the path',
    without(() => reply(404, HTML)),
    { rates: [0.03, 0.1] },
  ),
  http(
    'body',
    'body-garbled',
    'one character is another',
    rewritten((body, { random }) => {
      const at = randomInt(random, Math.max(1, body.length));
      return `${body.slice(0, at)}#${body.slice(at + 1)}`;
    }),
    { rates: RARE, at: isRead },
  ),
  http(
    'body',
    'body-null',
    'the JSON null',
    instead(() => reply(200, 'null')),
    { rates: RARE },
  ),
  http(
    'body',
    'body-array',
    'a JSON list instead of an object',
    instead(() => reply(200, '[]')),
    { rates: RARE },
  ),
  http(
    'body',
    'body-two-documents',
    'two JSON documents in a row',
    rewritten((body) => `${body}${body}`),
    { rates: RARE },
  ),
  http(
    'body',
    'body-huge',
    'a good answer in 4 MB',
    field((body) => ({ ...body, padding: 'x'.repeat(4_000_000) })),
    { rates: [0.03] },
  ),
  http(
    'body',
    'body-deep',
    'a good answer with 20,000 lists in each other',
    rewritten((body) => body.replace(/\}$/, `,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)),
    { rates: [0.03] },
  ),
  http(
    'body',
    'message-with-controls',
    'an error whose message holds ESC and newlines',
    without(() => code(10_016, '\u001b[2J\u001b[H\nVERIFIED EMPTY\n\u0007')),
    { rates: RARE },
  ),
  http(
    'body',
    'code-as-text',
    'retCode is "0"',
    field((body) => ({ ...body, retCode: String(body['retCode']) })),
  ),
  http(
    'body',
    'code-missing',
    'an answer without a code',
    field((body) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'retCode'))),
    { rates: RARE },
  ),
  http(
    'body',
    'code-null',
    'retCode is null',
    field((body) => ({ ...body, retCode: null })),
    { rates: RARE },
  ),
  http(
    'body',
    'code-exponent',
    'retCode is 1e400',
    rewritten((body) => body.replace(/"retCode":\d+/, '"retCode":1e400')),
    { rates: RARE },
  ),
  http(
    'body',
    'code-negative',
    'retCode is -1',
    field((body) => ({ ...body, retCode: -1 })),
    { rates: RARE },
  ),
  http(
    'body',
    'result-null',
    'retCode 0 and no result',
    field((body) => ({ ...body, result: null })),
    { rates: RARE, at: isRead },
  ),
  http(
    'body',
    'result-list',
    'retCode 0, result is a list',
    field((body) => ({ ...body, result: [] })),
    { rates: RARE, at: isRead },
  ),
  http(
    'body',
    'time-absurd',
    'time is 0, of 2100 or negative',
    field((body, { random }) => ({ ...body, time: [0, 4_102_444_800_000, -1][randomInt(random, 3)] })),
    { rates: RARE, at: isRead },
  ),
];
