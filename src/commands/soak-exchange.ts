import type { Settings } from '../config/fields.ts';
import type { RateLimiter } from '../execution/rate-limiter.ts';
import { createBybitExchange } from '../exchange/bybit/bybit-exchange.ts';
import { socketsWire } from '../exchange/bybit/wire-sockets.ts';
import type { Wire } from '../exchange/bybit/wire.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../simulator/embedded-exchange.ts';
import type { FaultChoice } from '../simulator/faults/fault-choice.ts';
import type { Faults } from '../simulator/faults/faults.ts';
import { OWN_PREFIX } from '../model/order.ts';
import type { Ledger } from '../simulator/ledger.ts';
import type { MarketName } from '../simulator/markets.ts';
import type { ReplayPlayer } from '../simulator/replay/replay-player.ts';
import { startServer } from '../simulator/server.ts';
import { inProcessWire } from '../simulator/wire-in-process.ts';
import { at } from '../util/array.ts';
import type { Clock } from '../util/clock.ts';
import { randomId, seededRandom, type Random } from '../util/random.ts';

export interface EmbeddedParts {
  readonly clock: Clock;
  readonly seed: string;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  readonly faults: FaultChoice;
  /** A recording instead of the market model. */
  readonly replay: ReplayPlayer | undefined;
  readonly settings: Settings;
  readonly limiter: RateLimiter;
  /** Loopback HTTP and WebSockets, or the same bytes as function calls. */
  readonly overSockets: boolean;
}

/** The embedded exchange with the production adapter in front of it. */
export interface OpenEmbedded extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  /** Undefined when none was chosen. */
  readonly faults: Faults | undefined;
  readonly idPrefix: string;
  /** Wall time at which the market ends; undefined when it goes on for ever. */
  readonly endsAt: number | undefined;
  /** The bot's own. */
  readonly random: Random;
}

/** Two independent streams of chance: the market does not change with what the bot draws. */
export async function openEmbedded(parts: EmbeddedParts): Promise<OpenEmbedded> {
  const { clock, symbols, market, faults, replay, settings, limiter } = parts;
  const random = seededRandom(parts.seed);
  const embedded = createEmbeddedExchange({ clock, random: random.fork('exchange'), symbols, market, faults, source: replay });
  const way = parts.overSockets ? await overSockets(embedded) : inProcess(embedded, clock);
  embedded.start();
  const exchange = createBybitExchange({
    wire: way.wire,
    clock,
    random: random.fork('adapter'),
    credentials: at(embedded.keys, 0),
    restUrl: way.restUrl,
    wsUrl: way.wsUrl,
    settleCoin: 'USDT',
    recvWindowMs: settings.bybit.recvWindowMs,
    requestTimeoutMs: settings.bybit.requestTimeoutMs,
    beforeQuery: async () => void (await limiter.acquire('query')),
  });
  return {
    exchange,
    ledger: embedded.venue.ledger(0),
    faults: embedded.faults,
    endsAt: replay?.endsAt,
    idPrefix: `${OWN_PREFIX}${randomId(random.fork('run id'), 6)}-`,
    random: random.fork('bot'),
    async [Symbol.asyncDispose]() {
      await exchange.close();
      embedded.stop();
      await way.close();
    },
  };
}

interface Way {
  readonly wire: Wire;
  readonly restUrl: string;
  readonly wsUrl: string;
  close(): Promise<void>;
}

async function overSockets({ surface }: EmbeddedExchange): Promise<Way> {
  const server = await startServer(surface, { host: '127.0.0.1', port: 0 });
  const wire = socketsWire();
  return {
    wire,
    restUrl: server.restUrl,
    wsUrl: server.wsUrl,
    async close() {
      await wire.close();
      await server.close();
    },
  };
}

function inProcess({ surface }: EmbeddedExchange, clock: Clock): Way {
  const wire = inProcessWire(surface, clock);
  return { wire, restUrl: 'http://embedded', wsUrl: 'ws://embedded', close: () => wire.close() };
}
