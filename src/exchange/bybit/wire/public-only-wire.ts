import { assert } from '../../../util/assert.ts';
import { textIn } from '../../../util/json.ts';
import type { Wire, WireRequest } from './wire.ts';

const PUBLIC_STREAM = /^wss?:\/\/[^/]+\/v5\/public\/[a-z]+$/;
const MARKET_READ = /^https?:\/\/[^/]+\/v5\/market\/[a-z-]+(\?[^#]*)?$/;
const OPERATIONS: ReadonlySet<string> = new Set(['subscribe', 'unsubscribe', 'ping']);

/**
 * A safeguard for runs that must not trade: only unsigned market reads and public streams may be sent. Anything else is a bug and
 * fails an assertion.
 */
export function publicOnly(wire: Wire): Wire {
  return {
    request(request, signal) {
      assert(isMarketRead(request), `${request.method} ${request.url} is no read of public market data`);
      return wire.request(request, signal);
    },
    open(url, listener) {
      assert(PUBLIC_STREAM.test(url), `${url} is no public stream`);
      const socket = wire.open(url, listener);
      return {
        send(message) {
          assert(OPERATIONS.has(textIn(message.json?.['op'])), `${message.text} is no message to a public stream`);
          socket.send(message);
        },
        close: () => socket.close(),
      };
    },
    close: () => wire.close(),
  };
}

function isMarketRead({ method, url, headers, body }: WireRequest): boolean {
  const isSigned = Object.keys(headers).some((name) => name.toLowerCase().startsWith('x-bapi'));
  return method === 'GET' && MARKET_READ.test(url) && !isSigned && body === '';
}
