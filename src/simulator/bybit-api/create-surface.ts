import type { Clock } from '../../util/clock.ts';
import type { Random } from '../../util/random.ts';
import { uuidSequence } from '../ids.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { OrderVenue, Venue } from '../venue/venue.ts';
import { accountRoutes, feeRateRoute } from './routes/account-routes.ts';
import { byCategory } from './routes/category-routes.ts';
import { DisconnectProtection } from './dcp.ts';
import { KeyRing, type KeyPair } from './keys.ts';
import type { Latency } from './latency.ts';
import { LINEAR_MARKETS, SPOT_MARKETS, type MarketLine } from './rows/market-line.ts';
import { marketRoutes } from './routes/market-routes.ts';
import { LINEAR, type OrderLine } from './rows/order-line.ts';
import { orderQueries } from './routes/order-queries.ts';
import { orderRoutes } from './routes/order-routes.ts';
import { PrivateProtocol } from './sockets/private-socket.ts';
import { PrivateStreams } from './sockets/private-streams.ts';
import { PublicFeeds } from './feeds/public-feeds.ts';
import { PublicProtocol } from './sockets/public-socket.ts';
import { serveHttp } from './rest.ts';
import type { Routes } from './routes/routes.ts';
import { Socket, type Protocol } from './sockets/socket.ts';
import { SPOT } from './rows/spot-line.ts';
import type { Surface } from './surface.ts';
import { TradeProtocol } from './sockets/trade-socket.ts';
import { tradingRoutes } from './routes/trading-routes.ts';

export interface SurfaceParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly venue: Venue;
  /** Undefined if no spot pairs are listed. */
  readonly spot?: OrderVenue | undefined;
  /** One per account, in order. */
  readonly keys: readonly KeyPair[];
  readonly firstUserId?: number | undefined;
  readonly limits: RateLimits;
  readonly latency: Latency;
  /** Whether accounts may use cancel on disconnect. */
  readonly dcp?: boolean | undefined;
}

/** Serves Bybit’s v5 protocol for a venue. */
export function createSurface({
  clock,
  random,
  venue,
  spot,
  keys,
  firstUserId = 1_000_000,
  limits,
  latency,
  dcp = false,
}: SurfaceParts): Surface {
  const ring = new KeyRing(keys);
  const nextId = uuidSequence(random.fork('ids'));
  const streams = new PrivateStreams(venue, clock, nextId);
  const protection = new DisconnectProtection(clock, { venue, spot }, dcp);
  const linear = serveProducts(venue, { orders: LINEAR, markets: LINEAR_MARKETS }, streams, clock);
  const pairs = spot === undefined ? undefined : serveProducts(spot, { orders: SPOT, markets: SPOT_MARKETS }, streams, clock);
  const own: Routes = { ...linear.routes, ...accountRoutes(venue, ring, firstUserId), ...tradingRoutes(venue), ...protection.routes() };
  const routes = pairs === undefined ? own : byCategory(own, pairs.routes);
  const rest = { clock, random: random.fork('http'), latency, keys: ring, limits, routes, nextId };
  const sockets = new Set<Socket>();
  const open = (path: string): ((socket: Socket) => Protocol) | undefined => {
    switch (path) {
      case '/v5/public/linear':
        return (socket) => new PublicProtocol(socket, linear.feeds, 'linear');
      case '/v5/public/spot':
        return pairs === undefined ? undefined : (socket) => new PublicProtocol(socket, pairs.feeds, 'spot');
      case '/v5/private':
        return (socket) => new PrivateProtocol(socket, { streams, keys: ring, clock, protection });
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
      const outbound =
        { '/v5/public/linear': latency.publicFeed, '/v5/public/spot': latency.publicFeed, '/v5/private': latency.privateStream }[path] ??
        latency.ack;
      const onEnd = (ended: Socket): boolean => sockets.delete(ended);
      const socket = new Socket({ clock, random: random.fork(`socket/${id}`), latency, peer, id, query, outbound, onEnd });
      socket.speak(protocolOf(socket));
      sockets.add(socket);
      return socket;
    },
    close() {
      protection.close();
      for (const socket of sockets) socket.cut(1001, 'the exchange is shutting down');
    },
  };
}

/** Routes and topics that contracts and pairs have in common. */
function serveProducts(
  venue: OrderVenue,
  { orders, markets }: { readonly orders: OrderLine; readonly markets: MarketLine },
  streams: PrivateStreams,
  clock: Clock,
): { readonly feeds: PublicFeeds; readonly routes: Routes } {
  const feeds = new PublicFeeds(venue, clock, orders.category);
  venue.onEvent((event) => {
    if (event.type === 'trade') feeds.onTrade(event.symbol, event.trade);
    else if (event.type === 'liquidation') feeds.onLiquidation(event.symbol, event.liquidation);
    else streams.onEvent(event, { venue, line: orders });
  });
  const data = {
    venue,
    line: markets,
    candlesOf: (symbol: string) => feeds.candlesOf(symbol),
    updateIdOf: (symbol: string) => feeds.updateIdOf(symbol),
  };
  return {
    feeds,
    routes: {
      ...marketRoutes(data),
      ...orderRoutes(venue, orders),
      ...orderQueries(venue, orders),
      '/v5/account/fee-rate': feeRateRoute(venue, orders.category),
    },
  };
}
