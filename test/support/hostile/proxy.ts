import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import { startServer, type RunningServer } from '../../../src/simulator/server.ts';
import type { Surface } from '../../../src/simulator/bybit-api/surface.ts';
import type { Message } from '../../../src/util/message.ts';
import { STALLS } from './stalls.ts';

/** Loopback HTTP and WebSockets in front of a wire: a program in another process meets what is done on the wire. */
export function startProxy(wire: Wire, restUrl: string): Promise<RunningServer> {
  return startServer(surfaceOver(wire, restUrl), { host: '127.0.0.1', port: 0 });
}

/** Headers that the connection to the proxy is about, not the request. */
const HOP = new Set(['host', 'connection', 'content-length', 'keep-alive', 'transfer-encoding']);
/** What the exchange's own server says of a body; the proxy's has another length. */
const OWN = /^(content-type|timenow|traceid|x-bapi-)/i;

function surfaceOver(wire: Wire, restUrl: string): Surface {
  return {
    async http({ method, path, query, headers, body }) {
      const url = `${restUrl}${path}${query === '' ? '' : `?${query}`}`;
      const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.has(name)));
      const answer = await wire.request({ method, url, headers: kept, body });
      const own = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => OWN.test(name)));
      return { ...answer, headers: own, stalls: answer.headers[STALLS] !== undefined };
    },
    connect(path, peer) {
      let isOpen = false;
      const waiting: Message[] = [];
      const socket = wire.open(`${restUrl.replace(/^http/, 'ws')}${path}`, {
        onOpen() {
          isOpen = true;
          for (const message of waiting.splice(0)) socket.send(message);
        },
        onMessage: (message) => peer.send(message),
        onClose: (reason) => peer.close(1011, reason.slice(0, 100)),
      });
      return {
        message: (message) => {
          if (isOpen) socket.send(message);
          else waiting.push(message);
        },
        closed: () => socket.close(),
      };
    },
    close: () => void wire.close(),
  };
}
