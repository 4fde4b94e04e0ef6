import { assert, defined } from '../../util/assert.ts';
import { every, type Cancel } from '../../util/clock.ts';
import { redactor } from '../../util/redact.ts';
import type { Exchange, ExchangeEvent } from '../exchange.ts';
import { cancelCalls } from './cancel/cancel-calls.ts';
import { BAN_MS } from './codec/limits.ts';
import { OddRows } from './codec/odd-rows.ts';
import { PositionLots } from './codec/position-lots.ts';
import type { ConnectionOptions } from './connection.ts';
import { OrderEntry } from './order-entry.ts';
import { armDisconnectCancel, refuseAdjustedPrices } from './rest/account-settings.ts';
import { Instruments } from './rest/instruments.ts';
import { Queries } from './rest/queries.ts';
import type { ReadAgain } from './rest/read-again.ts';
import { Rest } from './rest/rest.ts';
import { ServerTime } from './server-time.ts';
import { Streams } from './streams/streams.ts';

const TIME_REFRESH_MS = 60_000;

export interface BybitOptions extends ConnectionOptions {
  /** URL of the public streams, when they are not at `wsUrl`. */
  readonly publicWsUrl?: string;
  /** False when the exchange cannot report fee rates: then the highest ordinary rates are assumed. Default: true. */
  readonly tellsFees?: boolean;
  /** Order entry. `socket`: over the trade WebSocket while it is usable, else over REST; `rest`: always over REST. Default: `socket`. */
  readonly orderEntry?: 'socket' | 'rest';
  /** Awaited before every signed read, for rate limiting. */
  readonly beforeQuery?: () => Promise<void>;
  /** Decides whether and when a failed read is retried. Default: never. */
  readonly readAgain?: ReadAgain;
}

/** Linear perpetuals of Bybit, or of any server that implements its protocol over `wire`. */
export function createBybitExchange(options: BybitOptions): Exchange {
  const { wire, clock } = options;
  let listener: ((event: ExchangeEvent) => void) | undefined;
  let isDisconnectArmed = false;
  let stopRefreshingTime: Cancel | undefined;
  const { rest, serverTime, instruments, queries, streams, entry } = partsOf(options, (event) => {
    listener?.(event);
    return listener !== undefined;
  });
  return {
    serverTime: () => rest.readTime(),
    now: () => serverTime.now(),
    keyFacts: () => queries.keyFacts(),
    prepareAccount: () => refuseAdjustedPrices(rest),
    async armDisconnectCancel(afterSeconds) {
      assert(!streams.areOpen, 'armDisconnectCancel must be called before connect: the private stream then subscribes to a topic for it');
      isDisconnectArmed = await armDisconnectCancel(rest, afterSeconds);
      return isDisconnectArmed;
    },
    instruments: (symbols) => Promise.all(symbols.map((symbol) => instruments.read(symbol))),
    feeRates: (symbol) => queries.feeRates(symbol),
    markPrice: (symbol) => queries.markPrice(symbol),
    orderBook: (symbol) => queries.orderBook(symbol),
    positionMode: (symbol) => queries.positionMode(symbol),
    openOrders: (scope = {}) => queries.openOrders(scope),
    findOrder: (order) => queries.findOrder(order),
    fills: (scope) => queries.fills(scope),
    funding: (scope) => queries.funding(scope),
    positions: (scope) => queries.positions(scope),
    wallet: () => queries.wallet(),
    place: (order, via) => entry.place(order, via),
    amend: (change, via) => entry.amend(change, via),
    cancel: (order, via) => entry.cancel(order, via),
    together: (send) => (wire.together === undefined ? send() : wire.together(send)),
    entries: () => entry.transports(),
    banMs: BAN_MS,
    probe: (via) => entry.probe(via),
    forceProbes: () => rest.gate.forceProbes(),
    cancelPort: cancelCalls(rest, (parameters) => entry.cancelEitherWay(parameters)),
    async connect(symbols, newListener) {
      assert(!streams.areOpen, 'connected already');
      listener = newListener;
      instruments.pin(symbols);
      const traded = symbols.map((symbol) => defined(instruments.known(symbol), `instrument ${symbol}`));
      await rest.readTime();
      await streams.open(traded, isDisconnectArmed, newListener);
      // When the exchange cannot be reached, the old estimate stays.
      stopRefreshingTime = every(clock, TIME_REFRESH_MS, () => void rest.time.sample().catch(() => undefined));
    },
    async close() {
      listener = undefined;
      streams.close();
      stopRefreshingTime?.();
      rest.sender.close();
      await wire.close();
    },
  };
}

interface Parts {
  readonly rest: Rest;
  readonly serverTime: ServerTime;
  readonly instruments: Instruments;
  readonly queries: Queries;
  readonly streams: Streams;
  readonly entry: OrderEntry;
}

/** `emit`: returns false when nobody listens yet. */
function partsOf(options: BybitOptions, emit: (event: ExchangeEvent) => boolean): Parts {
  const { wire, clock, random, credentials, restUrl, wsUrl, publicWsUrl = wsUrl, recvWindowMs, requestTimeoutMs } = options;
  assert(recvWindowMs > 0 && recvWindowMs <= 2000, 'recvWindowMs is from 1 to 2000');
  const { orderEntry = 'socket', tellsFees = true, beforeQuery, readAgain } = options;
  const redact = redactor([credentials.secret, credentials.apiKey]);
  const serverTime = new ServerTime(clock);
  const connection = { wire, clock, credentials, recvWindowMs, requestTimeoutMs, serverTime, redact };
  const rest = new Rest({
    ...connection,
    url: restUrl,
    beforeQuery,
    readAgain,
    onLimit: (observation) => emit({ type: 'limit', observation }),
    onAnswered: (error) => emit({ type: 'answered', via: 'http', error }),
  });
  const instruments = new Instruments(rest, clock);
  const rows = { instruments, odd: new OddRows((row) => emit({ type: 'oddRow', row })), positions: new PositionLots() };
  const queries = new Queries({ ...rows, rest, clock, serverTime, tellsFees });
  const entersBySocket = orderEntry === 'socket';
  const streams = new Streams({ ...connection, ...rows, random, wsUrl, publicWsUrl, entersBySocket, time: rest.time, emit });
  return { rest, serverTime, instruments, queries, streams, entry: new OrderEntry({ rest, instruments, streams }) };
}
