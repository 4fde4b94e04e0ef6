import { createCancelClient } from '../../../src/exchange/bybit/cancel/cancel-client.ts';
import type { Wire } from '../../../src/exchange/bybit/wire/wire.ts';
import type { CancelScope } from '../../../src/exchange/cancel-port.ts';
import { ExchangeError } from '../../../src/exchange/errors.ts';
import { cancelAll } from '../../../src/execution/cancel/cancel-all.ts';
import type { CancelAllRequest } from '../../../src/execution/cancel/cancel-request.ts';
import type { CancelReport } from '../../../src/execution/cancel/cancel-report.ts';
import { RateLimiter } from '../../../src/execution/limits/rate-limiter.ts';
import { lots, ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import type { Ledger } from '../../../src/simulator/ledger/ledger.ts';
import type { PlaceRequest } from '../../../src/simulator/venue/requests.ts';
import type { OrderVenue, Venue } from '../../../src/simulator/venue/venue.ts';
import { inProcessWire } from '../../../src/simulator/wire-in-process.ts';
import { at } from '../../../src/util/array.ts';
import { VirtualClock } from '../../../src/util/clock.ts';
import { defined } from '../../../src/util/assert.ts';
import { seededRandom } from '../../../src/util/random.ts';
import type { Fault } from '../wires/wire-faults.ts';

export { answering, isCancel, json, pathOf, THROTTLED, type Fault } from '../wires/wire-faults.ts';

/** The scopes that the command reads by default. */
export const EVERYTHING: readonly CancelScope[] = [
  { category: 'linear', settleCoin: 'USDT' },
  { category: 'linear', settleCoin: 'USDC' },
  { category: 'inverse' },
  { category: 'spot' },
  { category: 'option' },
];

export interface Scene {
  readonly venue: Venue;
  readonly ledger: Ledger;
  readonly clock: VirtualClock;
  /** Resting bids, spread over the symbols; ids begin with `prefix`. */
  rest(count: number, prefix?: string): void;
  /** The same on the pairs of the spot market. */
  restSpot(count: number, prefix?: string): void;
  /** A conditional order that waits for a price. */
  restStop(): void;
  /** The market sells into the best of the resting bids, all of it; false when none is left. */
  takeBest(): boolean;
  /** Our ids of all that is open, by the exchange's own record. */
  open(): string[];
  cancel(request?: Partial<CancelAllRequest>): Promise<CancelReport | ExchangeError>;
}

export interface SceneOptions {
  readonly spotSymbols?: readonly string[];
  /** No socket can be opened. */
  readonly deadSockets?: boolean;
  /** Subscriptions are confirmed, but no topic is ever sent. */
  readonly deafSockets?: boolean;
}

/** An account with resting orders on an embedded exchange without background flow, and the cancel port on the same wire format in virtual time. */
export function cancelScene(
  seed: string,
  symbols: readonly string[],
  fault: Fault = (_, pass) => pass(),
  { spotSymbols = [], deadSockets = false, deafSockets = false }: SceneOptions = {},
): Scene {
  const clock = new VirtualClock(1_767_225_600_000);
  const random = seededRandom(seed);
  const embedded = createEmbeddedExchange({ clock, random: random.fork('exchange'), symbols, spotSymbols, market: 'calm', accounts: 2 });
  const { venue } = embedded;
  const faults = random.fork('wire faults');
  const inner = inProcessWire(embedded.surface, clock);
  const wire: Wire = {
    ...inner,
    request: (request, signal) => fault(request, () => inner.request(request, signal), faults),
    open: (url, listener) =>
      inner.open(deadSockets ? 'ws://embedded/nowhere' : url, {
        ...listener,
        onMessage: (message) => {
          if (!deafSockets || message.json?.['topic'] === undefined) listener.onMessage(message);
        },
      }),
  };
  let ids = 0;
  const place = (on: OrderVenue, names: readonly string[], i: number, prefix: string, more: Partial<PlaceRequest> = {}): void => {
    const symbol = at(names, i % names.length);
    const { markPrice, instrument } = defined(on.market(symbol), symbol);
    const price = ticks(Math.floor(markPrice * 0.995) - Math.floor(i / names.length));
    const quantity = lots(Math.max(instrument.minQuantity, Math.ceil(instrument.minNotional / price)));
    const terms = { type: 'limit', timeInForce: 'PostOnly', reduceOnly: false, side: 'buy' } as const;
    const outcome = on.place(0, { ...terms, symbol, price, quantity, orderLinkId: `${prefix}${(ids += 1)}`, ...more });
    if (!outcome.ok) throw new Error(outcome.message);
  };
  return {
    venue,
    clock,
    ledger: venue.ledger(0),
    rest(count, prefix = 'mm-test-') {
      for (let i = 0; i < count; i += 1) place(venue, symbols, i, prefix);
    },
    restSpot(count, prefix = 'mm-test-') {
      for (let i = 0; i < count; i += 1) place(defined(embedded.spot, 'a spot market'), spotSymbols, i, prefix);
    },
    restStop() {
      const symbol = at(symbols, 0);
      const price = ticks(Math.ceil(defined(venue.market(symbol), symbol).markPrice * 1.05));
      place(venue, symbols, 0, 'stop-', { trigger: { price, direction: 'rise', by: 'last' } });
    },
    takeBest() {
      const [best] = venue.openOrders(0).toSorted((a, b) => b.price - a.price);
      if (best === undefined) return false;
      const { symbol, price, quantity } = best;
      const terms = { type: 'limit', timeInForce: 'IOC', reduceOnly: false, side: 'sell', orderLinkId: '' } as const;
      return venue.place(1, { ...terms, symbol, price, quantity }).ok && venue.findOrder(0, best)?.status === 'Filled';
    },
    open: () => [...venue.openOrders(0), ...(embedded.spot?.openOrders(0) ?? [])].map(({ orderLinkId }) => orderLinkId),
    async cancel(request = {}) {
      const limits = { create: 10, amend: 10, cancel: 10, cancelBatch: 10, cancelAll: 10, query: 40 };
      const limiter = new RateLimiter(clock, limits);
      const client = createCancelClient({
        wire,
        clock,
        random: random.fork('client'),
        credentials: at(embedded.keys, 0),
        restUrl: 'http://embedded',
        wsUrl: 'ws://embedded',
        recvWindowMs: 2000,
        requestTimeoutMs: 1500,
        beforeQuery: async () => void (await limiter.acquire('query')),
        beforeResend: async () => void (await limiter.acquire('cancel')),
        onLimit: (observation) => limiter.observe(observation),
      });
      const work = cancelAll(
        {
          trigger: 'operator',
          scopes: [{ category: 'linear', settleCoin: 'USDT' }],
          isTarget: () => true,
          includeStops: false,
          perOrder: false,
          lateCreateDeadline: clock.monotonic() + 3250,
          deadlineMs: 60_000,
          ...request,
        },
        { port: client.port, clock, limiter },
      ).catch((error: unknown) => {
        if (error instanceof ExchangeError) return error;
        throw error;
      });
      const report = await clock.run(work);
      await client.close();
      embedded.stop();
      return report;
    },
  };
}
