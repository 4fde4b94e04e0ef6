import { pause } from '../hostility.ts';
import type { Kind } from '../kind.ts';
import { http, never, RARE } from './http.ts';

/** HTTP on its way. */
export const NETWORK: readonly Kind[] = [
  http('network', 'request-lost', 'an HTTP request never arrives and is never answered', never, { rates: RARE }),
  http('network', 'answer-lost', 'an HTTP request arrives, its answer does not', async (next) => next().then(never), { rates: RARE }),
  http('network', 'request-slow', 'an HTTP request arrives up to 1.8 s later', async (next, tools) => {
    await pause(tools, 50, 1800);
    return next();
  }),
  http(
    'network',
    'request-late',
    'an HTTP request arrives 2 to 8 s later',
    async (next, tools) => {
      await pause(tools, 2000, 8000);
      return next();
    },
    { rates: RARE },
  ),
  http('network', 'answer-slow', 'an answer takes up to 1.4 s longer', async (next, tools) => {
    const response = await next();
    await pause(tools, 50, 1400);
    return response;
  }),
  http(
    'network',
    'answer-late',
    'an answer comes 1.6 to 20 s later',
    async (next, tools) => {
      const response = await next();
      await pause(tools, 1600, 20_000);
      return response;
    },
    { rates: RARE },
  ),
  http('network', 'connection-refused', 'no connection is to be had', () => Promise.reject(new Error('connect ECONNREFUSED')), {
    rates: RARE,
  }),
  http(
    'network',
    'connection-reset',
    'the exchange acts, and the connection breaks before its answer',
    async (next) => {
      await next();
      throw new Error('read ECONNRESET');
    },
    { rates: RARE },
  ),
  http('network', 'request-twice', 'a request is delivered twice; the second answer counts', async (next) => {
    await next();
    return next();
  }),
  http('network', 'answers-reordered', 'answers overtake each other', async (next, tools) => {
    const response = await next();
    await pause(tools, 0, 400);
    return response;
  }),
];
