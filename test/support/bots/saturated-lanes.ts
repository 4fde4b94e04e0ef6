import { tradingLimiter } from '../../../src/wiring/limiters.ts';
import { BAN_MS } from '../../../src/exchange/bybit/codec/limits.ts';
import { Breakers } from '../../../src/execution/limits/breakers.ts';
import { OrderGateway } from '../../../src/execution/orders/order-gateway.ts';
import { OrderStore } from '../../../src/execution/orders/order-store.ts';
import type { Instrument } from '../../../src/model/instrument.ts';
import { ATOMS_PER_COIN, lots, ticks, type Lots, type Ticks } from '../../../src/model/units.ts';
import { createEmbeddedExchange } from '../../../src/simulator/embedded-exchange.ts';
import type { LedgerBucket } from '../../../src/simulator/ledger/ledger.ts';
import { at } from '../../../src/util/array.ts';
import { defined } from '../../../src/util/assert.ts';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';
import { seededRandom } from '../../../src/util/random.ts';
import { approved } from '../builders/approved.ts';
import { TEN_SYMBOLS } from '../cancel/cancel-cells.ts';
import { inProcessExchange } from '../exchange/in-process-exchange.ts';
import { settingsOf } from './virtual-soak.ts';
import { NO_JOURNAL } from '../../../src/store/no-journal.ts';
import { observerOf } from '../builders/observers.ts';

const STEP_MS = 10;
const MOST_RESTING = 200;
const ORDER_USD = 20;
const SETTINGS = settingsOf('s1');

/**
 * Every order lane wants more than it gets, all the time: gateway, limiter and adapter on ten symbols of an exchange with
 * realistic delays and without background flow. What it counted of creates, amends and cancels.
 */
export function saturateLanes(seconds: number, seed: string): Promise<readonly LedgerBucket[]> {
  const clock = new VirtualClock(1_767_225_600_000);
  return clock.run(run(clock, seconds, seed));
}

async function run(clock: VirtualClock, seconds: number, seed: string): Promise<readonly LedgerBucket[]> {
  const random = seededRandom(seed);
  const embedded = createEmbeddedExchange({ clock, random: random.fork('exchange'), symbols: TEN_SYMBOLS, market: 'calm' });
  const limiter = tradingLimiter(clock, SETTINGS.execution.opsPerSecond);
  const breakers = new Breakers(clock, random.fork('breakers'), BAN_MS);
  const exchange = inProcessExchange(embedded, { clock, random, settings: SETTINGS, limiter });
  const faults: unknown[] = [];
  const store = new OrderStore();
  const ignore = (): void => undefined;
  const journal = NO_JOURNAL;
  const shared = {
    exchange,
    store,
    states: new Map(),
    journal,
    clock,
    record: ignore,
    onFault: (error: unknown) => void faults.push(error),
  };
  const observer = observerOf({ ...shared, limiter, breakers });
  const gateway = new OrderGateway({ ...shared, limiter, breakers, queueDeadlineMs: 250, confirmWithinMs: 5000, askAbout: ignore });
  const instruments = new Map((await exchange.instruments(TEN_SYMBOLS)).map((each) => [each.symbol, each]));
  await exchange.connect(TEN_SYMBOLS, (event) => observer.observe(event));
  let orders = 0;
  const instrumentOf = (symbol: string): Instrument => defined(instruments.get(symbol), symbol);
  const terms = (symbol: string): { price: Ticks; quantity: Lots } => {
    const { markPrice } = defined(embedded.venue.market(symbol), symbol);
    const { atomsPerTickLot } = instrumentOf(symbol);
    const price = ticks(Math.floor(markPrice * 0.96) - (orders % 50));
    return { price, quantity: lots(Math.ceil((ORDER_USD * ATOMS_PER_COIN) / (price * atomsPerTickLot))) };
  };
  const newOrder = () => {
    orders += 1;
    const symbol = at(TEN_SYMBOLS, orders % TEN_SYMBOLS.length);
    const clientOrderId = `mm-s-${orders.toString(36)}`;
    const order = { symbol, clientOrderId, side: 'buy' as const, ...terms(symbol), postOnly: true, reduceOnly: false };
    return approved(order, instrumentOf(symbol));
  };
  const until = clock.monotonic() + seconds * 1000;
  while (clock.monotonic() < until) {
    const free = store.live().filter(({ state, change }) => state.tag === 'open' && change.kind === 'none');
    const room = store.live().length < MOST_RESTING ? limiter.room('create') : 0;
    const cancels = free.splice(0, free.length > MOST_RESTING / 4 ? limiter.room('cancel') : 0);
    const amends = free.splice(0, limiter.room('amend')).map(({ symbol, clientOrderId, price, quantity }) => {
      return approved({ symbol, clientOrderId, price: ticks(price - 1), quantity }, instrumentOf(symbol));
    });
    gateway.execute({ cancels, amends, places: Array.from({ length: room }, newOrder) });
    await sleep(clock, STEP_MS);
  }
  const { buckets } = embedded.venue.ledger(0).counts();
  await exchange.close();
  embedded.stop();
  if (faults.length > 0) throw faults[0];
  return buckets.filter(({ endpoint }) => /^\/v5\/order\/(create|amend|cancel)$/.test(endpoint));
}

/** Share of what the settings allow. */
export function usedOf({ arrived }: LedgerBucket, seconds: number): number {
  return arrived / seconds / SETTINGS.execution.opsPerSecond;
}
