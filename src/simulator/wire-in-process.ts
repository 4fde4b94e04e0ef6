import type { Wire, WireRequest, WireResponse, WireSocket, WireSocketListener } from '../exchange/bybit/wire/wire.ts';
import type { Clock } from '../util/clock.ts';
import type { Surface, SurfaceConnection, SurfaceResponse } from './bybit-api/surface.ts';

const ADDRESS = 'in-process';
const URL_PARTS = /^[a-z]+:\/\/[^/]+(\/[^?#]*)(?:\?([^#]*))?/;

/** The addresses of an exchange behind such a wire; it looks only at the paths. */
export const IN_PROCESS = { restUrl: 'http://embedded', wsUrl: 'ws://embedded' } as const;

/** A wire that passes the same messages as sockets would, by function calls: `http://embedded/v5/...`, `ws://embedded/v5/...`. */
export function inProcessWire(surface: Surface, clock: Clock): Wire {
  return {
    request: (request, signal) => requested(surface, request, signal),
    open: (url, listener) => opened(surface, clock, url, listener),
    close: () => Promise.resolve(),
  };
}

function requested(surface: Surface, request: WireRequest, signal: AbortSignal | undefined): Promise<WireResponse> {
  const { path, query } = partsOf(request.url);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return new Promise((resolve, reject) => {
    // As with a dropped connection, the exchange may still execute the request.
    const drop = (): void => reject(new Error('request aborted'));
    if (signal?.aborted === true) return drop();
    signal?.addEventListener('abort', drop, { once: true });
    const answer = surface.http({ method: request.method, path, query, headers, body: request.body, address: ADDRESS });
    const whole = (response: SurfaceResponse): void => {
      if (response.stalls !== true) resolve(response);
    };
    answer.then(whole, reject).finally(() => signal?.removeEventListener('abort', drop));
  });
}

function opened(surface: Surface, clock: Clock, url: string, listener: WireSocketListener): WireSocket {
  const { path, query } = partsOf(url);
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let connection: SurfaceConnection | undefined;
  const end = (reason: string): void => {
    if (state === 'closed') return;
    state = 'closed';
    clock.schedule(0, () => listener.onClose(reason));
  };
  clock.schedule(0, () => {
    if (state === 'closed') return;
    connection = surface.connect(query === '' ? path : `${path}?${query}`, {
      send: (message) => {
        if (state === 'open') listener.onMessage(message);
      },
      close: (_, reason) => end(reason),
    });
    if (connection === undefined) return end('no such path');
    state = 'open';
    listener.onOpen();
  });
  return {
    send(message) {
      if (state === 'open') connection?.message(message);
    },
    close() {
      connection?.closed();
      end('closed by the client');
    },
  };
}

function partsOf(url: string): { path: string; query: string } {
  const [, path = '/', query = ''] = URL_PARTS.exec(url) ?? [];
  return { path, query };
}
