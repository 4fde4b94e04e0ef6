import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { uuidSequence } from '../ids.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { Venue } from '../venue.ts';
import { accountRoutes } from './account-routes.ts';
import { KeyRing, type KeyPair } from './keys.ts';
import type { Latency } from './latency.ts';
import { marketRoutes } from './market-routes.ts';
import { orderQueries } from './order-queries.ts';
import { orderRoutes } from './order-routes.ts';
import { PrivateProtocol } from './private-socket.ts';
import { PrivateStreams } from './private-streams.ts';
import { PublicFeeds } from './public-feeds.ts';
import { PublicProtocol } from './public-socket.ts';
import { serveHttp } from './rest.ts';
import type { Routes } from './routes.ts';
import { Socket, type Protocol } from './socket.ts';
import type { Surface } from './surface.ts';
import { TradeProtocol } from './trade-socket.ts';

export interface SurfaceParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly venue: Venue;
  /** In the order of the accounts. */
  readonly keys: readonly KeyPair[];
  readonly limits: RateLimits;
  readonly latency: Latency;
}

/** Bybit's v5 protocol around a venue. */
export function createSurface({ clock, random, venue, keys, limits, latency }: SurfaceParts): Surface {
  const ring = new KeyRing(keys);
  const nextId = uuidSequence(random.fork('ids'));
  const feeds = new PublicFeeds(venue, clock);
  const streams = new PrivateStreams(venue, clock, nextId);
  venue.onEvent((event) => {
    if (event.type === 'trade') feeds.onTrade(event.symbol, event.trade);
    else streams.onEvent(event);
  });
  const market = {
    venue,
    candlesOf: (symbol: string) => feeds.candlesOf(symbol),
    updateIdOf: (symbol: string) => feeds.updateIdOf(symbol),
  };
  const routes: Routes = { ...marketRoutes(market), ...orderRoutes(venue), ...orderQueries(venue), ...accountRoutes(venue, ring) };
  const rest = { clock, random: random.fork('http'), latency, keys: ring, limits, routes, nextId };
  const sockets = new Set<Socket>();
  const open = (path: string): ((socket: Socket) => Protocol) | undefined => {
    switch (path) {
      case '/v5/public/linear':
        return (socket) => new PublicProtocol(socket, feeds);
      case '/v5/private':
        return (socket) => new PrivateProtocol(socket, { streams, keys: ring, clock });
      case '/v5/trade':
        return (socket) => new TradeProtocol(socket, rest);
      default:
        return undefined;
    }
  };
  return {
    http: (request) => serveHttp(rest, request),
    connect(address, peer) {
      const [path = '', query = ''] = address.split('?');
      const protocolOf = open(path);
      if (protocolOf === undefined) return undefined;
      const id = nextId();
      const outbound = { '/v5/public/linear': latency.publicFeed, '/v5/private': latency.privateStream }[path] ?? latency.ack;
      const onEnd = (ended: Socket): boolean => sockets.delete(ended);
      const socket = new Socket({ clock, random: random.fork(`socket/${id}`), latency, peer, id, query, outbound, onEnd });
      socket.speak(protocolOf(socket));
      sockets.add(socket);
      return socket;
    },
    close() {
      for (const socket of sockets) socket.cut(1001, 'the exchange goes down');
    },
  };
}
