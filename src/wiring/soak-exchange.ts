import type { Settings } from '../config/fields.ts';
import { configWarnings, type ConfigWarning, type TradedSymbol } from '../config/warnings.ts';
import type { RateLimiter } from '../execution/limits/rate-limiter.ts';
import { socketsWire } from '../exchange/bybit/wire/wire-sockets.ts';
import type { Wire } from '../exchange/bybit/wire/wire.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Oracle, seams, type Seams } from '../harness/invariants/oracle.ts';
import { createEmbeddedExchange, type EmbeddedExchange } from '../simulator/embedded-exchange.ts';
import type { FaultChoice } from '../simulator/faults/fault-choice.ts';
import type { Faults } from '../simulator/faults/faults.ts';
import { smallestUsd, type FeeRates } from '../model/instrument.ts';
import { PPM_PER_BPS } from '../model/units.ts';
import { OWN_PREFIX } from '../model/order.ts';
import { watchLedger } from '../simulator/ledger/ledger-events.ts';
import type { Ledger } from '../simulator/ledger/ledger.ts';
import type { MarketName } from '../simulator/market-model/markets.ts';
import type { ReplayPlayer } from '../simulator/replay/replay-player.ts';
import { startServer } from '../simulator/server.ts';
import { IN_PROCESS, inProcessWire } from '../simulator/wire-in-process.ts';
import { at } from '../util/array.ts';
import { defined } from '../util/assert.ts';
import type { Clock } from '../util/clock.ts';
import { randomId, seededRandom, type Random } from '../util/random.ts';
import { tradingExchange } from './trading-exchange.ts';

export interface EmbeddedParts {
  readonly clock: Clock;
  readonly seed: string;
  readonly symbols: readonly string[];
  readonly market: MarketName;
  readonly faults: FaultChoice;
  /** Those without a VIP level by default. */
  readonly fees?: FeeRates | undefined;
  /** A recording instead of the market model. */
  readonly replay: ReplayPlayer | undefined;
  readonly settings: Settings;
  readonly limiter: RateLimiter;
  /** Use HTTP and WebSockets on loopback; otherwise the same bytes are passed by function calls. */
  readonly overSockets: boolean;
  /** Wraps the wire below the adapter. */
  readonly between?: (wire: Wire) => Wire;
  /** Settings that the oracle checks the run against; `settings` by default. */
  readonly promised?: Settings;
}

/** The embedded exchange with the production adapter in front of it. */
export interface OpenEmbedded extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  /** Undefined when none was chosen. */
  readonly faults: Faults | undefined;
  readonly idPrefix: string;
  /** False for a recording, whose order book does not contain our orders. */
  readonly bookShowsOwn: boolean;
  /** Wall time at which the market ends; undefined when it has no end. */
  readonly endsAt: number | undefined;
  /** Random numbers of the bot. */
  readonly random: Random;
  /** Checks the invariants, on what the seams in `listens` observe. */
  readonly oracle: Oracle;
  readonly listens: Seams;
  /** Settings that defeat each other on this market. */
  readonly warnings: readonly ConfigWarning[];
}

/** Exchange and bot draw from independent random streams, so that the bot does not change the market. */
export async function openEmbedded(parts: EmbeddedParts): Promise<OpenEmbedded> {
  const { clock, symbols, market, faults, fees, replay, settings, limiter, between = (wire) => wire } = parts;
  const random = seededRandom(parts.seed);
  const embedded = createEmbeddedExchange({ clock, random: random.fork('exchange'), symbols, market, faults, fees, source: replay });
  const way = parts.overSockets ? await overSockets(embedded) : inProcess(embedded, clock);
  embedded.start();
  const idPrefix = `${OWN_PREFIX}${randomId(random.fork('run id'), 6)}-`;
  const oracle = oracleOf(embedded, parts, idPrefix);
  const listens = seams(oracle, clock);
  const exchange = tradingExchange({
    wire: between(listens.wire(way.wire)),
    clock,
    random: random.fork('adapter'),
    credentials: at(embedded.keys, 0),
    restUrl: way.restUrl,
    wsUrl: way.wsUrl,
    settings,
    limiter,
  });
  return {
    exchange,
    ledger: embedded.venue.ledger(0),
    faults: embedded.faults,
    endsAt: replay?.endsAt,
    bookShowsOwn: replay === undefined,
    idPrefix,
    oracle,
    listens,
    warnings: configWarnings(settings, tradedOn(embedded, symbols)),
    random: random.fork('bot'),
    async [Symbol.asyncDispose]() {
      await exchange.close();
      embedded.stop();
      await way.close();
    },
  };
}

function tradedOn({ venue }: EmbeddedExchange, symbols: readonly string[]): TradedSymbol[] {
  return symbols.map((symbol) => {
    const { instrument, markPrice, fees } = defined(venue.market(symbol), symbol);
    return { symbol, smallestUsd: smallestUsd(instrument, markPrice), makerFeeBps: fees.maker / PPM_PER_BPS };
  });
}

/** An oracle that observes every change of the ledger from now on. */
function oracleOf({ venue, rateLimits, clock: exchangeClock }: EmbeddedExchange, parts: EmbeddedParts, idPrefix: string): Oracle {
  const { clock, symbols, overSockets, settings, promised = settings } = parts;
  const ledger = venue.ledger(0);
  const oracle = new Oracle({
    settings: promised,
    idPrefix,
    instruments: new Map(symbols.map((symbol) => [symbol, defined(venue.market(symbol), symbol).instrument])),
    positions: ledger.positions().map(({ symbol, size }) => [symbol, size]),
    toleranceMs: overSockets ? 50 : 1,
    inside: { ledger, market: (symbol) => venue.market(symbol), now: () => exchangeClock.now(), addresses: () => rateLimits.addresses() },
  });
  watchLedger(venue, 0, (event) => oracle.observe({ source: 'ledger', event }, clock.monotonic()));
  return oracle;
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
  return { wire, ...IN_PROCESS, close: () => wire.close() };
}
